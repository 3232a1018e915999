/**
 * Finds blobs.
 */
import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';
import { findMeant } from '../options/did-you-mean';
import { BLOB_SUFFIX, PARTIAL_SUFFIX } from './blob-file';
import { unreadableText } from './fs-error-text';

/** Something that is called like a blob, or may hold some, and is not to be read. */
interface NoBlob {
  readonly path: string;
  /** What it is, as the end of a sentence that begins with it: `is a folder`. */
  readonly fact: string;
}

export interface BlobList {
  /** Absolute paths of regular files, sorted. */
  readonly files: readonly string[];
  readonly others: readonly NoBlob[];
}

/** Artifacts of CIs nest three or four folders; deeper ones are nobody's. */
const DEEPEST_FOLDER = 32;

const isCalledBlob = (name: string): boolean => name.endsWith(BLOB_SUFFIX) || name.endsWith(PARTIAL_SUFFIX);

interface FileKind {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isSymbolicLink(): boolean;
}

/** Reading a pipe or a device may never end. */
function kindText(kind: FileKind): string {
  if (kind.isDirectory()) return 'is a folder';
  if (kind.isFIFO()) return 'is a named pipe';
  if (kind.isSocket()) return 'is a socket';
  return 'is a device';
}

/** Why a link is not followed, or undefined where it leads to a regular file in one of the folders. */
function linkFault(link: string, folders: readonly string[]): string | undefined {
  let target: string;
  try {
    target = realpathSync(link);
  } catch (error) {
    return unreadableText(error);
  }
  const isInside = folders.some((folder) => target.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep));
  if (!isInside) return 'is a symbolic link to a path outside the artifact folder';
  const kind = lstatSync(target);
  return kind.isFile() ? undefined : `is a symbolic link to what ${kindText(kind)}`;
}

function walk(
  folder: string,
  depth: number,
  visit: (file: string, entry: Dirent) => void,
  fail: (place: NoBlob) => void,
): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    fail({ path: folder, fact: unreadableText(error) });
    return;
  }
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    visit(file, entry);
    if (!entry.isDirectory()) continue;
    if (depth < DEEPEST_FOLDER) walk(file, depth + 1, visit, fail);
    else fail({ path: file, fact: `is nested deeper than ${DEEPEST_FOLDER} folders` });
  }
}

/** A question that ends in a blank; empty where nothing of a name like it is there. */
function meantPlace(place: string): string {
  const { dir, base } = path.parse(path.normalize(place));
  try {
    const entries = readdirSync(dir === '' ? '.' : dir, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() || isCalledBlob(entry.name)).map(({ name }) => name);
    const [meant] = findMeant(base, names.sort());
    return meant === undefined ? '' : `Did you mean ${path.join(dir, meant)}? `;
  } catch {
    // Its parent is not there either.
    return '';
  }
}

/** @returns null where it is a file to be read. */
function statPlace(place: string): FileKind {
  try {
    return statSync(place);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new DistributedError({
        code: 'REPORT_DIR_UNREADABLE',
        message: `${place} ${unreadableText(cause)}.`,
        remedy: 'Name the folder that holds the artifacts of all nodes, and make it readable for this user.',
        cause,
      });
    }
    throw new DistributedError({
      code: 'REPORT_DIR_MISSING',
      message: `There is no ${place} to read blobs from.`,
      remedy:
        meantPlace(place) +
        'Name the folder that holds the artifacts of all nodes. Nodes write there when they run with `npx jest-distributed run`, or with jest-distributed/reporter among their reporters.',
      cause,
    });
  }
}

/**
 * All blobs below the given folders (or files).
 *
 * Folders may be artifacts of a fork: links that lead out of them are not followed.
 *
 * @throws DistributedError `REPORT_DIR_MISSING` where a folder does not exist.
 */
export function listBlobs(places: readonly string[]): BlobList {
  const files = new Set<string>();
  const others = new Map<string, NoBlob>();
  const fail = (place: NoBlob) => others.set(place.path, place);
  const kinds = places.map((place) => [path.resolve(place), statPlace(place)] as const);
  const folders = kinds.filter(([, kind]) => kind.isDirectory()).map(([place]) => realpathSync(place));
  for (const [place, kind] of kinds) {
    if (kind.isFile()) files.add(place);
    else if (!kind.isDirectory()) fail({ path: place, fact: kindText(kind) });
    else {
      walk(
        place,
        0,
        (file, entry) => {
          if (!isCalledBlob(entry.name)) return;
          const fault = entry.isSymbolicLink()
            ? linkFault(file, folders)
            : entry.isFile()
              ? undefined
              : kindText(entry);
          if (fault === undefined) files.add(file);
          else fail({ path: file, fact: fault });
        },
        fail,
      );
    }
  }
  return { files: [...files].sort(), others: [...others.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
