/**
 * The programmatic API: the pure core, for tools that plan by themselves.
 *
 * @example
 * const { makePlan, fileKey } = require('jest-distributed/api');
 * const file = { project: null, path: 'src/a.test.js' };
 * const plan = makePlan({
 *   items: [{ key: fileKey(file), file, part: null, estimate: 1200 }],
 *   unit: 'ms', nodes: 2, workers: 1, strategy: undefined, hashBy: 'file',
 *   scope: { testNamePattern: null, pathPattern: '' },
 * });
 */
export { DistributedError, isDistributedError } from './errors';
export type { PlanScope } from './plan/digest';
export { fileKey, type Item, type TestFile } from './plan/item';
export { makePlan, type PlanInputs } from './plan/make-plan';
export type { EstimateUnit, HashBy, Plan, PlannedItem, PlannedNode } from './plan/plan';
export { parsePlan } from './plan/plan-file';
export { buildRing, hashKey, type Ring, ringFor } from './plan/strategies/ring';
export type { PlacementReason, StrategyName } from './plan/strategies/strategy';
