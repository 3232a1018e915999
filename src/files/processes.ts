/** Processes and the signals that end them. */

const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** The exit code of a process that a signal ended, as a shell has it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return EXIT_CODES[signal] ?? 1;
}

/**
 * Calls `stop` with each signal that asks this process to end, and how many came so far.
 *
 * @returns takes the handlers away again.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals, times: number) => void): () => void {
  let times = 0;
  const handle = (signal: NodeJS.Signals) => {
    times += 1;
    stop(signal, times);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, handle);
  };
}

/** Whether a process of this machine runs, or has ended and nobody has asked for its exit code yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
