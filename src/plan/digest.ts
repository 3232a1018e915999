/**
 * The digest of a plan: equal on two nodes exactly when they planned from the same inputs.
 */
import { createHash } from 'node:crypto';
import type { Item } from './item';
import type { EstimateUnit, HashBy } from './plan';
import type { StrategyName } from './strategies/strategy';

/** Raised whenever the same inputs would be assigned differently: nodes on two versions must not agree by accident. */
const ALGORITHM_VERSION = 1;

/** What Jest was asked to leave out; two nodes asked differently would not run one suite. */
export interface PlanScope {
  readonly testNamePattern: string | null;
  /** Path patterns joined by `|`, empty where there are none. */
  readonly pathPattern: string;
}

export interface DigestInputs {
  readonly nodes: number;
  readonly workers: number;
  readonly strategy: StrategyName;
  readonly hashBy: HashBy;
  readonly unit: EstimateUnit;
  readonly scope: PlanScope;
  /** Sorted by key. */
  readonly items: readonly Item[];
  readonly previous: ReadonlyMap<string, number> | undefined;
}

/** First 16 hex digits (64 bits) of SHA-256 over the inputs: short enough to compare by eye in two CI logs. */
export function digestPlan(inputs: DigestInputs): string {
  const { nodes, workers, strategy, hashBy, unit, scope, items, previous } = inputs;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([ALGORITHM_VERSION, nodes, workers, strategy, hashBy, unit, scope]));
  let text = '';
  for (const item of items) text += `${item.key}\n${item.estimate}\n${traitsOf(item)}`;
  hash.update(text);
  if (strategy === 'sticky' && previous !== undefined) {
    let nodesBefore = '';
    for (const { key } of items) nodesBefore += `${previous.get(key) ?? ''}\n`;
    hash.update(nodesBefore);
  }
  return hash.digest('hex').slice(0, 16);
}

/** What else decides over an item; nothing for a whole file that may go anywhere. */
function traitsOf({ content = null, group = null, pinnedTo = null }: Item): string {
  return content === null && group === null && pinnedTo === null
    ? ''
    : `${JSON.stringify([content, group, pinnedTo])}\n`;
}
