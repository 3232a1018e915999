/** Brings home what Jest has written on a host: new and changed snapshots, and tests with inline snapshots. */
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isWithin } from '../../files/folders';
import type { AgentWire } from './connect-host';
import type { Checkout } from './copy-tree';
import { isPlainPath } from './plain-path';
import { readTree } from './tree';

/** Of one call. */
const BATCH = 50;

export interface FetchedSnapshots {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Changed here since the run began, and left as they are. */
  readonly kept: readonly string[];
}

const isSnapshot = (name: string): boolean => name.endsWith('.snap');

/** A host changes no test but one that has inline snapshots. */
const hasInlineSnapshots = (file: string): boolean =>
  existsSync(file) && /InlineSnapshot/.test(readFileSync(file, 'utf8'));

/** Whether the folder of a file lies in the checkout, also where links lead. */
function staysInside(top: string, name: string): boolean {
  let folder = path.dirname(path.join(top, name));
  while (!existsSync(folder)) folder = path.dirname(folder);
  return isWithin(realpathSync(folder), realpathSync(top));
}

/**
 * @param testFiles POSIX paths of test files, relative to the top, NFC.
 */
export async function fetchSnapshots(
  wire: AgentWire,
  { top, tree }: Checkout,
  testFiles: readonly string[],
): Promise<FetchedSnapshots> {
  const before = new Map(tree.files.map((file) => [file.path, file.digest]));
  // The tree has names as the file system spells them.
  const spelled = new Map(tree.files.map((file) => [file.path.normalize('NFC'), file.path]));
  const tests = testFiles.flatMap((name) => spelled.get(name) ?? []);
  const asked = new Set(tests.filter((name) => hasInlineSnapshots(path.join(top, name))));
  const { files } = await wire.call('written', { others: [...asked] });
  const mayCome = (name: string) =>
    isPlainPath(name) && (isSnapshot(name) || asked.has(name)) && staysInside(top, name);
  const changed = files.filter((file) => mayCome(file.path) && before.get(file.path) !== file.digest);
  const there = new Set(files.map((file) => file.path));
  const gone = [...before.keys()].filter((name) => isSnapshot(name) && !there.has(name));
  const now = new Map(
    readTree(top, [...changed.map((file) => file.path), ...gone], null).files.map((file) => [file.path, file.digest]),
  );
  // Whoever edits a file while tests run keeps what was written; another host may have brought the same.
  const isUntouched = (name: string) => now.get(name) === before.get(name);
  const wanted = changed.filter((file) => now.get(file.path) !== file.digest);
  const taken = wanted.filter((file) => isUntouched(file.path)).map((file) => file.path);
  for (let from = 0; from < taken.length; from += BATCH) {
    const paths = taken.slice(from, from + BATCH);
    const { data } = await wire.call('read', { paths });
    paths.forEach((name, index) => {
      mkdirSync(path.join(top, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(top, name), Buffer.from(data[index] as string, 'base64'));
    });
  }
  const removed = gone.filter((name) => now.has(name) && isUntouched(name));
  for (const name of removed) rmSync(path.join(top, name));
  return {
    written: taken,
    removed,
    kept: wanted.map((file) => file.path).filter((name) => !taken.includes(name)),
  };
}
