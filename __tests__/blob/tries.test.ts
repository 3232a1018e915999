/** What is known of executions that do not count. */
import { describe, expect, test } from '@jest/globals';
import type { StoredTest } from '../../src/blob/blob';
import { createBlobEncoder, parseBlobLine } from '../../src/blob/blob-lines';
import { errorLine } from '../../src/blob/error-line';
import { detailError, detailTests } from '../../src/blob/queue-detail';
import { earlierTries } from '../../src/blob/test-tries';
import { toTryRecord } from '../../src/blob/try-record';
import { headerOf, recordOf, resultOf } from '../proof/run';

const testOf = (fullName: string, change: Partial<StoredTest> = {}): StoredTest => ({
  ...{ fullName, title: fullName, ancestorTitles: [], status: 'passed', duration: 5, failureMessages: [] },
  ...change,
});
const failedCase = (fullName: string, message: string, duration = 3) => ({
  ...testOf(fullName, { status: 'failed', failureMessages: [message], duration }),
});
const resultWith = (...testResults: StoredTest[]) => ({ ...resultOf('a.test.js'), testResults });

describe('tries of a test in one run of its file', () => {
  test('are what was told of it before its last result, with their times', () => {
    const result = resultWith(testOf('calm', { invocations: 1 }), testOf('adds', { invocations: 3 }));
    const cases = [0, failedCase('adds', 'Error: one', 7), failedCase('adds', 'Error: two'), 1] as never;
    const starts = [
      [0, 0, 100],
      [1, 1, 200],
      [1, 2, 300],
      [1, 3, 400],
    ] as const;
    expect([...earlierTries({ result, cases, starts })]).toEqual([
      [
        1,
        [
          { messages: ['Error: one'], startMs: 200, durationMs: 7 },
          { messages: ['Error: two'], startMs: 300, durationMs: 3 },
        ],
      ],
    ]);
  });

  test('without what was told are the reasons that Jest kept, or nothing but their number', () => {
    const kept = resultWith(testOf('adds', { invocations: 3, retryReasons: ['one', 'two'] }));
    expect(
      earlierTries({ result: kept })
        .get(0)
        ?.map(({ messages }) => messages),
    ).toEqual([['one'], ['two']]);
    // A try may have several errors: which try they are of is then not known.
    const mixed = resultWith(testOf('adds', { invocations: 3, retryReasons: ['one', 'two', 'three'] }));
    expect(
      earlierTries({ result: mixed })
        .get(0)
        ?.map(({ messages }) => messages),
    ).toEqual([['one', 'two', 'three'], []]);
    const silent = resultWith(testOf('adds', { invocations: 2 }));
    expect(earlierTries({ result: silent }).get(0)).toEqual([{ messages: [], startMs: null, durationMs: null }]);
    expect(earlierTries({ result: resultWith(testOf('adds', { invocations: 1 })) }).size).toBe(0);
  });

  test('of tests that share a name are shared out in their order', () => {
    const result = resultWith(testOf('same', { invocations: 2 }), testOf('same', { invocations: 2 }));
    const cases = [failedCase('same', 'first'), 0, failedCase('same', 'second'), 1] as never;
    const tries = earlierTries({ result, cases });
    expect([0, 1].map((index) => tries.get(index)?.[0]?.messages)).toEqual([['first'], ['second']]);
  });

  test('are no endless list where a blob says so', () => {
    expect(earlierTries({ result: resultWith(testOf('adds', { invocations: 1e9 })) }).get(0)).toHaveLength(1000);
  });
});

