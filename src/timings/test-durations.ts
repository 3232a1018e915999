/** The durations of the tests inside one file, read when somebody asks for them. */

import { fileKey } from '../plan/item';
import { readStrictly } from './strict-parse';
import { compareText, type FileTimings, type TestDurations, type UnreadTests } from './timings';

/**
 * Milliseconds by full test name.
 *
 * @throws DistributedError TIMINGS_CORRUPT with file and line, where what the quick reader skipped is damaged
 */
export function testsOf(file: FileTimings): TestDurations {
  return isUnread(file.tests) ? readTests(file, file.tests) : file.tests;
}

/** How many names of tests are known, without reading them: the store has each on a line of its own. */
export function countTests({ tests }: FileTimings): number {
  if (!isUnread(tests)) return tests.size;
  let lines = 0;
  for (
    let at = tests.bytes.indexOf('\n', tests.start);
    at >= 0 && at < tests.end;
    at = tests.bytes.indexOf('\n', at + 1)
  ) {
    lines++;
  }
  // The last line break stands before the closing brace.
  return Math.max(0, lines - 1);
}

function isUnread(tests: FileTimings['tests']): tests is UnreadTests {
  return !(tests instanceof Map);
}

function readTests(file: FileTimings, { bytes, start, end, source }: UnreadTests): TestDurations {
  const json = bytes.toString('utf8', start, end);
  try {
    const tests = new Map(Object.entries(JSON.parse(json) as Record<string, number>));
    if (json.length === lengthOf(tests) && [...tests.values()].every(isDuration)) return tests;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // Says what is wrong, with its line; and where it finds nothing wrong (another layout), what it read is right.
  return readStrictly(bytes.toString('utf8'), source).files.get(fileKey(file))?.tests as TestDurations;
}

function isDuration(ms: unknown): boolean {
  return Number.isSafeInteger(ms) && (ms as number) >= 0;
}

/** Length of the text that we write for these tests: with a name twice, of which the parser drops one, it is longer. */
function lengthOf(tests: TestDurations): number {
  let length = '{'.length - ','.length + '\n          }'.length;
  for (const [name, ms] of tests) length += `\n            ${JSON.stringify(name)}: ${ms},`.length;
  return length;
}

/** Entries in the order in which the store has them. */
export function sortedTests(tests: TestDurations): [name: string, ms: number][] {
  return [...tests].sort(([a], [b]) => compareText(a, b));
}
