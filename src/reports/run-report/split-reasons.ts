/** Why files were split, from the plan that all nodes followed. */
import { fileKey } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import { formatDuration } from '../terminal/format';
import type { ReportSplit } from './run-report';

/** Files that a report explains. */
const MOST_SPLITS = 500;

/** Of each file that was placed in parts. */
export function splitsOf({ nodes, workers, unit, hashBy }: Plan): ReportSplit[] {
  const items = nodes.flatMap((node) => node.items);
  const total = items.reduce((sum, { estimate }) => sum + estimate, 0);
  const shareMs = total / Math.max(1, nodes.length * workers);
  const splits = new Map<string, { project: string | null; path: string; estimate: number; parts: number }>();
  for (const { project, file, part, estimate } of items) {
    if (part === null) continue;
    const key = fileKey({ project, path: file });
    const known = splits.get(key) ?? { project, path: file, estimate: 0, parts: 0 };
    splits.set(key, { ...known, estimate: known.estimate + estimate, parts: known.parts + 1 });
  }
  return [...splits.values()].slice(0, MOST_SPLITS).map(({ estimate, ...split }) => ({
    ...split,
    hashBy,
    estimateMs: unit === 'ms' ? estimate : null,
    shareMs: unit === 'ms' ? shareMs : null,
  }));
}

/** A sentence. */
export function splitText({ parts, hashBy, estimateMs, shareMs }: ReportSplit): string {
  const what = `Split into ${parts} parts`;
  if (hashBy !== 'auto') return `${what}: --hash-by ${hashBy} does so with every file.`;
  if (estimateMs === null || shareMs === null || estimateMs <= shareMs)
    return `${what}: its pragma or --split asks for that.`;
  return `${what}: it was planned with ${formatDuration(estimateMs)}, and the fair share of one worker is ${formatDuration(shareMs)}.`;
}
