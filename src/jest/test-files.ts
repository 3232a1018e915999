/**
 * Jest's Tests (absolute paths, project configs) → test files named the same on every machine.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { DistributedError } from '../errors';
import { fileKey, type TestFile } from '../plan/item';
import type { JestProjectConfig, JestTest } from './shapes';

const toPosix = (file: string): string => (path.sep === '/' ? file : file.split(path.sep).join('/'));
// Only what is not ASCII can have more than one normal form; asking first keeps 10,000 files cheap.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
const toNfc = (name: string): string => (/[^\x00-\x7f]/.test(name) ? name.normalize('NFC') : name);

function relativePath(from: string, to: string): string {
  if (to.startsWith(from) && to[from.length] === path.sep) return toNfc(toPosix(to.slice(from.length + 1)));
  const relative = path.relative(from, to);
  if (path.isAbsolute(relative)) {
    throw new DistributedError({
      code: 'FILE_OUTSIDE_ROOT',
      message: `The test file ${to} cannot be named relative to ${from} (another drive).`,
      remedy: "Keep all test files on the drive of Jest's rootDir: other nodes must be able to name them too.",
    });
  }
  return toNfc(toPosix(relative));
}

/** displayName, else the project's folder relative to the root; null for the root itself. */
function projectName(config: JestProjectConfig, root: string): string | null {
  if (config.displayName !== undefined) return toNfc(config.displayName.name);
  return relativePath(root, config.rootDir) || null;
}

/** Tells two projects of one name apart by what is in their configs, which is equal on every machine. */
function configFingerprint(config: JestProjectConfig, root: string): string {
  const { id: _id, cwd: _cwd, ...rest } = config;
  const portable = JSON.stringify({ ...rest, cacheDirectory: null }, (_key, value) =>
    typeof value === 'string' ? toPosix(value.split(root).join('<root>')) : value,
  );
  return createHash('sha256').update(portable).digest('hex').slice(0, 6);
}

function nameProjects(configs: ReadonlyMap<string, JestProjectConfig>, root: string): Map<string, string | null> {
  const names = new Map([...configs].map(([id, config]) => [id, projectName(config, root)] as const));
  const uses = new Map<string | null, number>();
  for (const name of names.values()) uses.set(name, (uses.get(name) ?? 0) + 1);
  for (const [id, config] of configs) {
    const name = names.get(id) ?? null;
    if ((uses.get(name) ?? 0) > 1) names.set(id, `${name ?? '.'}#${configFingerprint(config, root)}`);
  }
  return names;
}

export interface NamedTests {
  /** In the order of the tests given. */
  readonly files: readonly TestFile[];
  readonly keys: readonly string[];
  /** POSIX paths relative to the root, where git and people look for the files. */
  readonly rootPaths: readonly string[];
}

/**
 * Names every test file.
 *
 * @param configs all project configs of the run where they are known, so that a project keeps its name when a filter
 * leaves none of its namesakes.
 * @throws DistributedError `DUPLICATE_FILE_KEY` where two tests would share a key: one of them would be lost.
 */
export function nameTests(
  tests: readonly JestTest[],
  root: string,
  configs: readonly JestProjectConfig[] = [],
): NamedTests {
  const byId = new Map(configs.map((config) => [config.id, config]));
  // Jest lists them project by project.
  let latest: JestProjectConfig | undefined;
  for (const { context } of tests) {
    if (context.config === latest) continue;
    latest = context.config;
    byId.set(latest.id, latest);
  }
  const names = nameProjects(byId, root);
  const places = new Map([...byId].map(([id, { rootDir }]) => [id, placeOf(rootDir, root, names.get(id) ?? null)]));
  const files: TestFile[] = [];
  const keys: string[] = [];
  const rootPaths: string[] = [];
  for (const { path: file, context } of tests) {
    const { project, rootDir, prefix } = places.get(context.config.id) as Place;
    const own = { project, path: relativePath(rootDir, file) };
    files.push(own);
    keys.push(fileKey(own));
    rootPaths.push(prefix + own.path);
  }
  if (new Set(keys).size < keys.length) throw duplicateKey(tests, keys, names);
  return { files, keys, rootPaths };
}

/** Where the files of a project are. */
interface Place {
  readonly project: string | null;
  readonly rootDir: string;
  /** From the root to the project's folder, with a slash at its end; empty for the root. */
  readonly prefix: string;
}

function placeOf(rootDir: string, root: string, project: string | null): Place {
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
    message: `Jest lists ${one.path} and ${other.path} under one name${project === null ? '' : ` in projects called "${project}"`}, so nodes could not tell them apart.`,
    remedy: 'Give each Jest project a displayName of its own.',
  });
}
