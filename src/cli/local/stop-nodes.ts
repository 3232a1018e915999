/**
 * Ends nodes of this machine, and their workers with them.
 */
import type { RunningNode } from './local-node';

/** What a node is given to end by itself before it is killed. */
const GRACE_MS = 5_000;

/** Ends nodes with all their workers; those that are still there after the grace time are killed. */
export function stopNodes(nodes: Iterable<RunningNode>, signal: NodeJS.Signals): void {
  for (const node of nodes) {
    node.signal(signal);
    const timer = setTimeout(() => node.signal('SIGKILL'), GRACE_MS);
    node.exit.finally(() => clearTimeout(timer)).catch(() => undefined);
  }
}
