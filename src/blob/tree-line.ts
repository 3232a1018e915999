/**
 * What a node's checkout held: the content of every test file found, the Jest config and our settings. In a line of its
 * own, because finding it out goes on beside the first tests.
 *
 * All nodes write the same bytes, so a reader parses the first such line and knows the others by their hash.
 */
import { fileKey, type TestFile } from '../plan/item';
import type { JsonObject } from './blob';

/** One Jest project as this checkout configures it. */
export interface ConfigRecord {
  readonly project: string | null;
  /** Its folder relative to Jest's root, POSIX, empty for the root. */
  readonly folder: string;
  /** Digest of each setting that decides how its tests run, by the setting's name. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface TreeRecord {
  /** Whether tracked files differ from the commit; null where git does not know. */
  readonly dirty: boolean | null;
  /**
   * First digits of the contents of tracked files that differ from the commit, by path from the top of the checkout; test
   * files and snapshots are not among them. Absent where it is not compared: a CI may write into its checkouts.
   */
  readonly changed?: Readonly<Record<string, string>>;
  /** Which hash the contents are named by, as git does it. */
  readonly algorithm: 'sha1' | 'sha256';
  /** First digits of the content's name, of every file found in the order of `inTreeOrder`; null: it could not be read. */
  readonly files: readonly (string | null)[];
  readonly configs: readonly ConfigRecord[];
  /** Our settings that a plan is made by; null where the plan came from a file. */
  readonly settings: JsonObject | null;
}

/** Stands for the content of a file that is gone. */
export const GONE_FILE = '-';

/** Hexadecimal digits of a content's name that are kept: against accidents, not against somebody who wants two alike. */
export const CONTENT_DIGITS = 16;

/** The order in which a tree line lists files: the same for all who know which files there are. */
export function inTreeOrder(found: readonly TestFile[]): TestFile[] {
  return found
    .map((file) => ({ file, key: fileKey(file) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ file }) => file);
}

/** Content by the file's key. */
export function contentsOf({ files }: TreeRecord, found: readonly TestFile[]): Map<string, string> {
  const contents = new Map<string, string>();
  inTreeOrder(found).forEach((file, index) => {
    const content = files[index];
    if (content !== undefined && content !== null) contents.set(fileKey(file), content);
  });
  return contents;
}
