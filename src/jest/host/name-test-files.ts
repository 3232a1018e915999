/**
 * Jest's Tests (absolute paths, project configs) → test files named the same on every machine.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { withSlashes } from '../../blob/portable-names';
import { DistributedError } from '../../errors';
import type { Folders } from '../../files/folders';
import { fileKey, type TestFile } from '../../plan/item';
import type { JestProjectConfig, JestTest } from './jest-types';

const toNfc = (name: string): string => name.normalize('NFC');

function relativePath(from: string, to: string): string {
  // path.relative takes a tenth of a second for 10,000 files.
  if (to.startsWith(from + path.sep)) return toNfc(withSlashes(to.slice(from.length + 1)));
  const relative = path.relative(from, to);
  if (path.isAbsolute(relative)) {
    throw new DistributedError({
      code: 'FILE_OUTSIDE_ROOT',
      message: `The test file ${to} cannot be named relative to ${from} (another drive).`,
      remedy: "Keep all test files on the drive of Jest's rootDir: other nodes must be able to name them too.",
    });
  }
  return toNfc(withSlashes(relative));
}

/** displayName, else the project's folder relative to the root; null for the root itself. */
export function projectName(config: JestProjectConfig, root: string): string | null {
  if (config.displayName !== undefined) return toNfc(config.displayName.name);
  return relativePath(root, config.rootDir) || null;
}

/** Signs of a glob, which Jest escapes in the root that it puts into `testMatch`. */
const escapeGlob = (folder: string): string => folder.replace(/[!()*?[\\\]{}]/g, '\\$&');

/** Text of a config (a path, glob or regular expression) in one spelling for all machines. */
export function portableText(text: string, { rootDir, repositoryDir }: NamingFolders): string {
  let result = text.replace(/^.*node_modules[\\/]+/s, '');
  for (const [folder, name] of [[rootDir, '<root>'] as const, [repositoryDir, '<repo>'] as const]) {
    // The root of a file system stands in every path.
    if (folder === null || path.dirname(folder) === folder) continue;
    for (const spelling of [folder, escapeGlob(folder), withSlashes(folder), folder.replaceAll('\\', '\\\\')]) {
      result = result.split(spelling).join(name);
    }
  }
  return toNfc(result.replace(/[\\/]+/g, '/'));
}

/**
 * What distinguishes two projects of one name, in few digits. Only what says which files a project has and in what they
 * run: globals, options of environments and the like may hold what differs between machines.
 */
function configFingerprint(config: JestProjectConfig, folders: NamingFolders): string {
  const texts = (values: readonly (string | RegExp)[] = []) =>
    values.map((value) => portableText(typeof value === 'string' ? value : value.source, folders));
  const facts = {
    testMatch: texts(config.testMatch),
    testRegex: texts(config.testRegex),
    roots: texts(config.roots),
    testPathIgnorePatterns: texts(config.testPathIgnorePatterns),
    testEnvironment: texts([config.testEnvironment]),
    runner: texts([config.runner]),
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 6);
}

