/** What one Jest run reported, made comparable: less times, and in an order of its own. */
import type { Finished } from '../../support/projects';

export type Data = null | boolean | number | string | Data[] | { [key: string]: Data };

export interface Outcome extends Finished {
  readonly json: { [key: string]: Data };
  readonly junit: string;
}

const TIMES = new Set(['startTime', 'endTime', 'duration', 'startAt']);

/** Node notes its own scheduler in a stack or not, by what else was due in that turn. */
const SCHEDULER_FRAME = /\n *at (?:process\.)?processTicksAndRejections \(node:internal[^\n]*/g;

/** Less times, and in an order of its own: which file ends first is nobody's promise. */
export function timeless(value: Data): Data {
  if (typeof value === 'string') return value.replace(SCHEDULER_FRAME, '');
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !TIMES.has(key));
  return Object.fromEntries(
    kept.map(([key, entry]) => [key, key === 'testResults' ? sortResults(entry) : timeless(entry)]),
  );
}

function sortResults(results: Data | undefined): Data {
  const list = (results as { name: string }[]).map((result) => [result.name, timeless(result as Data)] as const);
  return list.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, result]) => result);
}

/** Coverage is compared by itself; Jest's per-file field of it is emptied by the reporters of a plain run too. */
export function reportOf({ json }: Outcome): Data {
  const { coverageMap, ...report } = json;
  return timeless(report);
}

/** `testsuite` elements less times, sorted. */
export const suitesOf = ({ junit }: Outcome): string[] =>
  junit
    .replace(SCHEDULER_FRAME, '')
    .replace(/ (time|timestamp)="[^"]*"/g, '')
    .split(/(?=<testsuite )/)
    .map((suite) => suite.replace('</testsuites>', '').trim())
    .sort();

/** What the summary says: totals, snapshots, thresholds. */
export const summaryOf = ({ stderr }: Outcome): string[] =>
  stderr
    .split('\n')
    .filter((line) => /^(Test Suites|Tests|Snapshots|Ran all|Jest:| › | {3}↳)/.test(line))
    .sort();

interface FileCoverage {
  readonly path: string;
  readonly s: Data;
  readonly f: Data;
  readonly b: Data;
}

export function coverageOf({ json }: Outcome): Map<string, Data> {
  const files = Object.values((json.coverageMap ?? {}) as unknown as Record<string, FileCoverage>);
  const entries = files.map((file) => [file.path, { s: file.s, f: file.f, b: file.b }] as const);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
