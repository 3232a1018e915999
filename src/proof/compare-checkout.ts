/**
 * Is the checkout in which blobs are merged the one that the nodes had? Elsewhere a file could be missed that no node
 * has seen, and the replay would show other code than ran.
 */

import type { BlobMetadata } from '../blob/blob';
import type { BlobSummary } from '../blob/blob-summary';
import { itemName } from '../blob/item-name';
import { contentsOf, type TreeRecord } from '../blob/tree-line';
import { fileKey, type TestFile } from '../plan/item';
import { mergeAgain } from '../shell/merge-again';
import { filesThatWroteSnapshots } from './compare-trees';
import { countOf, type Finding, indentLines, listNames } from './finding';

/** A test file whose content the nodes have named. */
export interface KnownContent {
  readonly file: TestFile;
  /** Relative to Jest's root, POSIX. */
  readonly place: string;
  readonly content: string;
}

function commonest<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The commit that most nodes ran, with its tree where that is known; null where no node knew it. */
export function commonCommit(
  blobs: readonly BlobSummary[],
): { readonly commit: string; readonly tree: string | null } | null {
  const commit = commonest(blobs.map(({ metadata }) => metadata.commit).filter((one) => one !== null));
  if (commit === undefined) return null;
  const blob = blobs.find(({ metadata }) => metadata.commit === commit);
  return { commit, tree: blob?.metadata.commitTree ?? null };
}

/** What most nodes had, as far as this package can find it in another checkout. */
export function knownContents(blobs: readonly BlobSummary[]): {
  readonly algorithm: TreeRecord['algorithm'];
  readonly contents: readonly KnownContent[];
} {
  const tree = commonest(blobs.flatMap((blob) => (blob.tree === null ? [] : [blob.tree])));
  const blob = blobs.find((one) => one.tree === tree);
  if (tree === undefined || blob === undefined) return { algorithm: 'sha1', contents: [] };
  const folders = new Map(tree.configs.map(({ project, folder }) => [project, folder]));
  const contents = contentsOf(tree, blob.metadata.found);
  const written = filesThatWroteSnapshots(blobs);
  return {
    algorithm: tree.algorithm,
    contents: blob.metadata.found.flatMap((file) => {
      const folder = folders.get(file.project);
      const content = contents.get(fileKey(file));
      if (folder === undefined || content === undefined || written.has(fileKey(file))) return [];
      return [{ file, place: folder === '' ? file.path : `${folder}/${file.path}`, content }];
    }),
  };
}

export function reportOtherCommit(nodes: string, own: string): Finding {
  return {
    code: 'checkout-differs',
    severity: 'error',
    message: `This checkout is at commit ${own}, but the nodes ran commit ${nodes}.`,
    remedy: `Check out the commit that the nodes ran:\n  git checkout ${nodes}`,
    nodes: [],
    items: [],
  };
}

/**
 * @param differing files of which this checkout has another version.
 * @param commit of the nodes, or null.
 */
export function reportOtherContents(differing: readonly KnownContent[], commit: string | null): Finding[] {
  if (differing.length === 0) return [];
  const names = differing.map(({ file }) => itemName(file, null)).sort();
  return [
    {
      code: 'checkout-differs',
      severity: 'error',
      message: `This checkout has other versions of ${countOf(names.length, 'test file')} than the nodes ran.${indentLines(names)}`,
      remedy:
        commit === null
          ? 'Run this command where the files are as on the nodes.'
          : `Run this command in a clean checkout of the nodes' commit ("git status" lists what is changed here):\n  git checkout ${commit}\nOr, if the files were changed on the nodes, run these again without the changes.`,
      nodes: [],
      items: names,
    },
  ];
}

/** What Jest found in this checkout. */
export interface FoundHere {
  /** Of which no blob has a result; those that nodes have found are missed by the proof itself. */
  readonly files: readonly TestFile[];
  /** Digest of the Jest call that found them, or null. */
  readonly call: string | null;
}

/** Test files of this checkout that no node has found. */
export function reportNotRunHere({ files, call }: FoundHere, blobs: readonly BlobMetadata[]): Finding[] {
  // Asked for less than all, the nodes have found less than all.
  if (blobs.length === 0 || blobs.some(({ planInputs }) => planInputs.isFiltered === true)) return [];
  const lists = new Set(blobs.map(({ found }) => found));
  const found = new Set([...lists].flatMap((list) => list.map((file) => fileKey(file))));
  const unknown = files.filter((file) => !found.has(fileKey(file)));
  if (unknown.length === 0) return [];
  const names = unknown.map((file) => itemName(file, null)).sort();
  const other = blobs.find((blob) => blob.call.findsOthers === true && blob.call.digest !== call);
  if (other !== undefined) return [notComparable(other, names)];
  const [first] = blobs;
  if (first !== undefined && call !== null && blobs.every((blob) => blob.call.digest !== call)) {
    return [otherArguments(first, names)];
  }
  return [
    {
      code: 'not-run-here',
      severity: 'error',
      message: `Jest finds ${countOf(names.length, 'test file')} in this checkout that no node found, so ${names.length === 1 ? 'it' : 'they'} never ran: ${listNames(names)}.`,
      remedy:
        'Check out the commit that the nodes ran, with the same generated files, and give Jest the same arguments as on the nodes.',
      nodes: [],
      items: names,
    },
  ];
}

/** What this Jest finds is no measure of the nodes, but of the arguments. */
function otherArguments({ call, job, repeat }: BlobMetadata, names: readonly string[]): Finding {
  return {
    code: 'calls-differ',
    severity: 'error',
    message: `merge was given other Jest arguments than the nodes: they ran "${call.text}", and Jest finds ${countOf(names.length, 'test file')} here that they did not find.`,
    remedy: `Give it the same: ${mergeAgain(job.label, repeat?.jestArgs ?? [])}`,
    nodes: [],
    items: names,
  };
}

/** The nodes' arguments find other files than this Jest's: what is here and not there says nothing. */
function notComparable({ call }: BlobMetadata, names: readonly string[]): Finding {
  return {
    code: 'not-run-here',
    severity: 'note',
    message: `Jest finds ${countOf(names.length, 'test file')} in this checkout that the nodes did not find: they ran "${call.text}". To compare, pass the same arguments to merge after "--".`,
    remedy: '',
    nodes: [],
    items: names,
  };
}
