/** Blobs that were put there twice, as by fetching the artifacts again. */
import type { BlobSummary } from '../blob/blob-summary';
import { removeCommand } from '../shell/remove-command';
import { type Finding, listNames } from './finding';

/** A blob and one that is there already. */
export interface BlobCopy {
  readonly copy: BlobSummary;
  readonly of: BlobSummary;
  /** `node 2` */
  readonly node: string;
}

/** Keeps the first of all that are one. @param idOf equal for copies of one blob. */
export function withoutCopies<Blob extends BlobSummary>(
  blobs: readonly Blob[],
  idOf: (blob: Blob) => string,
  nodeOf: (blob: Blob) => string,
): { readonly blobs: Blob[]; readonly copies: BlobCopy[] } {
  const first = new Map<string, Blob>();
  const copies: BlobCopy[] = [];
  for (const blob of blobs) {
    const of = first.get(idOf(blob));
    if (of === undefined) first.set(idOf(blob), blob);
    else copies.push({ copy: blob, of, node: nodeOf(blob) });
  }
  return { blobs: [...first.values()], copies };
}

/** One mistake, one finding, however many blobs it doubled. */
export function reportCopies(copies: readonly BlobCopy[]): Finding[] {
  const [first] = copies;
  if (first === undefined) return [];
  const paths = copies.map(({ copy }) => copy.path);
  const nodes = [...new Set(copies.map(({ node }) => node))];
  const fact =
    copies.length === 1
      ? `The blob of ${first.node} exists twice: ${first.of.path} and ${first.copy.path}.`
      : `${copies.length} blobs are copies of others (${listNames(nodes)}), such as ${first.copy.path} of ${first.of.path}.`;
  const command = `Remove ${copies.length === 1 ? 'the copy' : 'the copies'}:\n  ${removeCommand(paths)}`;
  const mixed = 'If they came from nodes of their own, their artifacts were mixed up.';
  return [
    {
      code: 'duplicate-blob',
      severity: 'error',
      message: fact,
      remedy: `${command}\n${mixed}`,
      nodes: [...new Set(copies.map(({ copy }) => copy.metadata.node.number))],
      items: copies.flatMap(({ of, copy }) => [of.path, copy.path]),
    },
  ];
}
