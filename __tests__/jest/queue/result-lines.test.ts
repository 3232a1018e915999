/** Lines of a blob for the database: whole, in pieces that fit together again, and never without end. */
import { inflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { FileRecord } from '../../../src/blob/blob';
import { parseBlobLine } from '../../../src/blob/blob-lines';
import type { JestTest, JestTestResult } from '../../../src/jest/host/jest-types';
import { createResultLines, type ResultLinesInit } from '../../../src/jest/queue/result-lines';
import { fileKey } from '../../../src/plan/item';
import { headerOf, planOf, recordOf } from '../../proof/run';

const FILES = ['a.test.js', 'b.test.js'];
const HEADER = headerOf(
  1,
  planOf(
    FILES.map((path) => ({ path, node: 1 })),
    1,
  ),
  FILES,
);
const TREE = { dirty: false, algorithm: 'sha1', files: ['1234', null], configs: [], settings: null } as const;
const RUN = { attempt: 1, claimNumber: 1, part: null, inherited: false };
const coverage = { path: 'src/s.js', hash: 'h', statementMap: {}, fnMap: {}, branchMap: {}, s: {}, f: {}, b: {} };

/** @param texts what each file printed, in the order of `FILES`. */
function keeperOf(texts: readonly string[], limits: Partial<ResultLinesInit> = {}) {
  const notices: string[] = [];
  const keeper = createResultLines({
    header: HEADER,
    notice: (text) => notices.push(text),
    prepare: ({ path }, _result, queue): FileRecord => {
      const record = recordOf(path);
      const result = {
        ...record.result,
        console: [{ message: texts[FILES.indexOf(path)] ?? '', origin: '', type: 'log' }],
      };
      return { ...record, result, queue, coverage: { babel: { 'src/s.js': coverage }, v8: null } };
    },
    ...limits,
  });
  const keep = (path: string) =>
    keeper.keep({ path } as JestTest, {} as JestTestResult, RUN, fileKey({ project: null, path })) ?? {
      sources: null,
      lines: null,
    };
  return { keeper, keep, notices };
}

const unpack = (packed: string | null): string =>
  packed === null ? '' : inflateRawSync(Buffer.from(packed, 'base64')).toString();

/** Without pattern: deflate makes it no shorter. */
const noise = (length: number) => Array.from({ length }, (_, index) => Math.sin(index).toString(36)).join('');

test('what is kept is a blob that can be read', () => {
  const { keeper, keep, notices } = keeperOf(['x', 'y']);
  const begun = keeper.begin(TREE);
  const [a, b] = [keep('a.test.js'), keep('b.test.js')];
  expect(b.sources).toBeNull();
  const text = [begun.head, begun.inputs, a.sources, a.lines, b.lines].map(unpack).join('');
  const lines = text.trimEnd().split('\n');
  const kinds = lines.map((line, index) => parseBlobLine(line, { file: 'kept', line: index + 1 }).kind);
  expect(kinds).toEqual(['run', 'inputs', 'tree', 'source', 'coverage', 'file', 'coverage', 'file']);
  expect(JSON.parse(lines[5] as string)).toMatchObject({ queue: RUN, file: { path: 'a.test.js' } });
  expect(keeperOf([]).keeper.begin(TREE).inputsDigest).toBe(begun.inputsDigest);
  expect(notices).toEqual([]);
});

test('a result that is too large is left out, with a word', () => {
  const { keep, notices } = keeperOf(['', noise(5000)], { mostOfResult: 20_000 });
  expect(keep('a.test.js').lines).not.toBeNull();
  expect(keep('b.test.js').lines).toBeNull();
  expect(notices).toEqual([
    expect.stringMatching(
      /^the result of b\.test\.js is \d+ kB, so it is not in the database: the merge needs the report folder of this node$/,
    ),
  ]);
  expect(keep('a.test.js').lines).not.toBeNull();
});

test('a node that had too much keeps nothing more: later results could refer to what is not there', () => {
  const { keep, notices } = keeperOf([noise(5000), ''], { mostOfNode: 20_000 });
  expect(keep('a.test.js').lines).toBeNull();
  expect(keep('b.test.js').lines).toBeNull();
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(/^the results of this node exceed 20 kB, from a\.test\.js on, so/);
});
