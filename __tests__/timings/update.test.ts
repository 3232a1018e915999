import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileKey } from '../../src/plan/item';
import { parseTimings } from '../../src/timings/parse-timings';
import { durationOf, emptyTimings, type FileTimings, type Timings } from '../../src/timings/timings';
import { serializeTimings } from '../../src/timings/timings-format';
import { type FileDuration, foldDurations, pruneTimings } from '../../src/timings/update';

const a = { project: null, path: 'a.test.js' };

function passed(durationMs: number, tests?: FileDuration['tests']): FileDuration {
  return { ...a, durationMs, ok: true, ...(tests && { tests }) };
}

function failed(durationMs: number, tests?: FileDuration['tests']): FileDuration {
  return { ...passed(durationMs, tests), ok: false };
}

function storeAfter(...runs: FileDuration[]): Timings {
  return runs.reduce((timings, run) => foldDurations(timings, [run]), emptyTimings);
}

function testsAfter(...runs: FileDuration[]): Record<string, number> {
  return Object.fromEntries((storeAfter(...runs).files.get('a.test.js') as FileTimings).tests());
}

describe('a duration', () => {
  test.each([
    ['is taken as it is where nothing is known', [1000.4], 1000],
    ['stays where the new one is 20 % more', [1000, 1200], 1000],
    ['stays where the new one is 20 % less', [1000, 800], 1000],
    ['moves by 30 % of the difference beyond that', [1000, 1201], 1060],
    ['moves down too', [1000, 799], 940],
    ['approaches a lasting change', [1000, 2000, 2000, 2000, 2000, 2000], 1760],
    ['is at least a millisecond', [0.2], 1],
    ['is not changed by a clock that was set back', [1000, -5000], 1000],
    ['is not changed by what is no number', [1000, Number.NaN], 1000],
  ])('%s', (_, durations, expected) => {
    expect(durationOf(storeAfter(...durations.map((durationMs) => passed(durationMs))), a)).toBe(expected);
  });

  test('of a file of another project with the same path is another one', () => {
    const timings = foldDurations(emptyTimings, [passed(10), { ...passed(500), project: 'web' }]);
    expect(durationOf(timings, a)).toBe(10);
    expect(durationOf(timings, { ...a, project: 'web' })).toBe(500);
  });
});

describe('a file that failed', () => {
  const one = [{ name: 'one', durationMs: 5 }];

  test('does not change what is known', () => {
    expect(durationOf(storeAfter(passed(1000), failed(5)), a)).toBe(1000);
    expect(durationOf(storeAfter(passed(1000), failed(30_000, one)), a)).toBe(1000);
  });

  test('counts where nothing is known and its tests ran', () => {
    expect(durationOf(storeAfter(failed(700, one)), a)).toBe(700);
  });

  test.each([undefined, []])('counts nothing where it crashed before any test: %p', (tests) => {
    expect(storeAfter(failed(3, tests)).files.size).toBe(0);
  });
});

describe('tests', () => {
  test('of one name are summed up', () => {
    const tests = [
      { name: 'each', durationMs: 3 },
      { name: 'other', durationMs: 0.2 },
      { name: 'each', durationMs: 4 },
    ];
    expect(testsAfter(passed(100, tests))).toEqual({ each: 7, other: 0 });
  });

  test('have the same mean and dead band', () => {
    const run = (kept: number, moved: number): FileDuration =>
      passed(100, [
        { name: 'kept', durationMs: kept },
        { name: 'moved', durationMs: moved },
      ]);
    expect(testsAfter(run(100, 100), run(119, 200))).toEqual({ kept: 100, moved: 130 });
  });

  test('that are gone are dropped, unless the run knew no tests', () => {
    const old = passed(100, [{ name: 'old', durationMs: 4 }]);
    expect(testsAfter(old, passed(100, [{ name: 'new', durationMs: 5 }]))).toEqual({ new: 5 });
    expect(testsAfter(old, passed(100))).toEqual({ old: 4 });
    expect(testsAfter(old, passed(100, []))).toEqual({});
  });
});

test('the number of workers is that of the last run that knew it', () => {
  const timings = foldDurations(emptyTimings, [passed(1)], { workers: 3 });
  expect(timings.workers).toBe(3);
  expect(foldDurations(timings, []).workers).toBe(3);
});

test('two results of one file are an error', () => {
  const web = { ...passed(1), project: 'web' };
  expect(() => foldDurations(emptyTimings, [passed(1), web, web])).toThrow(
    `jest-distributed: There are two results of a.test.js (project web) in one run, so its duration is unknown.
  Import one accepted result per file; "npx jest-distributed verify" names tests that ran twice.`,
  );
});

describe('a whole run', () => {
  const result = fc.record({
    project: fc.constantFrom(null, 'web'),
    path: fc.constantFrom('a.js', 'b.js', 'c/d.js', '__proto__', '7'),
    durationMs: fc.double({ min: -1, max: 5000 }),
    ok: fc.boolean(),
    tests: fc.array(fc.record({ name: fc.constantFrom('x', 'y', '1'), durationMs: fc.nat(100) })),
  });
  const run = fc.uniqueArray(result, { selector: fileKey });

  test('gives the same bytes for any order of its results, stored in between or not', () => {
    const runs = fc.array(run, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(runs, fc.infiniteStream(fc.nat()), (all, random) => {
        let inOrder = emptyTimings;
        let shuffled = emptyTimings;
        for (const results of all) {
          inOrder = foldDurations(inOrder, results);
          const keyed = results.map((entry) => ({ entry, rank: random.next().value as number }));
          const other = keyed.sort((x, y) => x.rank - y.rank).map(({ entry }) => entry);
          shuffled = parseTimings(serializeTimings(foldDurations(shuffled, other)), 'timings.json');
        }
        expect(serializeTimings(shuffled)).toBe(serializeTimings(inOrder));
      }),
    );
  });

  test('repeated within 20 % changes no byte', () => {
    fc.assert(
      fc.property(run, fc.double({ min: 0.81, max: 1.19, noNaN: true }), (results, factor) => {
        const whole = results.map((entry) => ({
          ...entry,
          ok: true,
          durationMs: Math.round(Math.abs(entry.durationMs || 0)) + 10,
        }));
        const stored = foldDurations(emptyTimings, whole);
        const noisy = whole.map((entry) => ({ ...entry, durationMs: entry.durationMs * factor }));
        expect(serializeTimings(foldDurations(stored, noisy))).toBe(serializeTimings(stored));
      }),
    );
  });
});

describe('pruning', () => {
  test('forgets the files that are gone, and names them', () => {
    const web = { ...passed(1), project: 'web' };
    const { timings, pruned } = pruneTimings(foldDurations(emptyTimings, [passed(1), web]), [a]);
    expect([...timings.files.keys()]).toEqual(['a.test.js']);
    expect(pruned).toEqual([{ project: 'web', path: 'a.test.js' }]);
  });
});
