/**
 * Durations from JUnit XML, as jest-junit and its like write it.
 *
 * jest-junit by default names neither file nor path: `<testsuite name="{first describe}">`. Then every suite is
 * reported as without a path; with `addFileAttribute`, or a suite or class name of `{filepath}`, files are known.
 */
import { fileKey, type TestFile } from '../plan/item';
import {
  type ImportedDurations,
  isLocated,
  type ReportToImport,
  type UnmatchedEntry,
  unreadableReport,
} from './import';
import { type JunitCase, type JunitSuite, readJunit } from './junit-cases';
import { type Locate, locateFiles } from './match-report-paths';
import type { FileDuration } from './update';

/** The remedy where a report names no files. */
export const junitPathRemedy =
  'Let jest-junit write paths: JEST_JUNIT_ADD_FILE_ATTRIBUTE=true, or JEST_JUNIT_SUITE_NAME={filepath}.';

interface NamedTest {
  readonly name: string;
  readonly durationMs: number;
}

interface Measured {
  readonly file: TestFile;
  durationMs: number;
  ok: boolean;
  readonly tests: NamedTest[];
}

/**
 * @throws DistributedError IMPORT_UNREADABLE where the text is not XML (with line and column) or no JUnit report
 */
export function importJunit({ text, source, known, root }: ReportToImport): ImportedDurations {
  const suites = readSuites(text, source);
  const locate = locateFiles(
    suites.flatMap((suite) => [...suitePaths(suite), ...suite.cases.flatMap(casePaths)]),
    known,
    root,
  );
  const unmatched: UnmatchedEntry[] = [];
  const found = new Map<string, Measured>();
  const doubled = new Set<string>();
  for (const suite of suites) {
    const outcome = measureSuite(suite, locate);
    if (!Array.isArray(outcome)) {
      unmatched.push(outcome);
      continue;
    }
    for (const measured of outcome) {
      const key = fileKey(measured.file);
      const earlier = found.get(key);
      if (earlier === undefined) {
        found.set(key, measured);
      } else if (sharesTest(earlier, measured)) {
        doubled.add(key);
        unmatched.push({ name: measured.file.path, reason: 'several-runs' });
      } else {
        // A layout with a suite for each describe: the file took as long as all of them.
        addTo(earlier, measured);
      }
    }
  }
  for (const key of doubled) found.delete(key);
  return {
    durations: [...found.values()].map(
      ({ file, durationMs, ok, tests }): FileDuration => ({ ...file, durationMs, ok, tests }),
    ),
    unmatched,
  };
}

function readSuites(xml: string, source: string): readonly JunitSuite[] {
  const remedy = 'Give a JUnit XML file, such as jest-junit writes.';
  let read: ReturnType<typeof readJunit>;
  try {
    read = readJunit(xml);
  } catch (error) {
    throw unreadableReport(
      source,
      `it is not XML (line and column ${(error as Error).message.replace(/\.$/, '')})`,
      remedy,
    );
  }
  if (!read.hasRoot) throw unreadableReport(source, 'it has no <testsuite> or <testsuites>', remedy);
  return read.suites.filter(({ cases }) => cases.length > 0);
}

/** One file for the whole suite, or the files of its cases, or why there is none. */
function measureSuite(suite: JunitSuite, locate: Locate): Measured[] | UnmatchedEntry {
  const name = suitePaths(suite)[0] ?? '(suite without a name)';
  const whole = firstFound(suitePaths(suite), locate);
  const owners = suite.cases.map((testCase) => firstFound(casePaths(testCase), locate));
  const located = [whole, ...owners].filter(isLocated);
  const files = new Map(located.map((file) => [fileKey(file), file]));
  if (files.size === 1 && located[0] !== undefined) {
    const durationMs = milliseconds(suite.attributes.time) ?? sumOf(suite.cases);
    // jest-junit gives a file that crashed no time at all.
    return durationMs === undefined || durationMs === 0
      ? { name, reason: 'not-measured' }
      : [{ file: located[0], durationMs, ok: suite.cases.every(isOk), tests: namedTests(suite.cases) }];
  }
  if (files.size === 0) {
    const reasons = [whole, ...owners];
    const saysPath = suite.attributes.file ?? suite.cases.find(({ attributes }) => attributes.file)?.attributes.file;
    if (reasons.includes('ambiguous')) return { name: saysPath ?? name, reason: 'ambiguous' };
    return saysPath === undefined
      ? { name, reason: looksLikePath(name) ? 'unknown' : 'no-path' }
      : { name: saysPath, reason: 'unknown' };
  }
  return owners.every(isLocated) ? measureCases(suite.cases, owners) : { name, reason: 'ambiguous' };
}

