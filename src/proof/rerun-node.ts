/** How a node is run again, and what is known of the commit that nodes share. */
import type { BlobMetadata } from '../blob/blob';
import type { BlobSummary } from '../blob/blob-summary';
import { commandText, shellOf } from '../shell/quote';
import { repeatShare } from '../shell/reproduce-share';
import { PLAIN_REPEAT } from '../shell/reproduce-tests';

/** Above this whoever reads it has understood. */
const MOST_COMMANDS = 3;

export function repeatNode(
  { node: { nodes }, plan, planPath = null, queue, repeat }: BlobMetadata,
  node: number,
): string[] | null {
  if (queue) return null;
  const { placing, jestArgs } = repeat ?? PLAIN_REPEAT;
  return repeatShare({ node, nodes, plan, planPath, placing, jestArgs });
}

/** Ends a remedy that speaks of running nodes again: their commands, each on a line of its own; empty for a queue. */
export function rerunLines(blobs: readonly BlobSummary[], nodes: readonly number[]): string {
  const commands = nodes.flatMap((number) => {
    const blob = blobs.find(({ metadata }) => metadata.node.number === number);
    const words = blob === undefined ? null : repeatNode(blob.metadata, number);
    return words === null ? [] : [`\n  ${commandText(words, shellOf(process.platform, process.env))}`];
  });
  return commands.slice(0, MOST_COMMANDS).join('');
}

/** The commit that all nodes are at; null where they differ, or one does not know its own. */
export function oneCommit(blobs: readonly BlobSummary[]): string | null {
  const [commit = null, ...others] = new Set(blobs.map(({ metadata }) => metadata.commit));
  return others.length === 0 ? commit : null;
}
