/**
 * A plan: the assignment of every item to a node, with loads, and the digest that all nodes of a run must share.
 *
 * The same shape in memory, in `plan --json` and in the file that `plan --out` writes, so that nothing is lost on the
 * way. Tools may rely on the documented fields; a reader must ignore fields it does not know.
 */
import type { PartContent } from './item';
import type { PlacementReason, StrategyName } from './strategies/strategy';

/** What an estimate counts: milliseconds where timings are known, else bytes of the file, else 1 for every file. */
export type EstimateUnit = 'ms' | 'bytes' | 'files';

/** How fine items are: whole files, top-level suites, single tests, or only what is too heavy. */
export type HashBy = 'file' | 'suite' | 'test' | 'auto';

export interface PlannedItem {
  /** POSIX path relative to the project's rootDir. */
  readonly file: string;
  readonly project: string | null;
  /** Name of the part where the file is split, else null. */
  readonly part: string | null;
  /** Predicted cost in the plan's `unit` (the name says ms because that is what it is once timings are known). */
  readonly estimate: number;
  readonly reason: PlacementReason;
  /** What the part is, so that a node that obeys a plan file needs no timings; absent for a whole file. */
  readonly content?: PartContent;
  /** Name of the group whose files share a node; absent where the file is in none. */
  readonly group?: string;
}

export interface PlannedNode {
  /** 1-based. */
  readonly node: number;
  /** Sum of the estimates of its items, in the plan's `unit`. */
  readonly load: number;
  /** Longest first, ties by key. */
  readonly items: readonly PlannedItem[];
}

export interface Plan {
  readonly version: 1;
  readonly strategy: StrategyName;
  readonly hashBy: HashBy;
  /** Jest workers a node is planned with. */
  readonly workers: number;
  readonly unit: EstimateUnit;
  /** Equal on all nodes of a run, or they did not plan from the same inputs. */
  readonly digest: string;
  /** makespan / lower bound; 1 is perfect. */
  readonly balance: number;
  /** Longest time any node takes with `workers` files at a time, longest first. */
  readonly makespan: number;
  /** max(total / (nodes × workers), longest item): no assignment can be faster. */
  readonly lowerBound: number;
  readonly nodes: readonly PlannedNode[];
}
