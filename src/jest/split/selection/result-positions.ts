/**
 * Where the results of a file stand among the tests that it declared.
 *
 * Results come in another order than the tests were declared with `--randomize`, and not all of them where the project's
 * own environment or test runner takes some away, adds some, or sorts them. So the place in a list means nothing.
 */
import { type DeclaredTest, fullNameOf, reportedNameOf } from '../../../select/declared-test';
import type { AssertionResult } from './circus-types';

/** Index of the declared test that a result is of, one a result; null where the file declared no such test. */
export type Places = readonly (number | null)[];

type NamedResult = Pick<AssertionResult, 'fullName' | 'title'>;

/** A test in the order in which the framework reports. */
export interface ReportedTest {
  readonly title: string;
  readonly place: number | null;
}

/** Places by the framework's own list, where the results are plainly those of this list. @returns undefined otherwise. */
export function placesByList(list: readonly ReportedTest[], results: readonly NamedResult[]): Places | undefined {
  const isSame = list.length === results.length && list.every(({ title }, index) => results[index]?.title === title);
  return isSame ? list.map(({ place }) => place) : undefined;
}

/** Places by full names; tests of one name are distinguished by their order, and are all of one node. */
export function placesByName(declared: readonly DeclaredTest[], results: readonly NamedResult[]): Places {
  const byName = new Map<string, number[]>();
  declared.forEach((test, place) => {
    // Versions of Jest differ in what they make of an empty title.
    for (const name of new Set([fullNameOf(test), reportedNameOf(test)])) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [place]);
      else known.push(place);
    }
  });
  const taken = new Set<number>();
  return results.map(({ fullName }) => {
    const place = byName.get(fullName)?.find((one) => !taken.has(one));
    if (place === undefined) return null;
    taken.add(place);
    return place;
  });
}
