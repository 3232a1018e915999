/**
 * Ends nodes of this machine, and their workers with them.
 */
import { spawnSync } from 'node:child_process';
import type { RunningNode } from './local-node';

/** What a node is given to end by itself before it is killed. */
const GRACE_MS = 5_000;

/** Ends nodes with all their workers; those that are still there after the grace time are killed. */
export function stopNodes(nodes: Iterable<RunningNode>, signal: NodeJS.Signals): void {
  for (const { process: child, exit } of nodes) {
    signalGroup(child.pid, signal);
    const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS);
    exit.finally(() => clearTimeout(timer)).catch(() => undefined);
  }
}

/** A node leads a process group of its own, so that its workers can be reached even when it is gone. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
