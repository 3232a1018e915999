/**
 * Blobs that nobody of ours wrote: artifacts of forks, broken uploads. Whatever stands in them is a finding or makes no
 * difference; nothing throws, hangs or fills the memory.
 */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FileRecord, JsonObject, StoredCoverage } from '../../src/blob/blob';
import { buildReport } from '../../src/cli/merging/merge-outputs';
import { openBlob } from '../../src/files/blob-file';
import { type GatheredRun, gatherRun } from '../../src/files/load-run';
import { openRecords, prepareReplay } from '../../src/jest/replay/replay-source';
import { reportPage } from '../../src/reports/page/report-page';
import { summaryLines } from '../../src/reports/run-report/summary-lines';
import { summaryMarkdown } from '../../src/reports/run-report/summary-markdown';
import { endOf, exitOf, headerOf, partOf, plainTree, planOf, recordOf, resultOf } from '../proof/run';

const terminal = { columns: 80, color: false, unicode: true, interactive: false };

const location = { start: { line: 1, column: 0 }, end: { line: 1, column: null } };
const babel: StoredCoverage = {
  babel: {
    '<jd:rootDir>/a.js': {
      ...{ path: '<jd:rootDir>/a.js', hash: 'abc', s: { '0': 1 }, f: { '0': 2 }, b: { '0': [1, 0] } },
      statementMap: { '0': location },
      fnMap: { '0': { name: 'f', decl: location, loc: location, line: 1 } },
      branchMap: { '0': { type: 'if', locations: [location], loc: location } },
      inputSourceMap: { version: 3, sources: ['a.ts'], mappings: 'AAAA', names: [] },
    } as JsonObject,
  },
  v8: null,
};

function failedRecord(file: string): FileRecord {
  const result = resultOf(file);
  const failed = {
    ...{ ancestorTitles: ['cart'], title: 'adds', fullName: 'cart adds', status: 'failed', duration: 3 },
    ...{ failureDetails: [{ matcherResult: { pass: false } }], retryReasons: ['again'], invocations: 2 },
    failureMessages: [`Error: no\n    at f (<jd:rootDir>/${file}:1:2)`],
    ...{ location: { line: 1, column: 2 }, numPassingAsserts: 1 },
  };
  const entry = { type: 'log', message: 'hello', origin: `    at f (<jd:rootDir>/${file}:1:2)` };
  return recordOf(file, {
    ...{
      coverage: babel,
      worker: 1,
      cases: [0, { ...failed, status: 'passed' }],
      starts: [
        [0, 0, 1, 'only'],
        [{ title: 'x' }, 1],
      ],
    },
    result: {
      ...result,
      ...{ numFailingTests: 1, numPassingTests: 0, failureMessage: '  ● cart › adds\n\n    no', console: [entry] },
      ...{ displayName: { name: 'unit', color: 'blue' }, openHandles: [], testResults: [failed] },
    },
  });
}

/** Two nodes, with all that a blob may hold; gives their paths. */
function writeRun(dir: string): [string, string] {
  const found = ['a.test.js', 'b.test.js', 'c.test.js', 'd.test.js'];
  const [first, second, third, fourth] = found as [string, string, string, string];
  const plan = planOf(
    [
      { path: first, node: 1 },
      { path: second, node: 2 },
      { path: third, node: 1, part: 'p1' },
      { path: third, node: 2, part: 'p2' },
      { path: fourth, node: 2 },
    ],
    2,
  );
  const write = (node: number, records: readonly FileRecord[]) => {
    const header = headerOf(node, { ...plan, hashBy: 'auto' }, found);
    const blob = openBlob(dir, header);
    for (const record of records) blob.file(record);
    blob.tree(plainTree(header));
    blob.end(endOf());
    blob.exit(exitOf());
    return blob.path;
  };
  const error = { message: 'boom', stack: 'Error: boom\n    at <jd:rootDir>/d.test.js:1:1', name: 'Error' };
  const crashed = { ...resultOf(fourth, []), numPassingTests: 0 };
  return [
    write(1, [recordOf(first, { coverage: babel }), partOf(third, ['p1'], ['x', 'y'], ['x'])]),
    write(2, [
      failedRecord(second),
      partOf(third, ['p2'], ['x', 'y'], ['y']),
      recordOf(fourth, { execError: error, result: crashed, cases: [] }),
    ]),
  ];
}

