/**
 * What is placed on nodes: a whole test file, or one part of a file that is split.
 *
 * Pure data; everything in it must be equal on every node of a run, so there are no absolute paths, no inode times and
 * nothing that depends on the order in which Jest happened to find the files.
 */

/** A test file of one Jest project, named the same on every machine. */
export interface TestFile {
  /** `displayName`, else the project's rootDir relative to the root; null where the run has one unnamed project. */
  readonly project: string | null;
  /** POSIX path relative to the project's rootDir, Unicode NFC. */
  readonly path: string;
}

/** One thing to place. */
export interface Item {
  /** Unique over the run; what is hashed onto the ring. */
  readonly key: string;
  readonly file: TestFile;
  /** Name of the part where the file is split, else null. */
  readonly part: string | null;
  /** Predicted cost: a positive integer in the plan's unit (milliseconds, bytes, or 1 a file). */
  readonly estimate: number;
  /** What of the file this part is; null or absent for a whole file. */
  readonly content?: PartContent | null;
  /** Files of one group share a node. */
  readonly group?: string | null;
  /** Node (0-based) that must have it, whatever the strategy. */
  readonly pinnedTo?: number | null;
}

/** What a part of a split file is. */
export type PartContent = NamedTests | HashedUnits;

/** Tests by their full names: planned from recorded durations. */
export interface NamedTests {
  readonly kind: 'named';
  readonly tests: readonly string[];
  /** Also every test that no part of the file names: exactly one part of a split file has it, and its node is the fallback. */
  readonly fallback: boolean;
}

/** Suites or tests that only the file itself knows, hashed over `of` parts by the ring when it is loaded. */
export interface HashedUnits {
  readonly kind: 'hashed';
  readonly by: 'suite' | 'test';
  /** 1-based. */
  readonly part: number;
  readonly of: number;
}

// Not a character that a path or a displayName can hold, so two different files can never share a key.
const separator = '\0';

/**
 * The key of a file (and part): what is hashed, compared and sorted.
 *
 * @example fileKey({ project: null, path: 'src/a.test.js' }) // 'src/a.test.js'
 */
export function fileKey(file: TestFile, part: string | null = null): string {
  const key = file.project === null ? file.path : `${file.project}${separator}${file.path}`;
  return part === null ? key : `${key}${separator}${separator}${part}`;
}

/** What a key is of: undoes {@link fileKey}. */
export function parseKey(key: string): { readonly file: TestFile; readonly part: string | null } {
  const [whole = '', part = null] = key.split(separator + separator, 2);
  const at = whole.indexOf(separator);
  const file = at < 0 ? { project: null, path: whole } : { project: whole.slice(0, at), path: whole.slice(at + 1) };
  return { file, part };
}

/** A file as people read it: `src/a.test.js`, or `web: src/a.test.js` in a project with a name. */
export function fileName({ project, path }: TestFile): string {
  return project === null ? path : `${project}: ${path}`;
}
