/**
 * A test as its file declares it, and the unit it is placed by.
 */
import type { HashBy } from '../plan/plan';

export interface DeclaredTest {
  /** Titles of the enclosing `describe` blocks from the outside in, then the test's own. */
  readonly titles: readonly string[];
}

/** What is placed as one: a top-level `describe` block, or one full name. */
export type UnitKind = Extract<HashBy, 'suite' | 'test'>;

/** What Jest calls a test in `-t` and in snapshot keys. */
export function fullNameOf(test: DeclaredTest): string {
  return test.titles.join(' ');
}

/** `fullName` of the test in Jest's results, which drop an empty title together with the space before it. */
export function reportedNameOf(test: DeclaredTest): string {
  return (test.titles.at(-1) === '' ? test.titles.slice(0, -1) : test.titles).join(' ');
}

/** Name of the unit a test belongs to; a test outside of any `describe` is a unit of its own. */
export function unitOf(test: DeclaredTest, kind: UnitKind): string {
  return kind === 'suite' ? (test.titles[0] ?? '') : fullNameOf(test);
}
