import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, StoredCoverage, V8Entry } from '../../src/blob/blob';
import { BLOB_FORMAT } from '../../src/blob/blob';
import { createBlobEncoder, parseBlobLine, peekKind } from '../../src/blob/blob-lines';
import { createCoveragePacker, unpackCoverage } from '../../src/blob/coverage-sources';
import { packInputs, unpackInputs } from '../../src/blob/plan-line';
import { fileKey } from '../../src/plan/item';
import { endOf, fileOf, headerOf, planOf, recordOf } from '../proof/run';

const header = headerOf(1, planOf([{ path: 'a.test.js', node: 1 }], 1), ['a.test.js']);
const place = (line: number) => ({ file: 'report/node-1-of-1.jsonl', line });

const shape: JsonObject = {
  path: '<jd:rootDir>/a.js',
  statementMap: { '0': { start: { line: 1, column: 0 } } },
  fnMap: {},
  branchMap: { '0': { type: 'if' } },
  hash: 'abc',
};
const counted = (s: number, b: number): StoredCoverage => ({
  babel: { '<jd:rootDir>/a.js': { ...shape, s: { '0': s }, f: {}, b: { '0': [b, 0] } } },
  v8: null,
});

describe('lines', () => {
  test('say what was recorded', () => {
    const encoder = createBlobEncoder(header);
    const record = recordOf('a.test.js');
    const [head, inputs] = encoder.header.trim().split('\n') as [string, string];
    const { found, plan, ...identity } = header;
    expect(parseBlobLine(head, place(1))).toEqual({ kind: 'run', identity: { format: BLOB_FORMAT, ...identity } });
    expect(parseBlobLine(inputs, place(2))).toEqual({ kind: 'inputs', inputs: { found, plan } });
    const { coverage, ...plain } = record;
    expect(parseBlobLine(encoder.file(record), place(3))).toEqual({
      kind: 'file',
      file: { ...plain, hasCoverage: false },
    });
    expect(parseBlobLine(encoder.end(endOf()), place(4))).toEqual({ kind: 'end', end: { ...endOf(), files: 1 } });
  });

  test('a shape of coverage is said once', () => {
    const encoder = createBlobEncoder(header);
    const kinds = [counted(1, 2), counted(3, 4)].map((coverage) =>
      encoder.file(recordOf('a.test.js', { coverage })).trim().split('\n').map(peekKind),
    );
    expect(kinds).toEqual([
      ['source', 'coverage', 'file'],
      ['coverage', 'file'],
    ]);
  });

  test('kinds and fields of a newer minor version are passed over', () => {
    expect(parseBlobLine('{"kind":"weather","sun":true}', place(4))).toEqual({ kind: 'unknown' });
    const newer = { kind: 'run', ...header, format: { ...BLOB_FORMAT, minor: 7 }, added: true };
    expect(parseBlobLine(JSON.stringify(newer), place(1))).toMatchObject({ kind: 'run' });
  });

  test('an older major version is refused by name', () => {
    const older = { kind: 'run', ...header, format: { ...BLOB_FORMAT, major: 1, minor: 0 } };
    expect(() => parseBlobLine(JSON.stringify(older), place(1))).toThrow(
      'The blob report/node-1-of-1.jsonl has format 1.0 (written by jest-distributed 0.1.0); this version reads 2.x only.\n  Use the same version of jest-distributed for merging as on the nodes; if the blob is left over from an earlier run, remove it.',
    );
  });

  test('a newer major version cannot be read', () => {
    const newer = { kind: 'run', ...header, packageVersion: '9.0.0', format: { ...BLOB_FORMAT, major: 3, minor: 0 } };
    expect(() => parseBlobLine(JSON.stringify(newer), place(1))).toThrow(
      'The blob report/node-1-of-1.jsonl has format 3.0 (written by jest-distributed 9.0.0); this version reads up to 2.x.\n  Use the same version of jest-distributed for merging as on the nodes.',
    );
  });

  test.each([
    ['{"kind":"file"', 5, 'Line 5 of the blob report/node-1-of-1.jsonl is not JSON.'],
    ['[]', 5, 'is not an object'],
    ['{"kind":"file","file":{}}', 5, 'lacks required fields of a test file'],
    ['{"kind":"file"}', 1, 'is not the first line of a jest-distributed blob'],
    ['{"kind":"run"}', 1, 'is not the first line of a jest-distributed blob'],
    [`{"kind":"run","format":${JSON.stringify(BLOB_FORMAT)}}`, 1, 'lacks required fields of the run'],
    [`{"kind":"run","format":${JSON.stringify(BLOB_FORMAT)}}`, 3, 'begins a second run'],
    ['{"kind":"file"}', 2, 'does not contain the files found and the plan'],
    ['{"kind":"inputs","found":null,"plan":null}', 2, 'lacks the files found and the plan'],
  ])('%s in line %i', (text, line, message) => {
    expect(() => parseBlobLine(text, place(line))).toThrow(message);
  });
});

