/** The report's list of tests: all of a small run; of a large one those that say something. */
import type { StoredTest } from '../../blob/blob';
import type { ReportLimits } from './limits';
import { invocationsOf, statusOf, titlesOf } from './outcomes';
import type { ReportTest } from './run-report';

export interface TestRows {
  /**
   * The row of each test, in the order given; undefined where it is left out.
   *
   * @param tried indices of those that were tried more than once, which are always listed.
   */
  add(file: number, tests: readonly StoredTest[], tried: ReadonlySet<number>): (ReportTest | undefined)[];
  /**
   * @param placeOf gives a file's index its final one.
   */
  finish(placeOf: (file: number) => number): FinishedTests;
}

interface FinishedTests {
  readonly tests: readonly ReportTest[];
  /** Indices in `tests`, slowest first. */
  readonly slowest: readonly number[];
  readonly omitted: number;
  /** Final index of a row that `add` gave. */
  readonly placeOf: (row: ReportTest) => number | null;
}

export function createTestRows({ tests: limit, slowest: slowestShown }: ReportLimits): TestRows {
  const listed = new Set<ReportTest>();
  let plain = 0;
  let seen = 0;
  /** Slowest first. */
  const slowest: ReportTest[] = [];

  const isSlow = (durationMs: number) =>
    durationMs > 0 && (slowest.length < slowestShown || durationMs > (slowest.at(-1)?.durationMs ?? 0));

  const noteSlow = (row: ReportTest, durationMs: number) => {
    const before = slowest.findIndex((other) => (other.durationMs ?? 0) < durationMs);
    slowest.splice(before === -1 ? slowest.length : before, 0, row);
    slowest.length = Math.min(slowest.length, slowestShown);
  };

  return {
    add(file, tests, tried) {
      return tests.map((test, index) => {
        const status = statusOf(test);
        const invocations = invocationsOf(test);
        const durationMs = test.duration ?? null;
        const isNotable = status === 'failed' || tried.has(index);
        const isListed = isNotable || plain < limit;
        const isAmongSlowest = isSlow(durationMs ?? 0);
        seen += 1;
        // Of two million tests most are neither: no object for them.
        if (!isListed && !isAmongSlowest) return undefined;
        const row: ReportTest = { file, titles: titlesOf(test), status, durationMs, invocations };
        if (isAmongSlowest) noteSlow(row, durationMs ?? 0);
        if (!isListed) return undefined;
        if (!isNotable) plain += 1;
        listed.add(row);
        return row;
      });
    },
    finish(placeOf) {
      for (const row of slowest) listed.add(row);
      const sorted = [...listed]
        .map((row) => ({ row, file: placeOf(row.file) }))
        // Stable: within a file the order in which they ran.
        .sort((a, b) => a.file - b.file);
      const places = new Map(sorted.map(({ row }, index) => [row, index]));
      return {
        tests: sorted.map(({ row, file }) => ({ ...row, file })),
        slowest: slowest.flatMap((row) => places.get(row) ?? []),
        omitted: seen - sorted.length,
        placeOf: (row) => places.get(row) ?? null,
      };
    },
  };
}