/** One suite over many files: only the cases have times, and what the files took beyond them is not known. */
function measureCases(cases: readonly JunitCase[], owners: readonly TestFile[]): Measured[] {
  const byFile = new Map<string, Measured>();
  cases.forEach((testCase, index) => {
    const file = owners[index] as TestFile;
    const measured = {
      file,
      durationMs: milliseconds(testCase.attributes.time) ?? 0,
      ok: isOk(testCase),
      tests: namedTests([testCase]),
    };
    const earlier = byFile.get(fileKey(file));
    if (earlier === undefined) byFile.set(fileKey(file), measured);
    else addTo(earlier, measured);
  });
  return [...byFile.values()];
}

function sharesTest(a: Measured, b: Measured): boolean {
  const names = new Set(a.tests.map(({ name }) => name));
  return b.tests.some(({ name }) => names.has(name));
}

function addTo(sum: Measured, { durationMs, ok, tests }: Measured): void {
  sum.durationMs += durationMs;
  sum.ok &&= ok;
  sum.tests.push(...tests);
}

function suitePaths({ attributes: { file, filepath, name } }: JunitSuite): string[] {
  return [file, filepath, name].filter((text) => text !== undefined && text !== '') as string[];
}

function casePaths({ attributes: { file, classname } }: JunitCase): string[] {
  return [file, classname].filter((text) => text !== undefined && text !== '') as string[];
}

function firstFound(paths: readonly string[], locate: Locate): ReturnType<Locate> {
  const found = paths.map(locate);
  return found.find(isLocated) ?? (found.includes('ambiguous') ? 'ambiguous' : 'unknown');
}

/**
 * Full names as Jest joins them. jest-junit's default puts the full name into both attributes; with separate ones the
 * class name holds the describes, unless it is the file.
 */
function namedTests(cases: readonly JunitCase[]): NamedTest[] {
  const namesAreFull = cases.every(
    ({ attributes: { name = '', classname = '' } }) => name.startsWith(classname.trimEnd()) || looksLikePath(classname),
  );
  return cases.flatMap(({ attributes: { name = '', classname = '', time }, outcome }) => {
    const durationMs = milliseconds(time);
    if (outcome === 'skipped' || durationMs === undefined) return [];
    return [{ name: (namesAreFull ? name : `${classname} ${name}`).trim(), durationMs }];
  });
}

function sumOf(cases: readonly JunitCase[]): number | undefined {
  const times = cases.map(({ attributes }) => milliseconds(attributes.time)).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : times.reduce((sum, time) => sum + time, 0);
}

function isOk({ outcome }: JunitCase): boolean {
  return outcome !== 'failed';
}

function looksLikePath(text: string): boolean {
  return /[\\/][^\\/\s]+\.[cm]?[jt]sx?$|^[^\\/\s]+\.[cm]?[jt]sx?$/.test(text);
}

/** Milliseconds of a time in seconds; some writers group thousands with commas. */
function milliseconds(time: string | undefined): number | undefined {
  if (time === undefined || time.trim() === '') return undefined;
  const value = Number(time.replace(/(?<=\d),(?=\d{3})/g, ''));
  return Number.isFinite(value) && value >= 0 ? value * 1000 : undefined;
}
