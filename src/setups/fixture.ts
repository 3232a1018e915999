/** What `defineFixture` makes. */
import type { FixtureScope } from './journal';

// Two copies of this package, and Jest's sandboxes, each have a module of their own.
const brand: unique symbol = Symbol.for('jest-distributed.fixture');

/** Who a fixture is set up for. */
export interface FixtureContext {
  readonly scope: FixtureScope;
  /** The run as an identifier. */
  readonly run: string;
  /** Number of the node, from 1; of scope `run`: of no certain one, so it is not there. */
  readonly node?: number;
  readonly nodes: number;
  /** Slots of all workers of the node; not for the scope `run`. */
  readonly slots?: readonly number[];
  /** Of the worker; for the scope `worker` alone. */
  readonly slot?: number;
  /** Name of the worker, such as `n2w1`; for the scope `worker` alone. */
  readonly name?: string;
}

export interface FixtureDefinition<Value> {
  /** Once for each worker, once for each node, or once for the whole run. */
  readonly scope: FixtureScope;
  /** @returns what tests need of it, as JSON. */
  readonly setup: (context: FixtureContext) => Value | Promise<Value>;
  /**
   * Runs once for every set-up that was begun.
   *
   * @param value what the set-up gave; undefined where it did not get to its end.
   */
  readonly teardown?: (value: Value | undefined, context: FixtureContext) => unknown;
}

/** To be exported by a module of its own. */
export interface Fixture<Value = unknown> extends FixtureDefinition<Value> {
  readonly [brand]: true;
  /** Absolute path of its module; null where the stack does not have it. */
  readonly file: string | null;
}

export const makeFixture = <Value>(definition: FixtureDefinition<Value>, file: string | null): Fixture<Value> => ({
  ...definition,
  [brand]: true,
  file,
});

export const isFixture = (value: unknown): value is Fixture =>
  typeof value === 'object' && value !== null && (value as { readonly [brand]?: unknown })[brand] === true;
