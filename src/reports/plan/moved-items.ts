import { fileKey, parseKey } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import type { MovedItem, MovedView } from './moved-lines';

/**
 * Compares a plan with the assignment before it.
 *
 * @param previous 0-based node by key, as strategies take it; undefined where none is known for this number of nodes.
 */
export function movedSince(plan: Plan, previous: ReadonlyMap<string, number> | undefined): MovedView {
  const planned = plan.nodes.flatMap(({ node, items }) => items.map((item) => ({ node, item })));
  const view = { nodes: plan.nodes.length, items: planned.length };
  if (previous === undefined) return { ...view, changes: null };
  const changes: MovedItem[] = [];
  const gone = new Map(previous);
  for (const { node, item } of planned) {
    const { project, file, part, reason } = item;
    const key = fileKey({ project, path: file }, part);
    const before = gone.get(key);
    gone.delete(key);
    if (before !== node - 1) {
      changes.push({ project, file, part, from: before === undefined ? null : before + 1, to: node, reason });
    }
  }
  for (const [key, node] of gone) {
    const { file, part } = parseKey(key);
    changes.push({ project: file.project, file: file.path, part, from: node + 1, to: null, reason: null });
  }
  return { ...view, changes };
}
