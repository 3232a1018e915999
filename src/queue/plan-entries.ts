/** What a plan puts into a run: the queue decides at run time, the plan gives estimates and homes. */
import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan';
import { unpinLong } from './claim-order';
import type { PlanInputs, QueueEntry } from './queue';

/** Every planned item, at home on the node it was planned for, but the long ones, which go to the next free node. */
export function planEntries(plan: Plan): readonly QueueEntry[] {
  const entries = plan.nodes.flatMap(({ node, items }) =>
    items.map(({ file, project, part, estimate }) => ({
      file: { project, path: file },
      part,
      estimate: Math.max(1, Math.round(estimate)),
      home: node,
    })),
  );
  return unpinLong(entries, plan.nodes.length);
}

/**
 * What all nodes of a run must share: 16 hexadecimal digits. The same files with other content are another pipeline, and
 * what passed there says nothing here.
 *
 * @param commitTree git's name of what is checked out, or null.
 */
export function inputsDigest(
  plan: Plan,
  commitTree: string | null,
  { contents, configs }: Pick<PlanInputs, 'contents' | 'configs'>,
): string {
  const sorted = Object.entries(configs).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = [plan.digest, commitTree, contents, JSON.stringify(sorted)].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Digest of what is changed and not committed: 16 hexadecimal digits. */
export function changesDigest(changed: PlanInputs['changed']): string {
  const sorted = Object.entries(changed).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

/** A run that is begun and ended on this machine: nobody can come to it later with other files. */
export const NOT_COMPARED: Pick<PlanInputs, 'contents' | 'configs' | 'changed'> = {
  contents: null,
  configs: {},
  changed: {},
};
