/**
 * What the files of a checkout are: path, kind and content of each, and one digest of all. Both ends of a copy use it, so
 * that equal trees have equal digests. What is unchanged since it was read is not read again.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, renameSync, type Stats, writeFileSync } from 'node:fs';
import path from 'node:path';

type Kind = 'file' | 'program' | 'link';

export interface TreeFile {
  /** POSIX, relative to the top. */
  readonly path: string;
  readonly kind: Kind;
  /** Bytes; 0 of a link. */
  readonly size: number;
  /** SHA-1 of the content; of a link that of its target. */
  readonly digest: string;
}

export interface Tree {
  /** By path, sorted. */
  readonly files: readonly TreeFile[];
  readonly digest: string;
}

/** What was read, and what the file system said of it then. */
type Known = Record<string, readonly [stamp: string, digest: string]>;

/** A file that was changed so shortly before it was read may change once more without another time. */
const SETTLED_MS = 1_000;

function readKnown(file: string): Known {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Known;
  } catch {
    // None yet, or half written: everything is read.
    return {};
  }
}

function writeKnown(file: string, known: Known): void {
  const partial = `${file}.${process.pid}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(partial, JSON.stringify(known), { mode: 0o600 });
  renameSync(partial, file);
}

export const digestOf = (content: Buffer | string): string => createHash('sha1').update(content).digest('hex');

/** Of the files alone, in their order. */
function treeDigest(files: readonly TreeFile[]): string {
  const hash = createHash('sha256');
  for (const { path: name, kind, digest } of files) hash.update(`${name}\0${kind}\0${digest}\n`);
  return hash.digest('hex');
}

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Reads the files; those that are not there, or are folders, are left out.
 *
 * @param top absolute.
 * @param paths POSIX, relative to it.
 * @param memory absolute path of a file that keeps what was read, for the next time; null where nobody asks again.
 * @param isLeftOut files that do not belong to it, by what the file system says of them.
 */
export function readTree(
  top: string,
  paths: readonly string[],
  memory: string | null,
  isLeftOut: (stats: Stats) => boolean = () => false,
): Tree {
  const before = memory === null ? {} : readKnown(memory);
  const known: Known = {};
  const files: TreeFile[] = [];
  const startedAt = Date.now();
  let isNew = false;
  for (const name of [...new Set(paths)].sort(inOrder)) {
    const file = path.join(top, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined || !(stats.isFile() || stats.isSymbolicLink()) || isLeftOut(stats)) continue;
    const isLink = stats.isSymbolicLink();
    const kind = isLink ? 'link' : stats.mode & 0o100 ? 'program' : 'file';
    const stamp = `${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.ino}`;
    const past = before[name];
    let digest: string;
    if (past?.[0] === stamp) digest = past[1];
    else {
      digest = digestOf(isLink ? readlinkSync(file) : readFileSync(file));
      isNew = true;
    }
    if (startedAt - stats.ctimeMs > SETTLED_MS) known[name] = [stamp, digest];
    files.push({ path: name, kind, size: isLink ? 0 : stats.size, digest });
  }
  const isKnown = !isNew && Object.keys(before).length === Object.keys(known).length;
  if (memory !== null && !isKnown) writeKnown(memory, known);
  return { files, digest: treeDigest(files) };
}
