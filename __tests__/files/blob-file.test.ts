/** Blobs on disk: written so that a death costs nothing that was done, read whatever state they are in. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BlobHeader, FileRecord, StoredCoverage } from '../../src/blob/blob';
import { toLocal } from '../../src/blob/portable-paths';
import { blobPath, openBlob, refuseSecondResult } from '../../src/files/blob-file';
import { listBlobs } from '../../src/files/blob-list';
import { openBlobReader } from '../../src/files/blob-reader';
import { type GatheredRun, gatherRun } from '../../src/files/load-run';
import { endOf, exitOf, headerOf, labelled, plainTree, planOf, recordOf, resultOf, runOf } from '../proof/run';

const FOUND = ['a.test.js', 'b.test.js', 'c.test.js'];
const PLAN = planOf(
  FOUND.map((file, index) => ({ path: file, node: index === 0 ? 1 : 2 })),
  2,
);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'blob-file-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Both nodes of a whole run; gives the paths of their blobs. */
function writeRun(change: (record: FileRecord) => FileRecord = (record) => record): [string, string] {
  const write = (node: number, files: readonly string[]) => {
    const header = headerOf(node, PLAN, FOUND);
    const blob = openBlob(dir, header);
    for (const file of files) blob.file(change(recordOf(file)));
    blob.tree(plainTree(header));
    blob.end(endOf());
    blob.exit(exitOf());
    return blob.path;
  };
  return [write(1, FOUND.slice(0, 1)), write(2, FOUND.slice(1))];
}

/** A checkout all of whose files may be shown. */
const here = { toLocal: toLocal('/here', null, path.posix), mayShow: () => true };

const messages = ({ verdict }: GatheredRun): string => verdict.findings.map(({ message }) => message).join('\n');

describe('the path of a blob', () => {
  const inFolder = (change: Partial<BlobHeader>) =>
    blobPath('report', headerOf(2, PLAN, FOUND, change)).split(path.sep);

  test.each<[string, Partial<BlobHeader>, string | RegExp, string]>([
    ['the whole suite', {}, 'default', 'node-2-of-2.attempt-4.jsonl'],
    ['a label', { job: labelled('unit') }, 'unit', 'node-2-of-2.attempt-4.jsonl'],
    [
      'a label that is the name of none',
      { job: labelled('default') },
      /^default-[0-9a-f]{12}$/,
      'node-2-of-2.attempt-4.jsonl',
    ],
    [
      'a folder of the repository',
      { job: { packageName: '@one/web', packageDir: 'packages/web', rootDir: 'packages/web', label: null } },
      /^web-[0-9a-f]{12}$/,
      'node-2-of-2.attempt-4.jsonl',
    ],
    [
      'a part of the suite',
      { call: { digest: '5f0c2a91aaaa', text: 'jest src' } },
      'default',
      'node-2-of-2.attempt-4.5f0c2a91.jsonl',
    ],
  ])('names run, job, node, attempt and call of %s', (_, change, job, file) => {
    const place = inFolder({ job: labelled(null), run: runOf({ id: '123', attempt: 4 }), ...change });
    const folder = typeof job === 'string' ? job : expect.stringMatching(job);
    expect(place).toEqual(['report', '123', folder, file]);
  });

  test('is another one for every job and call', () => {
    const jobs = [
      { packageName: '@one/web', packageDir: 'packages/one', rootDir: 'packages/one', label: null },
      { packageName: '@two/web', packageDir: 'packages/two', rootDir: 'packages/two', label: null },
      { packageName: '@two/web', packageDir: 'apps/two', rootDir: 'apps/two', label: null },
      { packageName: '@two/web', packageDir: 'apps/two', rootDir: 'apps/two', label: 'web' },
      { packageName: 'one', packageDir: 'packages/one', rootDir: '', label: null },
      { packageName: 'two', packageDir: 'packages/two', rootDir: '', label: null },
      { packageName: null, packageDir: null, rootDir: null, label: null },
      { packageName: null, packageDir: null, rootDir: null, label: 'default' },
      { packageName: null, packageDir: null, rootDir: null, label: 'a/b' },
      { packageName: null, packageDir: null, rootDir: null, label: 'a-b' },
    ];
    const calls = ['5f0c2a91aaaa', '00112233aaaa'].map((digest) => ({ digest, text: `jest ${digest}` }));
    calls.push({ digest: '77112233aaaa', text: 'jest' });
    const paths = jobs.flatMap((job) => calls.map((call) => inFolder({ job, call }).join('/')));
    expect(new Set(paths).size).toBe(jobs.length * calls.length);
  });

  test('is another one where a package without a repository finds the blob of another', () => {
    const write = (packageName: string) => {
      const job = { packageName, packageDir: null, rootDir: null, label: null };
      return openBlob(dir, headerOf(1, PLAN, FOUND, { job })).path;
    };
    const first = write('one');
    expect(path.relative(dir, first)).toBe(path.join('77', 'default', 'node-1-of-2.attempt-1.jsonl'));
    const second = write('two');
    expect(path.basename(path.dirname(second))).toMatch(/^two-[0-9a-f]{12}$/);
    expect([write('one'), write('two')]).toEqual([first, second]);
  });

  test.each([
    ['a/b\\c:d', 'a=2Fb=5Cc=3Ad'],
    ['..', '=2E=2E'],
    ['', '='],
  ])('a run called %j stays inside the folder', (id, folder) => {
    const [report, run, ...rest] = inFolder({ run: runOf({ id }) });
    expect([report, run, rest.length]).toEqual(['report', folder, 2]);
  });
});

