/**
 * The parts of a split file, run on several nodes → one result, as if the file had run in one place.
 */
import type { CaseStart, FileRecord, Json, JsonObject, StoredCoverage, StoredResult, StoredTest } from './blob';
import { addCoverage, mergeSnapshots } from './merge-fields';

interface PlacedTest {
  readonly test: StoredTest;
  readonly record: number;
  /** Index in its own record. */
  readonly index: number;
}

const isSkipped = ({ status }: StoredTest): boolean => status === 'pending' || status === 'skipped';

/**
 * The tests of one record that are its own: where selection works from a set-up file, one skipped stand-in is left in
 * a part that runs no test.
 */
function ownTests({ result, split }: FileRecord, record: number): PlacedTest[] {
  const mine = new Map<string, number>();
  for (const index of split?.mine ?? []) {
    const name = split?.seen[index] as string;
    mine.set(name, (mine.get(name) ?? 0) + 1);
  }
  return result.testResults.flatMap((test, index) => {
    if (split !== null && isSkipped(test)) {
      const left = mine.get(test.fullName) ?? 0;
      if (left === 0) return [];
    }
    mine.set(test.fullName, (mine.get(test.fullName) ?? 0) - 1);
    return [{ test, record, index }];
  });
}

/** In the order of the file, as the nodes saw it. */
function sortTests(tests: PlacedTest[], records: readonly FileRecord[]): PlacedTest[] {
  const places = new Map<string, number[]>();
  for (const [index, name] of (records.find(({ split }) => split !== null)?.split?.seen ?? []).entries()) {
    const list = places.get(name);
    if (list === undefined) places.set(name, [index]);
    else list.push(index);
  }
  const placed = tests.map((entry) => ({
    entry,
    place: places.get(entry.test.fullName)?.shift() ?? Number.POSITIVE_INFINITY,
  }));
  return placed.sort((a, b) => (a.place === b.place ? 0 : a.place - b.place)).map(({ entry }) => entry);
}

function mergePerformance(results: readonly StoredResult[]): StoredResult['perfStats'] {
  const stats = results.map(({ perfStats }) => perfStats);
  const start = Math.min(...stats.map((one) => one.start));
  // Work, not the time between machines' clocks: the parts ran beside each other.
  const workMs = stats.reduce((sum, one) => sum + one.end - one.start, 0);
  const [first] = stats as [StoredResult['perfStats']];
  return { ...first, start, end: start + workMs, runtime: workMs, slow: stats.some(({ slow }) => slow === true) };
}

function mergeConsoles(results: readonly StoredResult[]): Json | undefined {
  const lines = results.flatMap(({ console }) => (Array.isArray(console) ? (console as Json[]) : []));
  return lines.length === 0 ? undefined : lines;
}

function mergeCoverage(coverages: readonly StoredCoverage[]): StoredCoverage {
  const babel = coverages.flatMap((coverage) => (coverage.babel === null ? [] : [coverage.babel]));
  const v8 = coverages.flatMap((coverage) => (coverage.v8 === null ? [] : [coverage.v8]));
  return { babel: babel.length === 0 ? null : addCoverage(babel), v8: v8.length === 0 ? null : v8.flat() };
}

/** `FileRecord.cases` point into `testResults`, whose order has changed. */
function mergeCases(records: readonly FileRecord[], tests: readonly PlacedTest[]): FileRecord['cases'] {
  const placeOf = new Map(tests.map(({ record, index }, place) => [`${record}:${index}`, place]));
  return records.flatMap(({ cases }, record) =>
    cases.flatMap((one): (number | JsonObject)[] => {
      if (typeof one !== 'number') return [one];
      const place = placeOf.get(`${record}:${one}`);
      return place === undefined ? [] : [place];
    }),
  );
}

/** As the cases they point to: a start lies before as many of them as are left of those that it lay before. */
function mergeStarts(records: readonly FileRecord[], tests: readonly PlacedTest[]): CaseStart[] {
  const placeOf = new Map(tests.map(({ record, index }, place) => [`${record}:${index}`, place]));
  let before = 0;
  return records.flatMap(({ cases, starts = [] }, record) => {
    const isKept = cases.map((one) => typeof one !== 'number' || placeOf.has(`${record}:${one}`));
    const keptBefore = [before];
    for (const kept of isKept) keptBefore.push((keptBefore.at(-1) as number) + (kept ? 1 : 0));
    before = keptBefore.at(-1) as number;
    return starts.flatMap(([test, at, ...rest]): CaseStart[] => {
      const place = typeof test === 'number' ? placeOf.get(`${record}:${test}`) : test;
      return place === undefined ? [] : [[place, keptBefore[at] ?? before, ...rest]];
    });
  });
}

function mergeFailureMessages(results: readonly StoredResult[]): string | null {
  const messages = results.flatMap(({ failureMessage }) => (failureMessage ? [failureMessage] : []));
  return messages.length === 0 ? null : messages.join('\n');
}

/**
 * Merges what several nodes say of one file; one record alone comes back without its stand-ins.
 *
 * Where a node ran the whole file (which the proof calls doubled), that result stands alone.
 *
 * @param records at least one, by node.
 */
export function mergeParts(records: readonly FileRecord[]): FileRecord {
  const [first] = records as [FileRecord];
  const whole = records.find(({ parts, split, execError }) => parts === null && split === null && execError === null);
  if (whole !== undefined) return whole;
  // Nobody could load it: one node's word is enough.
  if (records.every(({ split, execError }) => split === null && execError !== null)) return first;
  const tests = sortTests(records.flatMap(ownTests), records);
  const results = records.map(({ result }) => result);
  const statuses = (...names: string[]) => tests.filter(({ test }) => names.includes(test.status)).length;
  const workers = new Set(records.map(({ worker }) => worker));
  const console = mergeConsoles(results);
  const { console: _console, ...base } = first.result;
  return {
    ...first,
    parts: records.flatMap(({ parts }) => parts ?? []),
    startMs: Math.min(...records.map(({ startMs }) => startMs)),
    wallMs: records.reduce((sum, { wallMs }) => sum + wallMs, 0),
    worker: workers.size === 1 ? first.worker : null,
    cases: mergeCases(records, tests),
    starts: mergeStarts(records, tests),
    execError: records.find(({ execError }) => execError !== null)?.execError ?? null,
    coverage: mergeCoverage(records.map(({ coverage }) => coverage)),
    result: {
      ...base,
      ...(console !== undefined && { console }),
      failureMessage: mergeFailureMessages(results),
      leaks: results.some((result) => result.leaks === true),
      numFailingTests: statuses('failed'),
      numPassingTests: statuses('passed'),
      numPendingTests: statuses('pending', 'skipped'),
      numTodoTests: statuses('todo'),
      perfStats: mergePerformance(results),
      skipped: results.every((result) => result.skipped === true),
      snapshot: mergeSnapshots(results.map(({ snapshot }) => snapshot)),
      testResults: tests.map(({ test }) => test),
    },
  };
}
