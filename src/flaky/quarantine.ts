/**
 * The quarantine: tests that are known to fail only sometimes. They run and are reported like all others, and their
 * failure does not decide whether a run is red. Each has an owner, a reason and a last day.
 *
 * A name means exactly one test. Patterns, suites and whole files cannot be in quarantine: what somebody adds below them
 * later would be hidden with them.
 */
import { isObject } from '../options/object';

/** Its name in the project's folder. */
export const QUARANTINE_FILE = 'jest-distributed.quarantine.json';

/** Entries that a file may hold where it sets no cap. */
const DEFAULT_CAP = 10;

/** Days from the first to the last day of an entry. */
const LONGEST_DAYS = 90;

/** How the merge gives a failed test of the quarantine to the project's reporters. */
type QuarantineReport =
  /** As what it is. */
  | 'failed'
  /** As skipped, for CIs that judge by a JUnit file. */
  | 'skipped';

export interface QuarantineEntry {
  /** POSIX, relative to the folder of the quarantine file. */
  readonly file: string;
  /** Name of the project in Jest's config; absent: whichever has the file. */
  readonly project?: string;
  /** Full name: names of its describe blocks and its own, with a space between. */
  readonly test: string;
  readonly owner: string;
  readonly reason: string;
  /** First day, `2026-11-26`. */
  readonly since: string;
  /** Last day, by UTC. */
  readonly until: string;
  /** Where it is worked on: an address or a number. */
  readonly issue?: string;
}

export interface Quarantine {
  readonly cap: number;
  readonly report: QuarantineReport;
  readonly tests: readonly QuarantineEntry[];
}

export const NO_QUARANTINE: Quarantine = { cap: DEFAULT_CAP, report: 'failed', tests: [] };

const DAY_MS = 24 * 60 * 60 * 1000;

/** The day of a time, by UTC. @param timeMs milliseconds since 1970. */
export const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

/** @param day as `2026-11-26`. */
export const addDays = (day: string, days: number): string => dayOf(Date.parse(day) + days * DAY_MS);

const isDay = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  dayOf(Date.parse(value)) === value;

/** Past its last day. */
export const isExpired = ({ until }: QuarantineEntry, today: string): boolean => until < today;

/** `./src//a.test.js` → `src/a.test.js`: one file has one name, or two entries could be about it. */
const plainPath = (file: string): string =>
  file
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');

/** As people read it. */
export const entryName = ({ file, project, test }: Pick<QuarantineEntry, 'file' | 'project' | 'test'>): string =>
  `${project === undefined ? '' : `${project}: `}${file}: ${test}`;

const FIELDS = new Set(['file', 'project', 'test', 'owner', 'reason', 'since', 'until', 'issue']);
const TOP_FIELDS = new Set(['$schema', 'cap', 'report', 'tests']);

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** What is wrong with one entry, clauses that follow on its place; none where it is right. */
function problemsOfEntry(entry: Record<string, unknown>, today: string): string[] {
  const unknown = Object.keys(entry).filter((name) => !FIELDS.has(name));
  const missing = ['file', 'test', 'owner', 'reason'].filter((name) => !isText(entry[name]));
  const { file, project, issue, since, until } = entry;
  const isOutside = isText(file) && (/^(?:[/\\]|[A-Za-z]:)/.test(file) || file.split(/[/\\]/).includes('..'));
  return [
    ...unknown.map((name) => `has the unknown field "${name}"`),
    ...missing.map((name) =>
      name === 'test' ? 'names no test: a whole file cannot be in quarantine' : `has no ${name}`,
    ),
    ...(isOutside ? [`has the file "${file}", which is not below the project`] : []),
    ...(isText(file) && file.includes('\\') ? ['has backslashes in its file'] : []),
    ...(isText(file) && !isOutside && plainPath(file) !== file
      ? [`has the file "${file}"; write it as "${plainPath(file)}"`]
      : []),
    ...(project !== undefined && !isText(project) ? ['has an empty project'] : []),
    ...(issue !== undefined && !isText(issue) ? ['has an empty issue'] : []),
    ...(isDay(since) ? [] : ['has no day of the form 2026-11-26 as since']),
    ...(isDay(until) ? [] : ['has no day of the form 2026-11-26 as until']),
    ...(isDay(since) && since > addDays(today, 1) ? [`begins in the future, on ${since}`] : []),
    ...(isDay(since) && isDay(until) && until < since ? ['ends before it begins'] : []),
    ...(isDay(since) && isDay(until) && until > addDays(since, LONGEST_DAYS)
      ? [`lasts longer than ${LONGEST_DAYS} days`]
      : []),
  ];
}

