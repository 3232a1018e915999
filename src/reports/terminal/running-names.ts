import { countOf, formatClock } from './format';
import { printable } from './text-width';

/** Oldest files that a line about a silent run names. */
const NAMED = 3;

export interface RunningName {
  readonly name: string;
  /** Milliseconds, of the same clock as `now`. */
  readonly startedAt: number;
  /** Where it runs, if that is worth saying: `node 1`. */
  readonly place?: string;
}

/**
 * @returns '' where nothing runs.
 * @example 'src/slow.test.js for 1m 00s on node 1, src/b.test.js for 4 s on node 2, 2 more files'
 */
export function runningNames(running: readonly RunningName[], now: number): string {
  const oldest = [...running].sort((a, b) => a.startedAt - b.startedAt).slice(0, NAMED);
  const files = oldest.map(
    ({ name, startedAt, place }) =>
      `${printable(name)} for ${formatClock(now - startedAt)}${place === undefined ? '' : ` on ${place}`}`,
  );
  const more = running.length - files.length;
  return [...files, ...(more > 0 ? [countOf(more, 'more file')] : [])].join(', ');
}
