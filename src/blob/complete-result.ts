/**
 * Test results with everything that Jest's own have: runners and environments of others leave fields out, or put
 * something else there, and neither a reporter nor the proof can ask back.
 */
import { isObject } from '../options/object';
import type { Json, JsonObject, StoredResult, StoredSnapshot, StoredTest } from './blob';
import { integer, milliseconds } from './check-shape';

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => integer(0)(value) === undefined;
const isTime = (value: unknown): value is number => milliseconds(value) === undefined;

const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter(isText) : []);

/** A field only where it is of the right type; absent else. */
const kept = <T>(name: string, value: unknown, fits: (value: unknown) => value is T): Record<string, T> =>
  fits(value) ? { [name]: value } : {};

const isPosition = (value: unknown): value is JsonObject =>
  isObject(value) && typeof value.line === 'number' && typeof value.column === 'number';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isShort = (value: unknown): value is string => isText(value) && value !== '' && value.length <= 100;

/** @param status where the runner gave none. */
export function completeTest(test: JsonObject, status?: string): StoredTest {
  const {
    ancestorTitles,
    title,
    fullName,
    duration,
    failureDetails,
    failureMessages,
    invocations,
    location,
    numPassingAsserts,
    retryReasons,
    status: given,
    ...rest
  } = test;
  const suites = texts(ancestorTitles);
  const own = isText(title) ? title : isText(fullName) ? fullName : '(no name)';
  const messages = texts(failureMessages);
  return {
    ancestorTitles: suites,
    ...(duration !== undefined && { duration: isTime(duration) ? duration : null }),
    failureDetails: Array.isArray(failureDetails) ? failureDetails : [],
    failureMessages: messages,
    fullName: isText(fullName) ? fullName : [...suites, own].join(' '),
    ...kept('invocations', invocations, isNumber),
    ...(location !== undefined && { location: isPosition(location) ? location : null }),
    ...kept('numPassingAsserts', numPassingAsserts, isNumber),
    ...(Array.isArray(retryReasons) ? { retryReasons: texts(retryReasons) } : {}),
    ...rest,
    status: isShort(given) ? given : (status ?? (messages.length > 0 ? 'failed' : 'passed')),
    title: own,
  };
}

type Counts = Pick<StoredResult, 'numFailingTests' | 'numPassingTests' | 'numPendingTests' | 'numTodoTests'>;

const COUNTED = {
  failed: 'numFailingTests',
  passed: 'numPassingTests',
  pending: 'numPendingTests',
  todo: 'numTodoTests',
} as const;

const countedAs = (status: string): keyof typeof COUNTED =>
  status === 'failed' || status === 'passed' || status === 'todo' ? status : 'pending';

/** What the runner counted; where it did not, what its tests say. */
function countsOf(result: JsonObject, tests: readonly StoredTest[]): Counts {
  const counts = { numFailingTests: 0, numPassingTests: 0, numPendingTests: 0, numTodoTests: 0 };
  for (const { status } of tests) counts[COUNTED[countedAs(status)]] += 1;
  for (const name of Object.values(COUNTED)) if (isCount(result[name])) counts[name] = result[name];
  return counts;
}

/** The status that a test says of itself; one with messages of a failure has failed. */
function ownStatus({ status, failureMessages }: JsonObject): string | undefined {
  if (isShort(status)) return status;
  return texts(failureMessages).length > 0 ? 'failed' : undefined;
}

/** Tests without a status get those that the runner counted and none of its tests says, failed ones first. */
function completeTests(result: JsonObject, given: readonly Json[]): StoredTest[] {
  const tests = given.map((test) => (isObject(test) ? (test as JsonObject) : { title: String(test) }));
  const statuses = tests.map(ownStatus);
  const left = Object.entries(COUNTED).map(([status, name]) => {
    const counted = result[name];
    const known = statuses.filter((one) => one !== undefined && countedAs(one) === status).length;
    return { status, count: isCount(counted) ? counted - known : 0 };
  });
  return tests.map((test, index) => {
    const counted = statuses[index] === undefined ? left.find(({ count }) => count > 0) : undefined;
    if (counted !== undefined) counted.count -= 1;
    return completeTest(test, statuses[index] ?? counted?.status);
  });
}

function completeSnapshot(value: Json | undefined): StoredSnapshot {
  const given: Record<string, unknown> = isObject(value) ? value : {};
  const count = (name: string) => (isCount(given[name]) ? given[name] : 0);
  return {
    ...(given as JsonObject),
    added: count('added'),
    fileDeleted: given.fileDeleted === true,
    matched: count('matched'),
    unchecked: count('unchecked'),
    uncheckedKeys: texts(given.uncheckedKeys as Json | undefined),
    unmatched: count('unmatched'),
    updated: count('updated'),
  };
}

function completeTimes(value: Json | undefined, startMs: number, endMs: number): StoredResult['perfStats'] {
  const given: Record<string, unknown> = isObject(value) ? value : {};
  const start = isTime(given.start) ? given.start : startMs;
  const end = isTime(given.end) ? given.end : endMs;
  return {
    ...(given as JsonObject),
    end,
    runtime: isTime(given.runtime) ? given.runtime : end - start,
    slow: given.slow === true,
    start,
  };
}

/** Jest's reporters split the message of every entry. */
function completeConsole(value: Json | undefined): Json | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((entry): Json[] => {
    if (!isObject(entry) || !isText(entry.message)) return [];
    const { message, origin, type } = entry;
    return [{ message, origin: isText(origin) ? origin : '', type: isShort(type) ? type : 'log' }];
  });
}

const isName = (value: unknown): value is JsonObject => isObject(value) && isText(value.name) && isShort(value.color);

/** When and where a file ran, as far as its reporter knows without its result. */
export interface FileFacts {
  readonly testFilePath: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A result with everything that Jest's own have; what fits is kept as it is. */
export function completeResult(result: JsonObject, facts: FileFacts): StoredResult {
  const { console, displayName, failureMessage, openHandles, perfStats, snapshot, testFilePath, ...rest } = result;
  const testResults = completeTests(result, Array.isArray(result.testResults) ? result.testResults : []);
  const entries = completeConsole(console);
  return {
    ...rest,
    ...(entries !== undefined && { console: entries }),
    ...kept('displayName', displayName, isName),
    ...countsOf(result, testResults),
    ...(failureMessage !== undefined && { failureMessage: isText(failureMessage) ? failureMessage : null }),
    ...(Array.isArray(openHandles) && { openHandles }),
    perfStats: completeTimes(perfStats, facts.startMs, facts.endMs),
    snapshot: completeSnapshot(snapshot),
    testFilePath: isText(testFilePath) ? testFilePath : facts.testFilePath,
    testResults,
  };
}
