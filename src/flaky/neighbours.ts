/** Which files ran beside which, by the clock of one machine. */
import type { FileSpan } from './probe';

/** Files that ran while this one did, those first that did so longest. */
export function neighboursOf(file: string, spans: readonly FileSpan[]): readonly string[] {
  const own = spans.find((span) => span.file === file);
  if (own === undefined) return [];
  return spans
    .filter((span) => span !== own)
    .map((span) => ({
      file: span.file,
      overlapMs: Math.min(span.endMs, own.endMs) - Math.max(span.startMs, own.startMs),
    }))
    .filter(({ overlapMs }) => overlapMs > 0)
    .sort((a, b) => b.overlapMs - a.overlapMs)
    .map((span) => span.file);
}

/** What is in both, in the order of the first; where nothing is, the two have nothing in common to be asked about. */
export function inBoth(first: readonly string[], second: readonly string[]): readonly string[] {
  const common = first.filter((file) => second.includes(file));
  return common.length > 0 ? common : first;
}
