/** The copy's files: what must come, what must go, and what is written. */
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { WriteRequest } from '../protocol';
import { readTree, type Tree, type TreeFile } from '../tree';
import type { CopyFolder } from './copy-folder';

const listFile = ({ path: folder }: CopyFolder): string => path.join(folder, 'files.json');

/** Paths of what was copied here, the last time. */
function readList(copy: CopyFolder): readonly string[] {
  try {
    return JSON.parse(readFileSync(listFile(copy), 'utf8')) as readonly string[];
  } catch {
    return [];
  }
}

function writeList(copy: CopyFolder, files: readonly string[]): void {
  const partial = `${listFile(copy)}.partial`;
  writeFileSync(partial, JSON.stringify(files), { mode: 0o600 });
  renameSync(partial, listFile(copy));
}

/** What was copied, as it is now: tests may have changed it. */
export const readCopy = (copy: CopyFolder): Tree => readTree(copy.tree, readList(copy), copy.memory);

/** Removes a file, and the folders that held nothing else. */
function removeFile(tree: string, name: string): void {
  rmSync(path.join(tree, name), { force: true, recursive: true });
  for (let folder = path.dirname(name); folder !== '.'; folder = path.dirname(folder)) {
    try {
      rmdirSync(path.join(tree, folder));
    } catch {
      return;
    }
  }
}

/** A folder where a file belongs, or a link or a file where a folder belongs: what was there has another kind now. */
function clearWay(tree: string, name: string): void {
  const target = lstatSync(path.join(tree, name), { throwIfNoEntry: false });
  if (target?.isDirectory()) rmSync(path.join(tree, name), { recursive: true });
  const steps = name.split('/');
  for (let count = 1; count < steps.length; count++) {
    const folder = path.join(tree, ...steps.slice(0, count));
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      rmSync(folder);
      return;
    }
  }
}

/** Snapshot files that tests have written here and that the checkout does not have: Jest would read them. */
function removeStraySnapshots(tree: string, wanted: ReadonlySet<string>): void {
  const folders = new Set([...wanted].map((name) => path.posix.dirname(name)));
  for (const folder of folders) {
    const snapshots = path.posix.join(folder, '__snapshots__');
    const place = path.join(tree, snapshots);
    if (!existsSync(place)) continue;
    for (const name of readdirSync(place)) {
      const file = path.posix.join(snapshots, name);
      if (name.endsWith('.snap') && !wanted.has(file)) removeFile(tree, file);
    }
  }
}

/**
 * Makes room for the files of a checkout.
 *
 * @returns places in the list of those that are not here as they should be.
 */
export function compareTree(copy: CopyFolder, files: readonly TreeFile[]): number[] {
  const here = new Map(readCopy(copy).files.map((file) => [file.path, file]));
  const wanted = new Set(files.map((file) => file.path));
  for (const name of here.keys()) if (!wanted.has(name)) removeFile(copy.tree, name);
  removeStraySnapshots(copy.tree, wanted);
  // Before anything comes: should this be cut off, what has come is known.
  writeList(copy, [...wanted]);
  return files.flatMap(({ path: name, kind, digest }, index) => {
    const known = here.get(name);
    if (known?.digest === digest && known.kind === kind) return [];
    clearWay(copy.tree, name);
    return [index];
  });
}

export function writeFiles(copy: CopyFolder, files: readonly WriteRequest[]): void {
  for (const { path: name, kind, data, offset } of files) {
    const file = path.join(copy.tree, name);
    const bytes = Buffer.from(data, 'base64');
    if (offset === 0) {
      mkdirSync(path.dirname(file), { recursive: true });
      rmSync(file, { force: true });
    }
    if (kind === 'link') {
      symlinkSync(bytes.toString(), file);
      continue;
    }
    const descriptor = openSync(file, offset === 0 ? 'w' : 'r+');
    try {
      let written = 0;
      while (written < bytes.length)
        written += writeSync(descriptor, bytes, written, bytes.length - written, offset + written);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(file, kind === 'program' ? 0o755 : 0o644);
  }
}
