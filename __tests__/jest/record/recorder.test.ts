/** Whatever runners and environments of others put on a result: it is recorded, and a reader takes the line. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FileRecord, StoredTest } from '../../../src/blob/blob';
import { createBlobEncoder, parseBlobLine } from '../../../src/blob/blob-lines';
import type { JestTest, JestTestResult } from '../../../src/jest/host/jest-types';
import { createRecorder } from '../../../src/jest/record/recorder';
import { fileOf, headerOf } from '../../proof/run';

const jestTest = { path: '/repo/a.test.js', context: { config: {} } } as unknown as JestTest;

function recorder() {
  return createRecorder({ rootDir: '/repo', fileOf: () => fileOf('a.test.js'), partsOf: () => null });
}

/** As a reader of the blob sees it. */
function readBack(record: FileRecord | undefined) {
  const encoder = createBlobEncoder(headerOf(1, null, ['a.test.js']));
  const [line = ''] = encoder
    .file(record as FileRecord)
    .split('\n')
    .slice(-2);
  const parsed = parseBlobLine(line, { file: 'x.jsonl', line: 3 });
  if (parsed.kind !== 'file') throw new Error(`a line of kind ${parsed.kind}`);
  return parsed.file;
}

function record(result: unknown, cases: readonly unknown[] = []) {
  const own = recorder();
  own.fileStart(jestTest);
  for (const one of cases) own.caseResult(jestTest, one);
  return readBack(own.fileResult(jestTest, result as JestTestResult));
}

const fails = (): never => {
  throw new Error('closed');
};

describe('a result', () => {
  test('with nothing on it is a file without tests', () => {
    expect(record({})).toMatchObject({
      result: {
        ...{ numFailingTests: 0, numPassingTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] },
        ...{ testFilePath: '<jd:rootDir>/a.test.js', perfStats: { slow: false }, snapshot: { added: 0 } },
      },
      execError: null,
    });
  });

  test('of anything at all is recorded so that it can be read', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
    });
    const names = ['fullName', 'title', 'ancestorTitles', 'status', 'duration', 'failureMessages', 'failureDetails'];
    const oneTest = fc.oneof(
      anything,
      fc.dictionary(fc.constantFrom(...names, 'location', 'invocations', 'retryReasons'), anything),
    );
    const fields = [
      'console',
      'snapshot',
      'perfStats',
      'failureMessage',
      'numFailingTests',
      'testFilePath',
      'displayName',
    ];
    const result = fc
      .tuple(
        fc.dictionary(fc.constantFrom(...fields, 'openHandles', 'testExecError', 'extra'), anything),
        fc.option(fc.array(oneTest, { maxLength: 4 })),
      )
      .map(([rest, testResults]) => ({ ...rest, ...(testResults && { testResults }) }));
    fc.assert(
      fc.property(result, fc.array(oneTest, { maxLength: 2 }), (one, cases) => {
        expect(record(one, cases).file.path).toBe('a.test.js');
      }),
      { numRuns: 300 },
    );
  });

  test('whose tests have no status has those that its runner counted', () => {
    const { result } = record({
      ...{ numFailingTests: 1, numPassingTests: 1, numPendingTests: 1 },
      testResults: [{ title: 'x' }, { title: 'y', failureMessages: ['no'] }, { fullName: 'z', status: 'pending' }],
    });
    const told = result.testResults.map(({ fullName, title, status }: StoredTest) => [fullName, title, status]);
    expect(told).toEqual([
      ['x', 'x', 'passed'],
      ['y', 'y', 'failed'],
      ['z', 'z', 'pending'],
    ]);
  });

  test('without counts has those of its tests', () => {
    const { result } = record({ testResults: [{ status: 'failed' }, { status: 'passed' }, { status: 'disabled' }] });
    expect(result).toMatchObject({ numFailingTests: 1, numPassingTests: 1, numPendingTests: 1, numTodoTests: 0 });
  });

  test('with details that throw keeps everything else', () => {
    const odd = Object.defineProperty({ id: 1 }, 'user', { get: fails, enumerable: true });
    const failed = {
      ...{ ancestorTitles: ['session'], title: 'opens', fullName: 'session opens', status: 'failed' },
      failureMessages: ['Error: no\n    at /repo/a.test.js:1:1', 'second'],
      failureDetails: [{ matcherResult: { actual: odd, pass: false } }, Array(5000).fill(1)],
      toString: fails,
    };
    const { result, execError } = record(
      {
        testResults: [failed],
        numFailingTests: 1,
        testExecError: Object.defineProperty(new Error('x'), 'code', { get: fails }),
      },
      [Object.defineProperty({ ...failed }, 'status', { get: fails, enumerable: true })],
    );
    expect(result.testResults[0]).toMatchObject({
      failureDetails: [{ matcherResult: { actual: { id: 1 }, pass: false } }, {}],
      failureMessages: ['Error: no\n    at <jd:rootDir>/a.test.js:1:1', 'second'],
    });
    expect(execError).toMatchObject({ message: 'x', name: 'Error' });
  });

  test('that is too long for a line loses its console, and says so', () => {
    const { result } = record({
      testResults: [{ title: 'a', fullName: 'a', status: 'passed' }],
      console: [{ type: 'log', message: 'x'.repeat(40 << 20), origin: '' }],
    });
    expect(result.testResults).toHaveLength(1);
    expect(result.console).toEqual([
      {
        type: 'warn',
        message: expect.stringContaining('the console output of this file is too long for a blob'),
        origin: '',
      },
    ]);
  });
});
