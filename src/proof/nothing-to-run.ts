/**
 * Nodes that found no test file, and were right to: nothing was related to a change, or `passWithNoTests` was set.
 *
 * Where all nodes say so, nothing was to be run and that is proven. Where only some do, they looked at another checkout
 * or at another change than the rest.
 */

import type { BlobSummary } from '../blob/blob-summary';
import { countOf, type Finding, listNames, listNodes } from './finding';

const isIdle = ({ metadata }: BlobSummary): boolean => Boolean(metadata.nothing) && metadata.found.length === 0;

/** Blobs of nodes that found files. */
export const withFiles = (blobs: readonly BlobSummary[]): BlobSummary[] => blobs.filter((blob) => !isIdle(blob));

/** Every node found that there is nothing to run. */
export const isNothing = (blobs: readonly BlobSummary[]): boolean => blobs.length > 0 && blobs.every(isIdle);

const nodesOf = (blobs: readonly BlobSummary[]): number[] => blobs.map(({ metadata }) => metadata.node.number);

export function reportNothingToRun(blobs: readonly BlobSummary[]): Finding[] {
  const idle = blobs.filter(isIdle);
  if (idle.length === 0) return [];
  const reasons = [...new Set(idle.map(({ metadata }) => metadata.nothing as string))];
  const working = withFiles(blobs);
  if (working.length === 0) {
    return [
      {
        code: 'nothing-to-run',
        severity: 'note',
        message: `There was nothing to run: ${reasons.join('; ')}.`,
        remedy: '',
        nodes: nodesOf(idle),
        items: [],
      },
    ];
  }
  const found = Math.max(...working.map(({ metadata }) => metadata.found.length));
  const verb = idle.length === 1 ? 'found' : 'each found';
  return [
    {
      code: 'nothing-differs',
      severity: 'error',
      message: `${listNodes(nodesOf(idle)).replace(/^n/, 'N')} ${verb} nothing to run (${listNames(reasons)}), but ${listNodes(nodesOf(working))} found ${countOf(found, 'file')}.`,
      remedy:
        'Give all nodes the same commit, the same arguments, and the history that --changedSince needs (fetch-depth: 0).',
      nodes: nodesOf(idle),
      items: idle.map(({ path }) => path),
    },
  ];
}
