/** What of a plan is dealt only when the files are loaded, so that nobody knows beforehand how much it is where. */
import type { Plan } from './plan';

export interface DealtShare {
  /** Number of files. */
  readonly files: number;
  /** What units their tests are dealt by. */
  readonly by: readonly ('suite' | 'test')[];
  /** Part of the plan's total estimate, 0 to 1. */
  readonly share: number;
}

/** Every node counts an even share of such a file: a plan that is nothing else is even by construction. */
export function dealtShareOf({ nodes }: Pick<Plan, 'nodes'>): DealtShare {
  const files = new Set<string>();
  const by = new Set<'suite' | 'test'>();
  let total = 0;
  let dealt = 0;
  for (const { items } of nodes) {
    for (const { project, file, estimateMs, content } of items) {
      total += estimateMs;
      if (content?.kind !== 'dealt') continue;
      dealt += estimateMs;
      files.add(`${project ?? ''}\0${file}`);
      by.add(content.by);
    }
  }
  return { files: files.size, by: [...by].sort(), share: total === 0 ? 0 : dealt / total };
}

/** Whether most of a plan is dealt: then its loads and its balance say nothing. */
export const isMostlyDealt = (plan: Pick<Plan, 'nodes'>): boolean => dealtShareOf(plan).share > 0.5;
