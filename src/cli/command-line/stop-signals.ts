/**
 * Ctrl-C and its relatives: all nodes end, and their workers with them.
 */
import { spawnSync } from 'node:child_process';
import type { RunningNode } from '../local/local-node';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** As a shell says it of a process that a signal ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return EXIT_CODES[signal] ?? 1;
}

/** Calls `stop` with the signal and how many came so far. @returns takes the handlers away again. */
export function onStopSignal(stop: (signal: NodeJS.Signals, times: number) => void): () => void {
  let times = 0;
  const handle = (signal: NodeJS.Signals) => {
    times += 1;
    stop(signal, times);
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
}

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
