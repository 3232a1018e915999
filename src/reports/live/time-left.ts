/** How long a run will still take, by its estimates and the pace so far. */
import { estimateOf, type LiveFile, type LiveState } from './state';

/** Durations of earlier runs count as much as this time of the run itself. */
const TRUSTED_MS = 5_000;

/** Where estimates are no durations, so many files show what a unit of them takes. */
const FILES_FOR_PACE = 3;

/** Milliseconds a unit of the estimates; null where nothing tells yet. */
function paceOf({ run, nodes, doneMs }: LiveState): number | null {
  const done = nodes.reduce((sum, { doneEstimate }) => sum + doneEstimate, 0);
  if (run.unit === 'ms') return (doneMs + TRUSTED_MS) / (done + TRUSTED_MS);
  const files = nodes.reduce((sum, { filesDone }) => sum + filesDone, 0);
  return files < FILES_FOR_PACE || done === 0 ? null : doneMs / done;
}

/** What some workers need for their rest: no less than the file that needs longest. */
function restOf(
  state: LiveState,
  pace: number,
  total: number,
  files: readonly LiveFile[],
  lanes: number,
  now: number,
): number {
  const running = files.map((file) => estimateOf(state, file.node, file));
  const left = files.map((file, index) => Math.max(0, (running[index] as number) * pace - (now - file.startedAt)));
  const waiting = Math.max(0, total - running.reduce((sum, one) => sum + one, 0)) * pace;
  return Math.max(0, ...left, (waiting + left.reduce((sum, one) => sum + one, 0)) / Math.max(1, lanes));
}

/** Milliseconds; null where nobody can tell. */
export function timeLeft(state: LiveState, now: number): number | null {
  const { run, estimates, nodes, running } = state;
  const pace = paceOf(state);
  if (pace === null) return null;
  if (run.isQueued) {
    const done = nodes.reduce((sum, { doneEstimate }) => sum + doneEstimate, 0);
    const lanes = run.workers === null ? running.length : run.nodes * run.workers;
    return restOf(state, pace, (estimates.totals[0] ?? 0) - done, running, lanes, now);
  }
  const rests = estimates.totals.map((total, index) => {
    const node = nodes.find(({ number }) => number === index + 1);
    if (node?.endedAt != null) return 0;
    const own = running.filter((file) => file.node === index + 1);
    return restOf(state, pace, total - (node?.doneEstimate ?? 0), own, run.workers ?? own.length, now);
  });
  return run.takesTurns ? rests.reduce((sum, rest) => sum + rest, 0) : Math.max(0, ...rests);
}