describe('an execution of a file that does not count', () => {
  const facts = { part: '2', attempt: 1, claimNumber: 3, decision: 'retried', outcome: 'failed' } as const;
  const bad = testOf('same', { status: 'failed', failureMessages: ['Error: no'], invocations: 2 });
  const record = recordOf('a.test.js', {
    result: { ...resultWith(testOf('same'), bad, testOf('calm')), failureMessage: '  ● same\n\n    no\n' },
    cases: [0, failedCase('same', 'Error: never'), 1, 2] as never,
  });

  test('keeps the tests that failed, which of their name they are, and their own tries', () => {
    expect(toTryRecord(record, facts)).toMatchObject({
      ...facts,
      file: { project: null, path: 'a.test.js' },
      failureMessage: '  ● same\n\n    no\n',
      tests: [
        {
          ...{ title: 'same', occurrence: 2, outcome: 'failed', durationMs: 5, failureMessages: ['Error: no'] },
          earlier: [{ messages: ['Error: never'] }],
        },
      ],
    });
  });

  test('is a line of the blob that can be read, however long its errors are', () => {
    const encoder = createBlobEncoder(headerOf(1, null, ['a.test.js']));
    const line = encoder.try({ ...toTryRecord(record, facts), failureMessage: 'x'.repeat(100_000) });
    const parsed = parseBlobLine(line, { file: 'x.jsonl', line: 3 });
    if (parsed.kind !== 'try') throw new Error(`a line of kind ${parsed.kind}`);
    expect(parsed.tried.tests).toEqual(toTryRecord(record, facts).tests);
    expect(parsed.tried.failureMessage).toMatch(/^x{65536}… 34464 more characters omitted$/);
    const broken = JSON.stringify({ kind: 'try', ...toTryRecord(record, facts), decision: 'accepted' });
    expect(() => parseBlobLine(broken, { file: 'x.jsonl', line: 3 })).toThrow(
      'Line 3 of the blob x.jsonl lacks required fields of an earlier try: decision must be one of retried, superseded',
    );
  });
});

describe('an error in one line', () => {
  test.each([
    ['Error: the reason 42\n    at Object.<anonymous> (a.test.js:1:1)', 'Error: the reason 42'],
    ['\n\u001b[31m  TypeError: x\u001b[39m\n', 'TypeError: x'],
    ['  ● cart › adds\n\n    the reason\n', 'the reason'],
    [
      'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 3\n    at a (b.js:1:1)',
      'Error: expect(received).toBe(expected) Expected: 2 Received: 3',
    ],
    [
      'expect(received).toEqual(expected) // deep equality\n\n- Expected  - 1\n+ Received  + 1\n\n  Object {\n-   "n": 3,\n+   "n": 1,\n  }',
      'expect(received).toEqual(expected) - "n": 3, + "n": 1,',
    ],
    ['', 'no error was given'],
    ['    at Object.<anonymous> (a.test.js:1:1)', 'no error was given'],
    ['x'.repeat(300), `${'x'.repeat(200)}…`],
  ])('of %j', (text, line) => {
    expect(errorLine(text)).toBe(line);
  });

  test('tests of what a queue keeps are those of a blob, as far as they are kept', () => {
    const tests = [
      { name: 'same', status: 'passed', durationMs: 1 },
      {
        name: 'same',
        status: 'failed',
        durationMs: 2,
        error: 'Error: no',
        tries: [{ error: 'once', durationMs: 3 }, 7],
      },
      { name: 'twice', status: 'passed', durationMs: null, tries: [{ error: null, durationMs: null }] },
    ];
    const nothing = { messages: [], startMs: null, durationMs: null };
    expect(detailTests({ tests, failure: null })).toEqual([
      {
        ...{ ancestorTitles: [], title: 'same', fullName: 'same', occurrence: 2, outcome: 'failed', durationMs: 2 },
        failureMessages: ['Error: no'],
        earlier: [{ messages: ['once'], startMs: null, durationMs: 3 }, nothing],
      },
      {
        ...{
          ancestorTitles: [],
          title: 'twice',
          fullName: 'twice',
          occurrence: 1,
          outcome: 'passed',
          durationMs: null,
        },
        ...{ failureMessages: [], earlier: [nothing] },
      },
    ]);
  });

  test('of what a queue keeps names the test', () => {
    const tests = [
      { name: 'calm', status: 'passed', durationMs: 1 },
      { name: 'cart adds', status: 'failed', durationMs: 1, error: 'Error: no\n    at x' },
    ];
    expect(detailError({ tests, failure: 'whole' })).toBe('cart adds: Error: no');
    expect(detailError({ tests: [], failure: '  ● Test suite failed to run\n\n    oops' })).toBe('oops');
    expect([detailError(null), detailError({ tests: 'no list', failure: 3 })]).toEqual([null, null]);
  });
});