describe('a result that is there already', () => {
  const write = (change: Partial<BlobHeader>, ends = true) => {
    const blob = openBlob(dir, headerOf(1, PLAN, FOUND, change));
    if (!ends) return;
    blob.end(endOf());
    blob.exit(exitOf());
  };
  const start = (change: Partial<BlobHeader>) => () => refuseSecondResult(dir, headerOf(1, PLAN, FOUND, change));
  const inCi = runOf({ rerun: 'attempt' });

  test('stops a node in a CI, with its path and what to do', () => {
    write({ run: inCi });
    expect(start({ run: inCi })).toThrow(
      /The result of node 1 of run 77, attempt 1, already exists: .*node-1-of-2.*jsonl\.\n.*--attempt.*--label/,
    );
  });

  test.each<[string, Partial<BlobHeader>]>([
    ['another attempt', { run: runOf({ rerun: 'attempt', attempt: 2 }) }],
    ['another run', { run: runOf({ rerun: 'attempt', id: '78' }) }],
    ['another label', { run: inCi, job: labelled('unit') }],
    ['another call', { run: inCi, call: { digest: '00ff', text: 'jest unit' } }],
    ['a person', { run: runOf() }],
    ['a run that nobody knows', { run: runOf({ rerun: 'attempt', unknownIn: 'CI=true' }) }],
  ])('does not stop %s', (_, change) => {
    write({ run: inCi });
    expect(start(change)).not.toThrow();
  });

  test('does not stop a node whose first start was killed', () => {
    write({ run: inCi }, false);
    expect(start({ run: inCi })).not.toThrow();
  });

  test('of another job id of the same job may be replaced, of the same id not', () => {
    const run = runOf({ rerun: 'job' });
    write({ run, jobId: '1' });
    expect(start({ run, jobId: '2' })).not.toThrow();
    expect(start({ run, jobId: '1' })).toThrow(/already exists/);
  });
});