/** As the files that run are named: editors and file systems have letters with accents in one piece or in two. */
const inOneForm = (entry: QuarantineEntry): QuarantineEntry => ({ ...entry, file: entry.file.normalize('NFC') });

/** Of every line that the file's JSON holds; the entries that are right, and all that is wrong, a sentence each. */
export function readQuarantine(
  value: unknown,
  today: string,
): { readonly quarantine: Quarantine; readonly problems: readonly string[] } {
  if (!isObject(value)) return { quarantine: NO_QUARANTINE, problems: ['It is not an object.'] };
  const { cap = DEFAULT_CAP, report = 'failed', tests = [] } = value;
  const problems: string[] = Object.keys(value)
    .filter((name) => !TOP_FIELDS.has(name))
    .map((name) => `It has the unknown field "${name}".`);
  if (!Number.isInteger(cap) || (cap as number) < 0) problems.push('Its cap is no whole number.');
  if (report !== 'failed' && report !== 'skipped') problems.push('Its report is neither "failed" nor "skipped".');
  if (!Array.isArray(tests)) return { quarantine: NO_QUARANTINE, problems: [...problems, 'Its tests are no list.'] };
  const entries: QuarantineEntry[] = [];
  const known = new Set<string>();
  for (const [index, entry] of tests.entries()) {
    const own = isObject(entry) ? problemsOfEntry(entry, today) : ['is not an object'];
    const name = isObject(entry) && isText(entry.file) && isText(entry.test) ? entryName(entry as never) : '';
    if (name !== '' && known.has(name)) own.push('is there twice');
    known.add(name);
    const where = `Entry ${index + 1}${name === '' ? '' : ` (${name})`}`;
    problems.push(...own.map((clause) => `${where} ${clause}.`));
    if (own.length === 0) entries.push(inOneForm(entry as unknown as QuarantineEntry));
  }
  if (Number.isInteger(cap) && tests.length > (cap as number)) {
    problems.push(`It has ${tests.length} entries, more than its cap of ${cap as number}.`);
  }
  return {
    quarantine: { cap: cap as number, report: report as QuarantineReport, tests: entries },
    problems,
  };
}

/** One text for one content, in whatever order and layout the file has it: what nodes compare. */
export function canonicalQuarantine({ cap, report, tests }: Quarantine): string {
  const sorted = tests
    .map(({ file, project = null, test, owner, reason, since, until, issue = null }) =>
      JSON.stringify([file, project, test, owner, reason, since, until, issue]),
    )
    .sort();
  return JSON.stringify([cap, report, sorted]);
}

/** A test that has run, as its quarantine is looked up. */
export interface RanTest {
  /** POSIX, relative to the folder of the quarantine file. */
  readonly file: string;
  readonly project: string | null;
  readonly name: string;
}

/** The entry that is about a test, expired or not. */
export function entryOf({ tests }: Quarantine, { file, project, name }: RanTest): QuarantineEntry | undefined {
  return tests.find(
    (entry) => entry.file === file && entry.test === name && (entry.project === undefined || entry.project === project),
  );
}

/**
 * What may be held back: without entries that name no project where several projects have their file. A failure in one
 * of them would be hidden by what is known of the other.
 *
 * @param projectsWith how many projects of the run have a file, by its path in the quarantine.
 */
export function withoutSharedFiles(quarantine: Quarantine, projectsWith: (file: string) => number): Quarantine {
  const tests = quarantine.tests.filter(({ file, project }) => project !== undefined || projectsWith(file) <= 1);
  return { ...quarantine, tests };
}

/** A file's result, as much of it as decides whether its failures are held back. */
export interface HeldFile {
  readonly file: string;
  readonly project: string | null;
  /** It failed outside its tests: it did not load, or a hook of the file failed. */
  readonly hasExecError: boolean;
  readonly tests: readonly { readonly fullName: string; readonly status: string }[];
}

/**
 * Failed tests of a file that do not decide, by their index.
 *
 * None where the file failed outside its tests. A name that several tests of the file share is no name of one test.
 */
export function heldTests(
  quarantine: Quarantine,
  { file, project, hasExecError, tests }: HeldFile,
  today: string,
): ReadonlyMap<number, QuarantineEntry> {
  const held = new Map<number, QuarantineEntry>();
  if (hasExecError || quarantine.tests.length === 0) return held;
  for (const [index, { fullName, status }] of tests.entries()) {
    if (status !== 'failed') continue;
    const entry = entryOf(quarantine, { file, project, name: fullName });
    if (entry === undefined || isExpired(entry, today)) continue;
    if (tests.filter((other) => other.fullName === fullName).length > 1) continue;
    held.set(index, entry);
  }
  return held;
}
