import type { EstimateUnit, Plan, PlannedItem } from '../../src/plan/plan';
import { timeOf } from '../../src/reports/plan/node-time';
import type { Terminal } from '../../src/reports/terminal/terminal';

export const log: Terminal = { columns: 80, color: false, unicode: true, interactive: false };
export const asciiLog: Terminal = { ...log, unicode: false };

interface SampleOptions {
  readonly unit?: EstimateUnit;
  readonly workers?: number;
  /** Makes an item out of its node, its place there, and its estimate. */
  readonly item?: (node: number, place: number, estimate: number) => Partial<PlannedItem>;
}

/** A plan out of the estimates of each node's items. */
export function samplePlan(estimates: readonly (readonly number[])[], options: SampleOptions = {}): Plan {
  const { unit = 'ms', workers = 1, item = () => ({}) } = options;
  const nodes = estimates.map((own, index) => ({
    node: index + 1,
    load: own.reduce((sum, estimate) => sum + estimate, 0),
    items: own.map(
      (estimate, place): PlannedItem => ({
        file: `src/n${index + 1}-${place + 1}.test.js`,
        project: null,
        part: null,
        estimate,
        reason: 'home',
        ...item(index + 1, place + 1, estimate),
      }),
    ),
  }));
  const loads = nodes.map(({ load }) => load);
  const total = loads.reduce((sum, load) => sum + load, 0);
  const lowerBound = Math.max(total / nodes.length / workers, ...estimates.flat());
  const makespan = Math.max(...nodes.map((node) => timeOf(node, workers)));
  return {
    version: 1,
    strategy: 'bounded-ring',
    hashBy: 'file',
    workers,
    unit,
    digest: '3f9a1c2e5b6d7788',
    balance: lowerBound === 0 ? 1 : makespan / lowerBound,
    makespan,
    lowerBound,
    nodes,
  };
}