describe('writing', () => {
  test('is called partial until its process ends', () => {
    const blob = openBlob(dir, headerOf(1, PLAN, FOUND));
    blob.file(recordOf('a.test.js'));
    expect(existsSync(blob.path)).toBe(false);
    expect(existsSync(`${blob.path}.partial`)).toBe(true);
    blob.end(endOf());
    expect(existsSync(blob.path)).toBe(false);
    blob.exit(exitOf());
    expect(existsSync(blob.path)).toBe(true);
    expect(listBlobs([dir])).toEqual({ files: [blob.path], others: [] });
  });

  test('a process that ends in the middle of its run leaves a partial one', () => {
    const blob = openBlob(dir, headerOf(1, PLAN, FOUND));
    blob.exit(exitOf({ code: 7 }));
    expect(listBlobs([dir]).files).toEqual([`${blob.path}.partial`]);
    expect(messages(gatherRun([dir]))).toContain(
      'Node 1 was cut short: its process ended with exit code 7 during its run; it had finished 0 files.',
    );
  });

  test('a new run of a node does away with the results of the old one at once', () => {
    const [first] = writeRun();
    openBlob(dir, headerOf(1, PLAN, FOUND));
    expect(existsSync(first)).toBe(false);
    expect(messages(gatherRun([dir]))).toContain('Node 1 was cut short');
  });

  test('a node killed with SIGKILL leaves what it had finished', () => {
    const child = path.join(dir, 'node.ts');
    const from = (file: string) => JSON.stringify(path.resolve(__dirname, '..', file));
    writeFileSync(
      child,
      `import { openBlob } from ${from('../src/files/blob-file')};
       import { headerOf, planOf, recordOf } from ${from('proof/run')};
       const found = ${JSON.stringify(FOUND)};
       const blob = openBlob(${JSON.stringify(dir)}, headerOf(2, planOf(found.map((path, i) => ({ path, node: i ? 2 : 1 })), 2), found));
       blob.file(recordOf('b.test.js'));
       process.kill(process.pid, 'SIGKILL');
       blob.file(recordOf('c.test.js'));`,
    );
    const { signal, stderr } = spawnSync(process.execPath, ['-r', require.resolve('esbuild-register'), child], {
      encoding: 'utf8',
    });
    expect([signal, stderr]).toEqual(['SIGKILL', '']);
    const run = gatherRun([dir]);
    expect(run.verdict.ok).toBe(false);
    expect(messages(run)).toContain('Node 2 was cut short: its blob has no end');
    expect(messages(run)).toContain('it had finished 1 file.');
    expect(run.blobs[0]?.files.map(({ file }) => file.path)).toEqual(['b.test.js']);
  });
});

