/**
 * What this checkout holds, found out beside the first tests: contents of the test files found, Jest's config, settings.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { JsonObject } from '../../blob/blob';
import { CONTENT_DIGITS, type ConfigRecord, inTreeOrder, type TreeRecord } from '../../blob/tree-line';
import { hashChanges, readContents } from '../../files/contents';
import type { Folders } from '../../files/folders';
import type { NodeIdentity } from '../../node/identity';
import type { Options } from '../../options/resolve';
import { fileKey, type TestFile } from '../../plan/item';
import { isLocalNode } from '../channels/progress';
import { type NamedProject, type NamingFolders, portableText } from '../host/name-test-files';
import { DEFAULT_TIMINGS_PATH } from './timings-source';

/**
 * Settings of a project that decide which tests it has and how they run. Not globals, options of environments and
 * transforms, caches: those may differ between machines, hold ports, or the path of a checkout inside a text.
 */
const DECISIVE = [
  'automock',
  'clearMocks',
  'extensionsToTreatAsEsm',
  'fakeTimers',
  'injectGlobals',
  'moduleDirectories',
  'moduleFileExtensions',
  'moduleNameMapper',
  'modulePathIgnorePatterns',
  'modulePaths',
  'preset',
  'resetMocks',
  'resetModules',
  'resolver',
  'restoreMocks',
  'roots',
  'runner',
  'runtime',
  'setupFiles',
  'setupFilesAfterEnv',
  'snapshotResolver',
  'snapshotSerializers',
  'testEnvironment',
  'testMatch',
  'testPathIgnorePatterns',
  'testRegex',
  'testRunner',
  'transformIgnorePatterns',
  'unmockedModulePathPatterns',
] as const;

/** Hexadecimal digits of a setting's digest. */
const SETTING_DIGITS = 8;

function digestSetting(value: unknown, folders: NamingFolders): string {
  const portable = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return portableText(part, folders);
    return part instanceof RegExp ? portableText(part.source, folders) : part;
  });
  return createHash('sha256').update(portable).digest('hex').slice(0, SETTING_DIGITS);
}

/** To be called before anything of ours changes a config. */
export function describeConfigs(projects: readonly NamedProject[], folders: NamingFolders): ConfigRecord[] {
  return projects.map(({ name, folder, config }) => {
    const values = config as unknown as Readonly<Record<string, unknown>>;
    const settings = DECISIVE.filter((setting) => values[setting] !== undefined && values[setting] !== null);
    return {
      project: name,
      folder,
      settings: Object.fromEntries(settings.map((setting) => [setting, digestSetting(values[setting], folders)])),
    };
  });
}

/** Settings that a plan is made by. With a plan file they decide nothing. */
function describeSettings(options: Options): JsonObject | null {
  if (options.plan !== undefined) return null;
  const { hashBy, strategy, workers, split, whole, group, splitLocal } = options;
  return {
    hashBy: hashBy.value,
    strategy: strategy?.value ?? null,
    workers: workers?.value ?? null,
    split: split?.value ?? null,
    whole: whole?.value ?? null,
    group: group?.value ?? null,
    splitLocal: splitLocal.value,
  };
}

export interface TreeFacts {
  /** Jest's root, absolute. */
  readonly root: string;
  readonly found: readonly TestFile[];
  /** Absolute paths, in the order of `found`. */
  readonly testPaths: readonly string[];
  readonly configRecords: readonly ConfigRecord[];
  readonly options: Options;
  readonly identity: NodeIdentity;
  readonly folders: Folders;
}

/** Names of contents by POSIX path relative to the top of the working tree. */
type Changes = Readonly<Record<string, string>>;

export interface CheckoutTree {
  readonly record: TreeRecord;
  /** All that a person has not committed; empty where a CI runs, and where git does not know. */
  readonly changes: Changes;
}

/**
 * Changes that a person has not committed, who may go on working between the starts of two nodes. Not the timings: a
 * merge writes them. Nor the nodes of one `run --local`, which start together: only their tests change files meanwhile.
 */
function comparedChanges({ testPaths, folders, options }: TreeFacts, changes: Changes): Changes {
  const { repositoryDir, projectDir } = folders;
  if (repositoryDir === null) return {};
  const timings = [DEFAULT_TIMINGS_PATH, ...(options.timings?.value ?? [])];
  const compared = new Set([...testPaths, ...timings.map((file) => path.resolve(projectDir, file))]);
  return Object.fromEntries(
    Object.entries(changes)
      .filter(([name]) => !compared.has(path.join(repositoryDir, name)))
      .map(([name, content]) => [name, content.slice(0, CONTENT_DIGITS)]),
  );
}

async function readCheckout(facts: TreeFacts): Promise<CheckoutTree> {
  const { root, found, testPaths, configRecords, options, identity } = facts;
  const places = new Map(found.map((file, index) => [fileKey(file), testPaths[index] as string]));
  const paths = inTreeOrder(found).map((file) => places.get(fileKey(file)) as string);
  const contents = await readContents(root, paths);
  const { names, algorithm, dirty } = contents;
  // A CI may write into its checkouts, each in its own way; a person goes on working in the one there is.
  const changes = identity.run.rerun === 'person' ? await hashChanges(contents) : null;
  const record: TreeRecord = {
    dirty,
    ...(changes !== null && !isLocalNode() && { changed: comparedChanges(facts, changes) }),
    algorithm,
    files: names.map((name) => name?.slice(0, CONTENT_DIGITS) ?? null),
    configs: configRecords,
    settings: describeSettings(options),
  };
  return { record, changes: changes ?? {} };
}

/** What is known where nobody could wait for the contents: they are compared with nobody's. */
export function unreadTree({ found, configRecords, options }: TreeFacts): TreeRecord {
  return {
    dirty: null,
    algorithm: 'sha1',
    files: found.map(() => null),
    configs: configRecords,
    settings: describeSettings(options),
  };
}

const trees = new WeakMap<TreeFacts, Promise<CheckoutTree>>();

/** What this checkout holds, read once for all who ask. */
export function treeOf(facts: TreeFacts): Promise<CheckoutTree> {
  let reading = trees.get(facts);
  if (reading === undefined) {
    reading = readCheckout(facts);
    // Reported where it is awaited.
    reading.catch(() => undefined);
    trees.set(facts, reading);
  }
  return reading;
}
