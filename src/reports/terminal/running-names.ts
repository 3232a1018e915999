import { countOf, formatClock } from './format';
import { printable } from './text-width';

/** Files that a line about what runs names. */
const NAMED = 3;

/** The first few of many, ready to print. */
export function firstNames(texts: readonly string[]): string {
  const more = texts.length - NAMED;
  return [...texts.slice(0, NAMED), ...(more > 0 ? [countOf(more, 'more file')] : [])].join(', ');
}

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
  const oldest = [...running].sort((a, b) => a.startedAt - b.startedAt);
  return firstNames(
    oldest.map(
      ({ name, startedAt, place }) =>
        `${printable(name)} for ${formatClock(now - startedAt)}${place === undefined ? '' : ` on ${place}`}`,
    ),
  );
}