describe('reading', () => {
  test('a whole run is proven', () => {
    writeRun();
    expect(gatherRun([dir]).verdict).toMatchObject({ ok: true, findings: [], counts: { items: 3, ranOnce: 3 } });
  });

  test('gives every record back with the paths of this machine', () => {
    const coverage: StoredCoverage = {
      babel: { '<jd:rootDir>/a.js': { path: '<jd:rootDir>/a.js', statementMap: {}, s: { '0': 1 } } },
      v8: null,
    };
    writeRun((record) => ({ ...record, coverage }));
    const [first, second] = gatherRun([dir]).blobs;
    const read = [first, second].flatMap((blob) => {
      if (blob === undefined) return [];
      const reader = openBlobReader(blob.scanned, here);
      // Backwards: any order must do.
      const records = [...blob.files].reverse().map(({ entry }) => reader.read(entry));
      reader.close();
      return records;
    });
    expect(read.map(({ file }) => file.path)).toEqual(['a.test.js', 'c.test.js', 'b.test.js']);
    for (const record of read) {
      expect(record.result.testFilePath).toBe(`/here/${record.file.path}`);
      expect(record.coverage.babel).toMatchObject({ '/here/a.js': { path: '/here/a.js', s: { '0': 1 } } });
    }
  });

  test('lines larger than what is read at a time', () => {
    const text = 'ä€😀'.repeat(400_000);
    writeRun((record) => ({
      ...record,
      result: { ...resultOf(record.file.path), console: [{ type: 'log', message: text, origin: '' }] },
    }));
    const [blob] = gatherRun([dir]).blobs;
    const reader = openBlobReader(blob?.scanned as never, here);
    expect(reader.read(blob?.files[0]?.entry as never).result.console).toEqual([
      { type: 'log', message: text, origin: '' },
    ]);
    reader.close();
  });

  test('a case that is told of a test that is not there goes, whatever its number', () => {
    writeRun((record) => ({ ...record, cases: [0, 1, 7] }));
    const [blob] = gatherRun([dir]).blobs;
    const reader = openBlobReader(blob?.scanned as never, here);
    expect(reader.read(blob?.files[0]?.entry as never).cases).toEqual([0]);
    reader.close();
  });

  test.each([1, 20, 200])('the last %i bytes cut off: never green, never a crash', (bytes) => {
    const [, second] = writeRun();
    truncateSync(second, readFileSync(second).length - bytes);
    const run = gatherRun([dir]);
    // Without its newline alone the end is whole.
    expect(run.verdict.ok).toBe(bytes === 1);
    if (bytes > 1) expect(messages(run)).toMatch(/^Node 2 was cut short: the last line of its blob is cut off/);
  });

  test('cut anywhere at all: never green', () => {
    const [, second] = writeRun();
    const whole = readFileSync(second);
    for (let length = 0; length < whole.length - 1; length += 37) {
      writeFileSync(second, whole.subarray(0, length));
      expect([length, gatherRun([dir]).verdict.ok]).toEqual([length, false]);
    }
  });

  test('an empty blob', () => {
    const [, second] = writeRun();
    writeFileSync(second, '');
    expect(messages(gatherRun([dir]))).toContain(`The blob ${second} ends before the files found and the plan.`);
  });

  test('a line that is not JSON is named with its file and number', () => {
    const [, second] = writeRun();
    const lines = readFileSync(second, 'utf8').split('\n');
    lines[2] = lines[2]?.slice(0, -4) ?? '';
    writeFileSync(second, lines.join('\n'));
    const run = gatherRun([dir]);
    expect(run.verdict.ok).toBe(false);
    expect(messages(run)).toContain(`Line 3 of the blob ${second} is not JSON.`);
    expect(messages(run)).toContain('The blob of node 2 of 2 is missing.');
  });

  test('a line removed from the middle', () => {
    const [, second] = writeRun();
    const lines = readFileSync(second, 'utf8').split('\n');
    writeFileSync(second, [...lines.slice(0, 2), ...lines.slice(3)].join('\n'));
    expect(messages(gatherRun([dir]))).toContain('The blob of node 2 holds 1 file, but its end counts 2.');
  });

  test('something after the end', () => {
    const [first] = writeRun();
    appendFileSync(first, '{"kind":"file"}\n');
    expect(messages(gatherRun([dir]))).toContain(`Line 7 of the blob ${first} comes after its end.`);
  });

  test.each(['run', 'inputs', 'source', 'coverage', 'file', 'try', 'tree', 'end'])(
    'a line "%s" between the end of the tests and that of the process',
    (kind) => {
      const [first] = writeRun();
      const lines = readFileSync(first, 'utf8').trimEnd().split('\n');
      writeFileSync(first, `${[...lines.slice(0, -1), JSON.stringify({ kind }), lines.at(-1)].join('\n')}\n`);
      expect(messages(gatherRun([dir]))).toContain(`Line 6 of the blob ${first} comes after its end.`);
    },
  );

  test('a copy under another name', () => {
    const [first] = writeRun();
    copyFileSync(first, path.join(dir, 'copy.jsonl'));
    const run = gatherRun([dir]);
    expect(run.verdict.ok).toBe(false);
    expect(messages(run)).toContain('The blob of node 1 exists twice');
  });

  test('a folder without blobs, and one that does not exist', () => {
    expect(messages(gatherRun([dir]))).toContain(`There is no blob in ${dir}.`);
    expect(() => gatherRun([path.join(dir, 'nowhere')])).toThrow(
      /There is no .*nowhere to read blobs from\.\n {2}Name the folder/,
    );
  });
});

test('a run written in format version 1 is refused by name: it does not say whose it is', () => {
  const run = gatherRun([path.resolve(__dirname, '..', 'fixtures', 'blobs', 'v1')]);
  expect(run.verdict).toMatchObject({ ok: false, counts: { blobs: 2, accepted: 0 } });
  expect(messages(run)).toContain(
    'node-1-of-2.attempt-1.jsonl has format 1.0 (written by jest-distributed 0.1.0); this version reads 2.x only.',
  );
});

