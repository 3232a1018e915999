/** The timeline as lanes: one for each worker of each node, none with two files at one time. */
import type { ReportFile, ReportNode, RunReport } from '../../src/reports/run-report/run-report';

export interface Lane {
  readonly node: ReportNode;
  /** 1-based; null where the workers are not known and files were only laid side by side. */
  readonly worker: number | null;
  /** The first lane of its node carries the node's number. */
  readonly isFirst: boolean;
  /** By start. */
  readonly files: readonly ReportFile[];
}

export interface Timeline {
  readonly lanes: readonly Lane[];
  /** Offset of a node's zero on the shared axis, milliseconds. */
  readonly shiftMs: (node: number) => number;
  readonly spanMs: number;
}

/**
 * Nodes that started far apart (a job that was repeated the next day) would be specks on a common axis.
 */
export function startsApart({ nodes }: RunReport): boolean {
  const starts = nodes.flatMap(({ startOffsetMs }) => startOffsetMs ?? []);
  const longest = Math.max(0, ...nodes.map(({ realMs }) => realMs ?? 0));
  return Math.max(0, ...starts) > 3 * longest;
}

/**
 * @param isLinedUp every node begins at zero, whenever it began.
 */
export function layTimeline({ nodes, files }: Pick<RunReport, 'nodes' | 'files'>, isLinedUp: boolean): Timeline {
  const byNode = new Map<number, ReportFile[]>();
  for (const file of files) {
    const list = byNode.get(file.node);
    if (list === undefined) byNode.set(file.node, [file]);
    else list.push(file);
  }
  const shifts = new Map(nodes.map(({ number, startOffsetMs }) => [number, isLinedUp ? (startOffsetMs ?? 0) : 0]));
  const shiftMs = (node: number) => shifts.get(node) ?? 0;
  let spanMs = 0;
  for (const { node, startOffsetMs, durationMs } of files) {
    spanMs = Math.max(spanMs, startOffsetMs + durationMs - shiftMs(node));
  }
  for (const { number, startOffsetMs, realMs } of nodes) {
    if (startOffsetMs !== null && realMs !== null) spanMs = Math.max(spanMs, startOffsetMs + realMs - shiftMs(number));
  }
  return { lanes: nodes.flatMap((node) => lanesOf(node, byNode.get(node.number) ?? [])), shiftMs, spanMs };
}

function lanesOf(node: ReportNode, files: readonly ReportFile[]): Lane[] {
  const workers = [...new Set(files.map(({ worker }) => worker))];
  const known = workers.every((worker) => worker !== null);
  const groups: { worker: number | null; files: ReportFile[] }[] = known
    ? workers
        .sort((a, b) => (a ?? 0) - (b ?? 0))
        .map((worker) => ({ worker, files: files.filter((file) => file.worker === worker) }))
    : sideBySide(files).map((list) => ({ worker: null, files: list }));
  if (groups.length === 0) return [{ node, worker: null, isFirst: true, files: [] }];
  return groups.map((group, index) => ({ node, ...group, isFirst: index === 0 }));
}

/** Files in the first lane that is free when they start. */
function sideBySide(files: readonly ReportFile[]): ReportFile[][] {
  const lanes: { files: ReportFile[]; freeMs: number }[] = [];
  for (const file of files) {
    let lane = lanes.find(({ freeMs }) => freeMs <= file.startOffsetMs);
    if (lane === undefined) {
      lane = { files: [], freeMs: 0 };
      lanes.push(lane);
    }
    lane.files.push(file);
    lane.freeMs = file.startOffsetMs + file.durationMs;
  }
  return lanes.map((lane) => lane.files);
}

/** The file that runs at a moment, else the nearest one within `reachMs`. */
export function fileAt(lane: Lane, momentMs: number, reachMs: number): ReportFile | undefined {
  const { files } = lane;
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle]?.startOffsetMs ?? 0) <= momentMs) low = middle + 1;
    else high = middle;
  }
  const before = files[low - 1];
  const after = files[low];
  const gapBefore = before === undefined ? Infinity : momentMs - before.startOffsetMs - before.durationMs;
  const gapAfter = after === undefined ? Infinity : after.startOffsetMs - momentMs;
  if (Math.min(gapBefore, gapAfter) > reachMs) return undefined;
  return gapBefore <= gapAfter ? before : after;
}

/** Round moments for an axis, about `count` of them. */
export function ticks(spanMs: number, count: number): number[] {
  if (spanMs <= 0) return [0];
  const rough = spanMs / Math.max(1, count);
  const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 36_000, 86_400];
  const step =
    rough < 1000
      ? ([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => size >= rough) ?? 1000)
      : (seconds.map((size) => size * 1000).find((size) => size >= rough) ??
        Math.ceil(rough / 86_400_000) * 86_400_000);
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, index) => index * step);
}
