/** How evenly the work lay on the nodes: as planned, and as it turned out. */
import { isMostlyHashed } from '../../plan/hashed';
import type { Plan } from '../../plan/plan';
import type { ReportBalance } from './run-report';

/** When a node ran a file. */
export interface Occupation {
  /** 1-based. */
  readonly node: number;
  readonly startMs: number;
  readonly durationMs: number;
}

/**
 * @param nodes number of nodes the run should have.
 * @param isWhole every node's part is known; without it the achieved balance would praise what is missing.
 */
export function measureBalance(
  plan: Plan | null,
  files: readonly Occupation[],
  nodes: number,
  isWhole: boolean,
): ReportBalance {
  const byNode = new Map<number, Occupation[]>();
  for (const file of files) {
    const list = byNode.get(file.node);
    if (list === undefined) byNode.set(file.node, [file]);
    else list.push(file);
  }
  let realMs = 0;
  let workers = plan?.workers ?? 1;
  for (const list of byNode.values()) {
    realMs = Math.max(realMs, spanOf(list));
    workers = Math.max(workers, mostAtOnce(list));
  }
  const totalMs = files.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const longestMs = files.reduce((longest, { durationMs }) => Math.max(longest, durationMs), 0);
  const lowerBoundMs = nodes > 0 ? Math.max(totalMs / (nodes * workers), longestMs) : 0;
  const isPlanned = plan !== null && !isMostlyHashed(plan);
  return {
    planned: !isPlanned || plan.lowerBound <= 0 ? null : plan.balance,
    achieved: isWhole && lowerBoundMs > 0 ? realMs / lowerBoundMs : null,
    plannedMs: isPlanned && plan.unit === 'ms' ? plan.makespan : null,
    realMs,
    lowerBoundMs,
  };
}

function spanOf(files: readonly Occupation[]): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { startMs, durationMs } of files) {
    first = Math.min(first, startMs);
    last = Math.max(last, startMs + durationMs);
  }
  return last - first;
}

/** Files that were running at one time: the workers a node really had. */
function mostAtOnce(files: readonly Occupation[]): number {
  const changes = files
    .filter(({ durationMs }) => durationMs > 0)
    .flatMap(({ startMs, durationMs }) => [
      { atMs: startMs, by: 1 },
      { atMs: startMs + durationMs, by: -1 },
    ])
    // An end comes before a start at the same moment.
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let running = 0;
  let most = 0;
  for (const { by } of changes) {
    running += by;
    most = Math.max(most, running);
  }
  return most;
}