describe('what was found and planned', () => {
  const file = fc.record({
    project: fc.option(fc.constantFrom('web', 'api')),
    path: fc.constantFrom('a', 'b', 'c', 'd'),
  });

  test('comes back, whatever was found', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(file, { selector: (one) => fileKey(one) }),
        fc.option(fc.constantFrom('p1', 'p2')),
        (found, part) => {
          const pieces = ['a', 'b'].map((path) => ({ path, node: 1, ...(part !== null && { part }) }));
          const inputs = { found, plan: planOf(pieces, 1) };
          const back = unpackInputs(JSON.parse(JSON.stringify(packInputs(inputs))));
          expect(back.plan).toEqual(inputs.plan);
          expect(new Set(back.found.map((one) => fileKey(one)))).toEqual(new Set(found.map((one) => fileKey(one))));
        },
      ),
    );
  });

  test('files are written once where all are planned, and kept apart where they are not', () => {
    const plan = planOf([{ path: 'a.js', node: 1 }], 1);
    expect(packInputs({ found: [fileOf('a.js')], plan }).found).toBeNull();
    expect(packInputs({ found: [fileOf('a.js'), fileOf('b.js')], plan }).found).toHaveLength(2);
    expect(packInputs({ found: [], plan }).found).toEqual([]);
    expect(packInputs({ found: [], plan: null }).found).toEqual([]);
  });
});

describe('coverage', () => {
  const roundTrip = (coverages: readonly StoredCoverage[]): StoredCoverage[] => {
    const packer = createCoveragePacker();
    const sources = new Map<number, JsonObject>();
    return coverages.map((coverage) => {
      const { sources: lines, packed } = packer.pack(coverage);
      for (const { id, data } of lines) sources.set(id, data);
      return unpackCoverage(JSON.parse(JSON.stringify(packed)), (id) => sources.get(id) as JsonObject);
    });
  };

  test('of Istanbul comes back, whatever its counters', () => {
    const counters = fc.dictionary(fc.oneof(fc.constantFrom('0', '1', '2', '3'), fc.string()), fc.nat());
    const data = fc.record({
      s: counters,
      f: counters,
      b: fc.dictionary(fc.constantFrom('0', '1'), fc.array(fc.nat())),
    });
    fc.assert(
      fc.property(fc.array(data, { maxLength: 4 }), (list) => {
        const coverages = list.map((one) => ({ babel: { 'a.js': { ...shape, path: 'a.js', ...one } }, v8: null }));
        expect(roundTrip(coverages)).toEqual(JSON.parse(JSON.stringify(coverages)));
      }),
    );
  });

  test('of V8 comes back, and two codes of one file stay two', () => {
    const entry = (code: string): V8Entry => ({
      result: { url: 'a.js', functions: [{ ranges: [code.length] }] },
      transform: { code, originalCode: 'o', wrapperLength: 62, sourceMap: { mappings: 'A' } },
    });
    const plain: V8Entry = { result: { url: 'b.js' }, transform: null };
    const coverages = [[entry('one'), plain], [entry('two')], [entry('one')]].map((v8) => ({ babel: null, v8 }));
    expect(roundTrip(coverages)).toEqual(coverages);
  });
});
