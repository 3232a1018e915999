/** Reads the text of a timings file; every mistake is named with its line. */
import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { DistributedError } from '../errors';
import { fileKey, type TestFile } from '../plan/item';
import { quoteWord, shellOf } from '../shell/quote';
import { type FileTimings, type NodesByCount, noParts, noTests, type TestDurations, type Timings } from './timings';
import { timingsFormat } from './timings-format';

type Path = readonly (string | number)[];
type Members = Readonly<Record<string, unknown>>;

/** What is wrong with a value, and where it stands. */
class Problem extends Error {
  constructor(
    readonly path: Path,
    message: string,
  ) {
    super(message);
  }
}

const CONFLICT = /^(?:<{7}|\|{7}|={7}|>{7})(?= |\r?$)/m;

/** Where the durations of single tests begin in the layout that we write; a line break inside a text would be escaped. */
const TESTS_SECTION = /,\r?\n {2}"tests": \[/;

/**
 * Reads a timings file. Another layout, line ends of Windows and a byte order mark are understood; a newer minor version
 * is read without the fields that it added.
 *
 * The durations of single tests, most of the text of a large suite, are read when somebody asks for those of a file.
 *
 * @param source path of the file, for messages
 * @throws DistributedError TIMINGS_CORRUPT, TIMINGS_CONFLICT (git's markers), TIMINGS_NOT_CHECKED_OUT (Git LFS) or
 * TIMINGS_TOO_NEW, each naming the file and what is wrong with it; for the tests, when they are read.
 */
export function parseTimings(stored: string, source: string): Timings {
  const text = stored.replace(/^\ufeff/, '');
  const section = TESTS_SECTION.exec(text)?.index;
  const root = parse(section === undefined ? text : `${text.slice(0, section)}}`, text, source);
  const isNewer = located(text, source, () => isNewerMinor(root, source));
  let tests: Map<string, TestDurations> | undefined;
  const readTests = () => {
    // Without the comma in front of it.
    const own = section === undefined ? root : parse(`{${text.slice(section + 1)}`, text, source);
    tests ??= located(text, source, () => asTests(own as Members, isNewer));
    return tests;
  };
  if (section === undefined) readTests();
  return located(text, source, () =>
    asTimings(root as Members, isNewer, (file) => readTests().get(fileKey(file)) ?? noTests),
  );
}

function parse(part: string, text: string, source: string): unknown {
  try {
    return JSON.parse(part);
  } catch {
    throw notJson(text, source);
  }
}

/** @param text the whole file, which is not JSON. */
function notJson(text: string, source: string): DistributedError {
  if (text.trim() === '') return corrupt(source, 'it is empty');
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return new DistributedError({
      code: 'TIMINGS_NOT_CHECKED_OUT',
      message: `The timings file ${source} is a Git LFS pointer and not the file itself (line 1).`,
      remedy: 'Fetch it with "git lfs pull", or keep this file out of LFS: it is a small text file.',
    });
  }
  const marker = CONFLICT.exec(text);
  if (marker !== null) {
    return new DistributedError({
      code: 'TIMINGS_CONFLICT',
      message: `The timings file ${source} holds an unresolved git conflict: line ${lineAt(text, marker.index)} is a "${marker[0]}" marker.`,
      remedy: `Keep the lines of one side and delete the others with all markers: both sides are valid, and the next complete run corrects the differences. ${startOver('Or take a version without markers', source)}`,
    });
  }
  const errors: ParseError[] = [];
  parseTree(text, errors);
  const [{ error, offset }] = errors as [ParseError];
  // CommaExpected
  const what = printParseErrorCode(error).replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return corrupt(source, `line ${lineAt(text, offset)}: ${what.charAt(0).toLowerCase()}${what.slice(1)}`);
}

function located<T>(text: string, source: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const root = parseTree(text);
    const node = root && findNodeAtLocation(root, [...error.path]);
    throw corrupt(source, `line ${lineAt(text, node?.offset ?? 0)}: ${error.message}`);
  }
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function corrupt(source: string, what: string): DistributedError {
  return new DistributedError({
    code: 'TIMINGS_CORRUPT',
    message: `The timings file ${source} cannot be read: ${what}.`,
    remedy: startOver('Take a good version', source),
  });
}

/** Works whether git tracks the file or not, also where the damage was committed. */
function startOver(take: string, source: string): string {
  const file = quoteWord(source, shellOf(process.platform, process.env));
  return `${take} from an artifact or a commit ("git log --oneline -- ${file}" lists those that changed it, "git checkout <commit> -- ${file}" takes it from one). Or delete it, and drop --timings if that names it: the next complete run writes a new one.`;
}

/** A newer minor may hold fields that we do not know; in a file of our own minor they are a mistake. */
function only(members: Members, names: readonly string[], isNewer: boolean, path: Path, what: string): void {
  const unknown = isNewer ? undefined : Object.keys(members).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Problem([...path, unknown], `unknown field ${JSON.stringify(unknown)} in ${what}`);
}

interface Entry {
  readonly file: TestFile;
  readonly value: unknown;
  readonly at: Path;
}

/** Every file of a list of projects. */
function* entriesOf(list: unknown, name: string, isNewer: boolean): Generator<Entry> {
  for (const [index, entry] of asList(list, [name], `"${name}"`).entries()) {
    const members = asObject(entry, [name, index], 'a project');
    only(members, ['project', 'files'], isNewer, [name, index], 'a project');
    const project = asProjectName(required(members, 'project', [name, index]), [name, index, 'project']);
    const files = asObject(required(members, 'files', [name, index]), [name, index, 'files'], '"files"');
    for (const [path, value] of Object.entries(files)) {
      yield { file: { project, path }, value, at: [name, index, 'files', path] };
    }
  }
}