describe('a run written in format version 2', () => {
  const fixture = path.join('__tests__', 'fixtures', 'blobs', 'v2');
  const run = gatherRun([path.resolve(__dirname, '..', 'fixtures', 'blobs', 'v2')]);

  test('is read and proven as on the day it was written', () => {
    expect(run.verdict).toEqual({
      ok: false,
      database: null,
      runId: '77',
      label: 'unit',
      findings: [
        {
          code: 'incomplete',
          severity: 'error',
          message:
            'Node 2 was cut short: the last line of its blob is cut off (killed, out of memory, out of time, or a broken upload); it had finished 2 files.',
          remedy:
            'Run what is missing here, by the plan in the other blobs, and prove again: npx jest-distributed merge --run-missing',
          nodes: [2],
          items: [path.join(fixture, '77', 'unit', 'node-2-of-2.attempt-1.jsonl.partial')],
        },
        {
          code: 'file-failed',
          severity: 'error',
          message: '1 file failed to run, so its tests have no result: src/crash.test.js (node 2: no module).',
          remedy: 'Correct the error that prevents the file from loading or ends its worker, and run it again.',
          nodes: [2],
          items: ['src/crash.test.js'],
        },
      ],
      counts: { nodes: 2, blobs: 2, accepted: 2, items: 4, ranOnce: 3, tests: 3 },
    });
  });

  test('keeps metadata, results, errors, cases, splits and coverage', () => {
    const records = run.blobs.flatMap((blob) => {
      const reader = openBlobReader(blob.scanned, here);
      const read = blob.files.map(({ entry }) => reader.read(entry));
      reader.close();
      return read;
    });
    const [add, one, two, crash] = records as [FileRecord, FileRecord, FileRecord, FileRecord];
    expect(run.blobs[1]?.metadata).toMatchObject({
      format: { name: 'jest-distributed-blob', major: 2, minor: 0 },
      packageVersion: '0.1.0',
      node: { number: 2, nodes: 2, source: '--nodes and --node-number' },
      jobId: 'job-2',
      coverageProvider: 'babel',
      platform: 'win32',
      plan: { digest: '0123456789abcdef' },
    });
    expect(add).toMatchObject({
      file: { project: null, path: 'src/add.test.js' },
      worker: 1,
      wallMs: 10,
      cases: [
        { status: 'failed', failureMessages: ['Error: 3\n    at Object.<anonymous> (/here/src/add.test.js:2:9)'] },
        0,
      ],
      result: {
        testFilePath: '/here/src/add.test.js',
        console: [{ message: 'hello', origin: '    at /here/src/add.test.js:1:1', type: 'log' }],
        snapshot: { added: 1, matched: 2, unchecked: 1, uncheckedKeys: ['gone 1'] },
        testResults: [{ fullName: 'adds', status: 'passed', duration: 1 }],
      },
    });
    expect(add.coverage).toEqual({
      babel: {
        '/here/src/add.js': {
          path: '/here/src/add.js',
          statementMap: { '0': { start: { line: 1, column: 0 }, end: { line: 1, column: 9 } } },
          fnMap: {},
          branchMap: {},
          hash: 'abc',
          s: { '0': 4 },
          f: {},
          b: {},
        },
      },
      v8: [
        {
          result: {
            scriptId: '1',
            url: '/here/src/add.js',
            functions: [
              { functionName: 'add', isBlockCoverage: true, ranges: [{ startOffset: 0, endOffset: 9, count: 4 }] },
            ],
          },
          transform: {
            code: 'add = 1;',
            originalCode: 'add = 1',
            wrapperLength: 62,
            sourceMap: { version: 3, mappings: 'A' },
          },
        },
      ],
    });
    expect([one.parts, one.split, two.parts, two.split]).toEqual([
      ['one'],
      { seen: ['x', 'y'], mine: [0] },
      ['two'],
      { seen: ['x', 'y'], mine: [1] },
    ]);
    expect(crash.execError).toEqual({
      message: 'no module',
      stack: 'Error: no module\n    at /here/src/crash.test.js:1:1',
      code: 'MODULE_NOT_FOUND',
    });
    expect(run.blobs[0]?.scanned.end).toEqual({
      state: 'complete',
      endMs: 1_750_000_001_000,
      wallMs: 1000,
      errors: [],
      snapshot: {},
      obsoleteSnapshotFiles: ['<jd:rootDir>/src/__snapshots__/old.test.js.snap'],
      files: 2,
    });
  });
});
