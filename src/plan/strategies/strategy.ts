/**
 * The contract of every assignment strategy: a pure function from items and a number of nodes to a node for each item.
 *
 * Every implementation must give the same answer for any order of input, use integers only, and break ties by
 * (second hash, key). `__tests__/contracts/strategy.ts` holds what all of them must satisfy.
 */

/** How an item came to its node; kept so that `explain` and `plan` can say why. */
export type PlacementReason =
  /** The ring's own choice. */
  | 'home'
  /** Its home was full. */
  | 'overflow'
  /** Stayed where the previous assignment had it. */
  | 'sticky'
  /** New since the previous assignment. */
  | 'new'
  /** Moved after placing, or from where the previous assignment had it, because that lowered the makespan. */
  | 'rebalanced';

export interface StrategyInput {
  /** Unique keys, in any order. */
  readonly keys: readonly string[];
  /** Positive integer estimate of each key, same order and length as `keys`. */
  readonly estimates: ArrayLike<number>;
  /** Number of nodes, 1 or more. */
  readonly nodes: number;
  /** Number of Jest workers a node runs files with; the lower bound depends on it. 1 or more. */
  readonly workers: number;
  /** Last known node index (0-based) by key, for strategies that keep items where they were. */
  readonly previous?: ReadonlyMap<string, number>;
}

export interface Assignment {
  /** Node index (0-based) of each key, in the order of the input. */
  readonly nodeOf: ArrayLike<number>;
  /** Why, in the order of the input. */
  readonly reasonOf: (index: number) => PlacementReason;
}

export type Strategy = (input: StrategyInput) => Assignment;

export type StrategyName = 'ring' | 'bounded-ring' | 'sticky';