let dir: string;
let blobs: [string, string];
beforeEach(() => {
  dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'hostile-')));
  blobs = writeRun(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const messages = ({ verdict }: GatheredRun): string => verdict.findings.map(({ message }) => message).join('\n');

const HERE = { workingDir: '/here', projectDir: '/here', rootDir: '/here', repositoryDir: null };

/** All that verify and merge do with blobs besides Jest's own replay. */
function readAll(): GatheredRun {
  const run = gatherRun([dir], { expectNodes: 2 });
  const { report } = buildReport(run, HERE, { exitCode: 0, problems: [] });
  summaryLines(report, terminal);
  summaryMarkdown(report);
  reportPage(report, { script: '', styles: '' });
  const source = prepareReplay(run, dir);
  const records = openRecords(source, HERE);
  for (const file of source.files) records.read(file);
  records.close();
  return run;
}

/** Of a source that istanbul's coverage describes. */
const V8_COVERAGE = '"babel":null,"v8":[{"source":0,"result":{"url":"x","functions":[]}}]';

describe('lines that are not as ours', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(null, -1, 0.5, 1e300, 8.64e15 + 1, 2 ** 53, '', '../../x', '/etc/passwd', '\0', true),
    fc.constantFrom<unknown>([], {}, [[]], [null], { '0': null }, JSON.parse('{"__proto__":{"x":1}}'), 'constructor'),
  );

  /** Puts a value in the place that `turns` leads to, or removes what is there. */
  function change(value: unknown, turns: readonly number[], put: (old: unknown) => unknown): unknown {
    const [turn, ...rest] = turns;
    if (typeof value !== 'object' || value === null || turn === undefined) return put(value);
    const names = Object.keys(value);
    const name = names[turn % Math.max(1, names.length)];
    if (name === undefined) return put(value);
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    const changed = change(copy[name], rest, put);
    if (changed === undefined) delete copy[name];
    else copy[name] = changed;
    return copy;
  }

  test('of every wrong type in every place', () => {
    const texts = blobs.map((blob) => readFileSync(blob, 'utf8').trimEnd().split('\n'));
    fc.assert(
      fc.property(
        fc.nat(1),
        fc.nat(20),
        fc.array(fc.nat(20), { maxLength: 8 }),
        fc.option(anything, { nil: undefined }),
        (which, line, turns, value) => {
          const lines = [...(texts[which] as string[])];
          const at = line % lines.length;
          const changed = change(JSON.parse(lines[at] as string), turns, () => value);
          lines[at] = JSON.stringify(changed) ?? '';
          writeFileSync(blobs[which] as string, `${lines.join('\n')}\n`);
          expect(typeof readAll().verdict.ok).toBe('boolean');
          writeFileSync(blobs[which] as string, `${(texts[which] as string[]).join('\n')}\n`);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of a plan with more workers than a plan can have', () => {
    const blob = blobs[0] as string;
    const lines = readFileSync(blob, 'utf8').split('\n');
    const inputs = JSON.parse(lines[1] as string) as { plan: object };
    lines[1] = JSON.stringify({ ...inputs, plan: { ...inputs.plan, workers: 8.64e15 } });
    writeFileSync(blob, lines.join('\n'));
    const { verdict } = readAll();
    expect(verdict.ok).toBe(false);
    expect(verdict.findings.map(({ message }) => message).join('\n')).toMatch(
      /plan\.workers must be a whole number from 1 to 10000/,
    );
  });

  test('with bytes changed, lost or doubled', () => {
    const texts = blobs.map((blob) => readFileSync(blob));
    fc.assert(
      fc.property(fc.nat(1), fc.nat(), fc.nat(200), fc.uint8Array({ maxLength: 8 }), (which, at, length, bytes) => {
        const text = texts[which] as Buffer;
        const from = at % text.length;
        const spliced = Buffer.concat([text.subarray(0, from), Buffer.from(bytes), text.subarray(from + length)]);
        writeFileSync(blobs[which] as string, spliced);
        expect(typeof readAll().verdict.ok).toBe('boolean');
        writeFileSync(blobs[which] as string, text);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['nodes', '"nodes":2,', '"nodes":1000000000,', 'must be a whole number from 1 to 10000 and is 1000000000'],
    ['status', '"status":"failed"', '"status":5', 'result.testResults[0].status must be a text'],
    ['time', '"startMs":1750000000000', '"startMs":9e15', 'startMs must be a number of milliseconds'],
    ['path', '"path":"b.test.js"', '"path":"/etc/passwd"', 'file.path must be a path relative to the root'],
    ['climb', '"path":"b.test.js"', '"path":"b/../../x"', 'file.path must be a path relative to the root'],
  ])('are named with the field: %s', (_name, from, to, message) => {
    const [, second] = blobs;
    writeFileSync(second, readFileSync(second, 'utf8').replaceAll(from, to));
    const run = readAll();
    expect(run.verdict.ok).toBe(false);
    expect(messages(run)).toContain(message);
    expect(messages(run)).toContain(`of the blob ${second}`);
  });

  test.each([
    [
      'counters',
      '"s":[1]',
      '"s":{"0":"1"}',
      /^Line 4 of the blob \S+ lacks .*: babel\[0\]\[1\]\.s\["0"\] must be a number/,
    ],
    [
      'another source',
      '"babel":[[0,',
      '"babel":[[7,',
      /^Line 4 .*refers to source 7, which no line before it describes/,
    ],
    [
      'another provider',
      '"babel":[[0,{"s":[1],"f":[2],"b":[[1,0]]}]],"v8":null',
      V8_COVERAGE,
      /^Line 4 .*uses source 0 with the other coverage provider/,
    ],
    ['no coverage', '"hasCoverage":true', '"hasCoverage":false', /^Line 5 .*follows the coverage of another file/],
    [
      'a source twice',
      '{"kind":"coverage"',
      '{"kind":"source","id":0,"data":{"path":"x","statementMap":{}}}\n{"kind":"coverage"',
      /^Line 4 .*describes source 0 a second time/,
    ],
    ['contents', '"files":[null,', '"files":[', /^Line 7 .*names the contents of 3 of 4 test files found/],
  ])('of coverage and checkout are found by whoever reads the blob: %s', (_name, from, to, message) => {
    const [first] = blobs;
    const text = readFileSync(first, 'utf8');
    expect(text).toContain(from);
    writeFileSync(first, text.replace(from, to));
    const [finding] = readAll().verdict.findings;
    expect([finding?.code, finding?.message]).toEqual(['unreadable-blob', expect.stringMatching(message)]);
  });

  test('of which any is taken out', () => {
    const [first] = blobs;
    const lines = readFileSync(first, 'utf8').trimEnd().split('\n');
    const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(['run', 'inputs', 'source', 'coverage', 'file', 'file', 'tree', 'end', 'exit']);
    const found = kinds.map((_, gone) => {
      writeFileSync(first, `${lines.filter((_line, index) => index !== gone).join('\n')}\n`);
      const { findings } = readAll().verdict;
      return findings
        .filter(({ severity, code }) => severity === 'error' && code !== 'file-failed')
        .map(({ message }) => message)[0];
    });
    expect(found.map((message) => message?.replaceAll(first, 'BLOB').replace(/ \(killed, [^)]*\)/, ''))).toEqual([
      expect.stringContaining('Line 1 of the blob BLOB is not the first line of a jest-distributed blob.'),
      expect.stringContaining('Line 2 of the blob BLOB does not contain the files found and the plan.'),
      expect.stringContaining('Line 3 of the blob BLOB refers to source 0, which no line before it describes.'),
      expect.stringContaining('Line 4 of the blob BLOB has no line with its coverage.'),
      expect.stringContaining('Line 5 of the blob BLOB follows the coverage of another file.'),
      'The blob of node 1 holds 1 file, but its end counts 2.',
      'The blob of node 1 has no line with the contents of its checkout (tree).',
      'Node 1 was cut short: its process ended with exit code 0 during its run; it had finished 2 files.',
      'Node 1 was cut short: its tests were over, but its process did not end by itself; it had finished 2 files.',
    ]);
  });

  test('nested too deep', () => {
    const [, second] = blobs;
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    writeFileSync(second, readFileSync(second, 'utf8').replace('"openHandles":[]', `"openHandles":${deep}`));
    const run = readAll();
    expect(run.verdict.ok).toBe(false);
    expect(messages(run)).toContain('is nested deeper than 500 levels');
  });

  test('longer than any of ours: no more of it is read than that', () => {
    const [, second] = blobs;
    truncateSync(second, 700 << 20);
    const run = readAll();
    expect(run.verdict.ok).toBe(false);
    expect(messages(run)).toMatch(/Line \d+ of the blob .* is longer than 128 MiB/);
  });
});

describe('what is only called like a blob', () => {
  test('a folder, a pipe, a socket, a link to elsewhere and a link to nothing are findings', async () => {
    const at = (name: string) => path.join(dir, name);
    const outside = mkdtempSync(path.join(tmpdir(), 'outside-'));
    writeFileSync(path.join(outside, 'secret'), '{"kind":"run"}\n');
    mkdirSync(at('folder.jsonl'));
    execFileSync('mkfifo', [at('pipe.jsonl')]);
    symlinkSync(path.join(outside, 'secret'), at('link.jsonl'));
    symlinkSync(at('nothing'), at('broken.jsonl'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('s.jsonl'), resolve));
    const run = readAll();
    await new Promise((resolve) => server.close(resolve));
    rmSync(outside, { recursive: true });
    expect(run.verdict.ok).toBe(false);
    expect(run.verdict.findings.filter(({ code }) => code === 'unreadable-blob').map(({ message }) => message)).toEqual(
      [
        `${at('broken.jsonl')} does not exist: no blob.`,
        `${at('folder.jsonl')} is a folder: no blob.`,
        `${at('link.jsonl')} is a symbolic link to a path outside the artifact folder: no blob.`,
        `${at('pipe.jsonl')} is a named pipe: no blob.`,
        `${at('s.jsonl')} is a socket: no blob.`,
      ],
    );
  });

  test('a link inside the folder is followed', () => {
    const [first] = blobs;
    const moved = path.join(dir, 'store');
    mkdirSync(moved);
    execFileSync('mv', [first, path.join(moved, 'one')]);
    symlinkSync(path.join(moved, 'one'), first);
    // Only what the run itself has: one of its files failed to run.
    expect(readAll().verdict.findings.map(({ code }) => code)).toEqual(['file-failed']);
  });
});
