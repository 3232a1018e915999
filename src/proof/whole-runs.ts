/**
 * Jobs that do not know how many they are: each runs everything, as node 1 of 1, and is green by itself.
 */

import type { BlobSummary } from '../blob/blob-summary';
import { providers } from '../node/detect-provider';
import { relate } from './choose-attempts';
import { countOf, type Finding, listNames } from './finding';

const isAlone = ({ metadata: { node } }: BlobSummary): boolean => node.nodes === 1;

/**
 * Those of one attempt of which none is a re-run of another; none where some node knew its number. A job of them that
 * is run again leaves them what they are.
 */
export function findWholeRuns(blobs: readonly BlobSummary[]): readonly BlobSummary[] {
  if (!blobs.every(isAlone)) return [];
  return blobs.filter((one) =>
    blobs.some((other) => {
      const isOther = one !== other && one.metadata.run.attempt === other.metadata.run.attempt;
      if (!isOther || one.metadata.call.digest !== other.metadata.call.digest) return false;
      const { kind } = relate(one, other);
      return kind === 'conflict' || kind === 'overlap';
    }),
  );
}

/** How the nodes of a CI get their numbers, as the end of a remedy. */
export function setupText(providerName: string | null): string {
  const provider = providers.find(({ name }) => name === providerName);
  if (provider?.byHand) {
    const { nodes, nodeIndex } = provider.byHand;
    return `add to the step that runs Jest:\n  env:\n    ${nodes}\n    ${nodeIndex}`;
  }
  if (provider?.node) return 'give it --nodes auto (JEST_DISTRIBUTED_NODES=auto).';
  return 'set JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER on each.';
}

/** Several jobs ran everything each; there is nothing to merge. */
export function reportWholeRuns(whole: readonly BlobSummary[]): Finding[] {
  const first = whole[0]?.metadata;
  if (first === undefined) return [];
  const sources = [...new Set(whole.map(({ metadata }) => metadata.node.source))];
  return [
    {
      code: 'whole-runs',
      severity: 'error',
      message: `${countOf(whole.length, 'job')} each ran all tests as node 1 of 1 (from ${listNames(sources)}): ${listNames(whole.map(({ path }) => path))}.`,
      remedy: `If they are variants, such as operating systems, give each a --label (JEST_DISTRIBUTED_LABEL). If they are nodes of one run, set the number of each; ${setupText(first.provider)}`,
      nodes: [1],
      items: whole.map(({ path }) => path),
    },
  ];
}

/** Whether nothing set the number of nodes; set to 1 is something else. */
export function isUnnumbered({ metadata: { node } }: BlobSummary): boolean {
  return node.nodes === 1 && node.source === 'default';
}

/** One such job may be all there is; where artifacts of one name replace each other, it is what is left of several. */
export function reportUnnumberedRun(blobs: readonly BlobSummary[]): Finding[] {
  const [blob, ...others] = blobs;
  if (blob === undefined || others.length > 0 || !isUnnumbered(blob)) return [];
  const name = blob.metadata.provider;
  if (!providers.some((provider) => provider.name === name && provider.byHand)) return [];
  return [
    {
      code: 'whole-runs',
      severity: 'warning',
      message: `One job ran all tests as node 1 of 1: ${name} does not give a job the number of jobs.`,
      remedy: `If it was one of a matrix, ${setupText(name)}\nIf one node is meant, say so: JEST_DISTRIBUTED_NODES: 1`,
      nodes: [1],
      items: [blob.path],
    },
  ];
}
