/** Time of a run without the pauses in which none of its nodes lived: between two attempts may lie a night. */

export interface LifeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** @returns milliseconds of the run since its first node's start, for a time of the nodes' clocks. */
export function createRunClock(spans: readonly LifeSpan[]): (atMs: number) => number {
  const sorted = [...spans].sort((a, b) => a.startMs - b.startMs);
  const startMs = sorted[0]?.startMs ?? 0;
  const pauses: LifeSpan[] = [];
  let lastMs = startMs;
  for (const span of sorted) {
    if (span.startMs > lastMs) pauses.push({ startMs: lastMs, endMs: span.startMs });
    lastMs = Math.max(lastMs, span.endMs);
  }
  return (atMs) =>
    pauses.reduce((at, pause) => at - Math.max(0, Math.min(atMs, pause.endMs) - pause.startMs), atMs - startMs);
}
