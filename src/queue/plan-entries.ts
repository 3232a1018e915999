/** What a plan puts into a build: the queue decides at run time, the plan gives estimates and homes. */
import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan';
import type { QueueEntry } from './queue';
import { freeHeavyEntries } from './rank';

/** Every planned item, at home on the node it was planned for, but the heavy ones, which go to whoever is free first. */
export function planEntries(plan: Plan): readonly QueueEntry[] {
  const entries = plan.nodes.flatMap(({ node, items }) =>
    items.map(({ file, project, part, estimateMs }) => ({
      file: { project, path: file },
      part,
      expectedMs: Math.max(1, Math.round(estimateMs)),
      home: node,
    })),
  );
  return freeHeavyEntries(entries, plan.nodes.length);
}

/**
 * What all nodes of a build must share: 16 hexadecimal digits. The same files with other content are another suite, and
 * what passed there says nothing here.
 *
 * @param tree git's name of what is checked out, or null.
 */
export function buildDigest(plan: Plan, tree: string | null): string {
  return createHash('sha256').update(`${plan.digest}\n${tree}`).digest('hex').slice(0, 16);
}
