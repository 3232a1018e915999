/** The command that repeats a file, one of its tests, or all that failed, on a developer's machine. */

import { projectWords, settingWords } from './jest-flags';
import { hasControls, inOneLine, replaceControls } from './quote';

/** What such a command must know of the run; in every blob. */
export interface RepeatRecord {
  /** All arguments that Jest had. */
  readonly jestArgs: readonly string[];
  /** Values of our flags that decide what a share is, by flag. */
  readonly placing: Readonly<Record<string, string>>;
  /** From the working directory to Jest's root, POSIX, empty where they are one. */
  readonly rootPath: string;
  readonly projects: readonly RepeatProject[];
  /** Workers have variables (`env`) or hooks, which plain Jest lacks. */
  readonly hasSetups?: boolean;
}

interface RepeatProject {
  readonly name: string | null;
  /** From Jest's root, POSIX, empty for the root. */
  readonly folder: string;
  /** Whether `--selectProjects` takes its name. */
  readonly isSelectable: boolean;
}

/** Where nothing is known of a run: Jest is started in its root, with no arguments. */
export const PLAIN_REPEAT: RepeatRecord = { jestArgs: [], placing: {}, rootPath: '', projects: [] };

interface FileToRepeat {
  readonly project: string | null;
  /** From the folder of its project. */
  readonly path: string;
}

export interface TestToRepeat {
  readonly file: FileToRepeat;
  /** Full name of the test, or null for the whole file. */
  readonly name: string | null;
}

/** `packages/app` and `../shared/a.test.js` → `packages/shared/a.test.js`. */
function joinPaths(...parts: readonly string[]): string {
  const segments: string[] = [];
  for (const segment of parts.flatMap((part) => part.split('/'))) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else segments.push(segment);
  }
  return segments.join('/');
}

/** A name as a regular expression; what a shell or a person could not take in a line stands there as an escape. */
function escapePattern(text: string): string {
  return replaceControls(
    text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Jest's `-t` for these full names and no others. */
export function testPattern(names: readonly string[]): string {
  const patterns = names.map(escapePattern);
  return patterns.length === 1 ? `^${patterns[0]}$` : `^(${patterns.join('|')})$`;
}

/**
 * Paths and no patterns, because the end of one path may be the end of another; but what cannot be typed can be written as
 * a pattern.
 */
function pathWords(paths: readonly string[]): string[] {
  const distinct = [...new Set(paths)];
  if (distinct.some(hasControls)) return distinct.map((path) => `${escapePattern(path)}$`);
  return ['--runTestsByPath', ...distinct.map((path) => (path.startsWith('-') ? `./${path}` : path))];
}

/**
 * Words of one command for all of them, unquoted; the first is `npx`. Plain Jest, unless its workers would lack something.
 *
 * Where one file is to run as a whole, all tests of the others run with it: `-t` is for all files of a command.
 */
export function repeatTests(tests: readonly TestToRepeat[], record: RepeatRecord = PLAIN_REPEAT): string[] {
  const { jestArgs, rootPath, projects, hasSetups } = record;
  const projectOf = ({ project }: FileToRepeat) => projects.find(({ name }) => name === project);
  const paths = tests.map(({ file }) => joinPaths(rootPath, projectOf(file)?.folder ?? '', file.path));
  const names = new Set(tests.map(({ name }) => name));
  const pattern = testPattern([...names].map((name) => name ?? ''));
  const own = tests.map(({ file }) => projectOf(file));
  const asked = projectWords(jestArgs);
  const selects = (projects.length > 1 || asked.length > 0) && own.every((project) => project?.isSelectable);
  const selected = [...new Set(own.map((project) => project?.name ?? ''))];
  return [
    // Of several nodes that the settings may name, one that runs all of it.
    ...(hasSetups ? ['npx', 'jest-distributed', 'run', '--nodes', '1', '--'] : ['npx', 'jest']),
    ...pathWords(paths),
    ...(names.has(null) ? [] : ['-t', pattern]),
    ...[...settingWords(jestArgs), ...(selects ? ['--selectProjects', ...selected] : asked)].map(inOneLine),
  ];
}