/** Groups of more than one, by what their members have in common. */
function groupsOf<Member>(members: readonly Member[], commonOf: (member: Member) => unknown): Member[][] {
  const groups = new Map<unknown, Member[]>();
  for (const member of members) {
    const common = commonOf(member);
    const group = groups.get(common);
    if (group === undefined) groups.set(common, [member]);
    else group.push(member);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/**
 * Names of the projects by id. Those of one name get a fingerprint, and those that even that does not keep apart a number in the
 * order of the list, which is Jest's and the same everywhere.
 */
function nameProjects(
  configs: ReadonlyMap<string, JestProjectConfig>,
  folders: NamingFolders,
): Map<string, string | null> {
  const names = new Map([...configs].map(([id, config]) => [id, projectName(config, folders.rootDir)] as const));
  const nameOf = (id: string) => names.get(id) ?? null;
  for (const ids of groupsOf([...names.keys()], nameOf)) {
    for (const id of ids) {
      names.set(id, `${nameOf(id) ?? '.'}#${configFingerprint(configs.get(id) as JestProjectConfig, folders)}`);
    }
  }
  for (const ids of groupsOf([...names.keys()], nameOf)) {
    ids.forEach((id, index) => {
      if (index > 0) names.set(id, `${nameOf(id)}.${index + 1}`);
    });
  }
  return names;
}

/** What names are made relative to. */
export type NamingFolders = Pick<Folders, 'rootDir' | 'repositoryDir'>;

/** A Jest project of the run, also one without test files. */
export interface NamedProject {
  readonly name: string | null;
  /** Its folder relative to the root, POSIX, empty for the root. */
  readonly folder: string;
  readonly config: JestProjectConfig;
}

export interface NamedTests {
  readonly projects: readonly NamedProject[];
  /** In the order of the tests given. */
  readonly files: readonly TestFile[];
  readonly keys: readonly string[];
  /** POSIX paths relative to the root (Unicode NFC), where git and people look for the files. */
  readonly rootPaths: readonly string[];
  /** Absolute paths as Jest has them, which open the files. */
  readonly testPaths: readonly string[];
}

/**
 * Names every test file.
 *
 * @param configs all project configs of the run: a name does not depend on which projects have files.
 * @throws DistributedError `DUPLICATE_FILE_KEY` where two tests would share a key: one of them would be lost.
 */
export function nameTests(
  tests: readonly JestTest[],
  folders: NamingFolders,
  configs: readonly JestProjectConfig[],
): NamedTests {
  const root = folders.rootDir;
  const byId = new Map(
    [...configs, ...tests.map(({ context }) => context.config)].map((config) => [config.id, config]),
  );
  const names = nameProjects(byId, folders);
  const places = new Map([...byId].map(([id, { rootDir }]) => [id, placeOf(rootDir, root, names.get(id) ?? null)]));
  const files: TestFile[] = [];
  const keys: string[] = [];
  const rootPaths: string[] = [];
  for (const { path: file, context } of tests) {
    const { project, rootDir, prefix } = places.get(context.config.id) as FilePosition;
    const own = { project, path: relativePath(rootDir, file) };
    files.push(own);
    keys.push(fileKey(own));
    rootPaths.push(prefix + own.path);
  }
  if (new Set(keys).size < keys.length) throw duplicateKey(tests, keys, names);
  const projects = [...byId].map(([id, config]) => {
    return { name: names.get(id) ?? null, folder: relativePath(root, config.rootDir), config };
  });
  return { projects, files, keys, rootPaths, testPaths: tests.map(({ path: file }) => file) };
}

/** Where the files of a project are. */
interface FilePosition {
  readonly project: string | null;
  readonly rootDir: string;
  /** From the root to the project's folder, with a slash at its end; empty for the root. */
  readonly prefix: string;
}

function placeOf(rootDir: string, root: string, project: string | null): FilePosition {
  const folder = relativePath(root, rootDir);
  return { project, rootDir, prefix: folder === '' ? '' : `${folder}/` };
}

function duplicateKey(
  tests: readonly JestTest[],
  keys: readonly string[],
  names: ReadonlyMap<string, string | null>,
): DistributedError {
  const second = keys.findIndex((key, index) => keys.indexOf(key) < index);
  const first = keys.indexOf(keys[second] as string);
  const one = tests[first] as JestTest;
  const other = tests[second] as JestTest;
  const project = names.get(one.context.config.id) ?? null;
  return new DistributedError({
    code: 'DUPLICATE_FILE_KEY',
    message: `Jest lists ${one.path} and ${other.path} under one name${project === null ? '' : ` in projects called "${project}"`}, so nodes could not distinguish them.`,
    remedy:
      one.context.config.id === other.context.config.id
        ? 'Rename one of them: git and other file systems may treat the two names as one.'
        : 'Give each Jest project a displayName of its own.',
  });
}
