/** Parts of a plan whose tests are placed by hash when the file is loaded: their durations on each node are unknown. */
import { fileKey } from './item';
import type { Plan } from './plan';

export interface HashedShare {
  /** Number of files. */
  readonly files: number;
  /** What units are hashed. */
  readonly by: readonly ('suite' | 'test')[];
  /** Part of the plan's total estimate, 0 to 1. */
  readonly share: number;
}

/** Every node counts an even share of such a file: a plan that is nothing else is even by construction. */
export function hashedShareOf({ nodes }: Pick<Plan, 'nodes'>): HashedShare {
  const files = new Set<string>();
  const by = new Set<'suite' | 'test'>();
  let total = 0;
  let hashed = 0;
  for (const { items } of nodes) {
    for (const { project, file, estimate, content } of items) {
      total += estimate;
      if (content?.kind !== 'hashed') continue;
      hashed += estimate;
      files.add(fileKey({ project, path: file }));
      by.add(content.by);
    }
  }
  return { files: files.size, by: [...by].sort(), share: total === 0 ? 0 : hashed / total };
}

/** Whether most of a plan is hashed: then its loads and its balance are unknown. */
export const isMostlyHashed = (plan: Pick<Plan, 'nodes'>): boolean => hashedShareOf(plan).share > 0.5;