type TestsOf = (file: TestFile) => TestDurations;

function asTimings(top: Members, isNewer: boolean, testsOf: TestsOf): Timings {
  only(top, ['format', 'workers', 'assignments', 'projects', 'tests'], isNewer, [], 'the file');
  const files = new Map<string, FileTimings>();
  for (const entry of entriesOf(required(top, 'projects', []), 'projects', isNewer)) {
    const { file, at } = entry;
    if (file.path === '') throw new Problem(at, 'a file has an empty path');
    if (files.has(fileKey(file))) throw new Problem(at, `${JSON.stringify(file.path)} is in this project twice`);
    files.set(fileKey(file), asFile(entry, isNewer, testsOf));
  }
  const { workers, assignments = [] } = top;
  return {
    workers: workers === undefined ? null : asInteger(workers, ['workers'], '"workers"', 1),
    assignments: asList(assignments, ['assignments'], '"assignments"').map((count, index) =>
      asInteger(count, ['assignments', index], 'a number of nodes in "assignments"', 1),
    ),
    files,
  };
}

function asFile({ file, value, at }: Entry, isNewer: boolean, testsOf: TestsOf): FileTimings {
  const where = JSON.stringify(file.path);
  const members = asObject(value, at, where);
  only(members, ['ms', 'nodes', 'parts', 'tests'], isNewer, at, where);
  const { ms, nodes, parts, tests = 0 } = members;
  // Whoever writes such a file by hand or by a script may leave durations with their file.
  const own = typeof tests === 'object' ? asDurations(tests, [...at, 'tests'], where) : undefined;
  return {
    project: file.project,
    path: file.path,
    testCount: own?.size ?? asInteger(tests, [...at, 'tests'], `"tests" of ${where}`, 0),
    durationMs: ms === undefined ? null : asInteger(ms, [...at, 'ms'], `"ms" of ${where}`, 0),
    nodes: nodes === undefined ? {} : asNodes(nodes, [...at, 'nodes'], where),
    parts: parts === undefined ? noParts : asParts(parts, [...at, 'parts'], where),
    tests: () => own ?? testsOf(file),
  };
}

function asTests({ tests = [] }: Members, isNewer: boolean): Map<string, TestDurations> {
  const byFile = new Map<string, TestDurations>();
  for (const { file, value, at } of entriesOf(tests, 'tests', isNewer)) {
    byFile.set(fileKey(file), asDurations(value, at, JSON.stringify(file.path)));
  }
  return byFile;
}

function asDurations(value: unknown, path: Path, where: string): TestDurations {
  const what = `"tests" of ${where}`;
  const entries = Object.entries(asObject(value, path, what));
  for (const [name, ms] of entries) asInteger(ms, [...path, name], `${JSON.stringify(name)} in ${what}`, 0);
  return new Map(entries as [string, number][]);
}

/** Whether the file has a newer minor version than this package writes. */
function isNewerMinor(root: unknown, source: string): boolean {
  const format = asObject(required(asObject(root, [], 'the file'), 'format', []), ['format'], '"format"');
  const major = asInteger(required(format, 'major', ['format']), ['format', 'major'], '"format.major"', 1);
  const minor = asInteger(required(format, 'minor', ['format']), ['format', 'minor'], '"format.minor"', 0);
  if (major <= timingsFormat.major) return minor > timingsFormat.minor;
  throw new DistributedError({
    code: 'TIMINGS_TOO_NEW',
    message: `The timings file ${source} has format ${major}.${minor}, and this version of jest-distributed reads format ${timingsFormat.major}.`,
    remedy: 'Upgrade jest-distributed here to the version that wrote the file (all nodes need the same one).',
  });
}

function asParts(value: unknown, path: Path, where: string): ReadonlyMap<string, NodesByCount> {
  const parts = Object.entries(asObject(value, path, `"parts" of ${where}`));
  return new Map(parts.map(([part, nodes]) => [part, asNodes(nodes, [...path, part], where)]));
}

function asNodes(value: unknown, path: Path, where: string): NodesByCount {
  const nodes = asObject(value, path, `"nodes" of ${where}`);
  for (const [count, entry] of Object.entries(nodes)) {
    const at = [...path, count];
    if (!/^[1-9]\d*$/.test(count)) throw new Problem(at, `"${count}" is not a number of nodes (${where})`);
    const node = asInteger(entry, at, `the node of ${where}`, 1);
    if (node > Number(count)) throw new Problem(at, `node ${node} of ${count} does not exist (${where})`);
  }
  return nodes as NodesByCount;
}

function asInteger(value: unknown, path: Path, what: string, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Problem(path, `${what} must be a whole number of ${least} or more, and is ${describe(value)}`);
}

function asProjectName(value: unknown, path: Path): string | null {
  if (value === null || typeof value === 'string') return value;
  throw new Problem(path, `"project" must be a name or null, and is ${describe(value)}`);
}

function asObject(value: unknown, path: Path, what: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new Problem(path, `${what} must be an object, and is ${describe(value)}`);
}

function asList(value: unknown, path: Path, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Problem(path, `${what} must be a list, and is ${describe(value)}`);
}

function required(members: Members, name: string, path: Path): unknown {
  if (Object.hasOwn(members, name)) return members[name];
  throw new Problem(path, `"${name}" is missing`);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}
