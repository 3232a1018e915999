/** What tests write into a copy and a person wants to have: snapshots. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '../tree';
import type { CopyFolder } from './copy-folder';

/** Folders that hold no test of the project. */
const SKIPPED = new Set(['node_modules', '.git', '.jest-distributed']);

function* findSnapshots(top: string, folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(top, folder), { withFileTypes: true })) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* findSnapshots(top, name);
    } else if (entry.isFile() && entry.name.endsWith('.snap')) yield name;
  }
}

/** @param others POSIX paths, relative to the top; those that are not there are left out. */
export function readWritten({ tree }: CopyFolder, others: readonly string[]): { path: string; digest: string }[] {
  const paths = [...findSnapshots(tree, ''), ...others.filter((name) => existsSync(path.join(tree, name)))];
  return paths.map((name) => ({ path: name, digest: digestOf(readFileSync(path.join(tree, name))) }));
}
