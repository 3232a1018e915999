import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joinParts } from '../../src/timings/join-parts';
import { emptyTimings } from '../../src/timings/timings';
import { foldDurations } from '../../src/timings/update';

const part = (durationMs: number, tests: readonly number[], ok = true, path = 'a.test.js') => ({
  project: null,
  path,
  durationMs,
  tests: tests.map((ms, index) => ({ name: `test ${path} ${durationMs} ${index}`, durationMs: ms })),
  ok,
});

describe('joinParts', () => {
  test('counts the fixed cost once', () => {
    const [whole] = joinParts([part(350, [200, 100]), part(260, [200]), part(1050, [1000])]);
    expect(whole).toMatchObject({ path: 'a.test.js', durationMs: 50 + 1500, ok: true });
    expect(whole?.tests).toHaveLength(4);
  });

  test('leaves files with one result alone, and one failed part fails the file', () => {
    const alone = part(10, [5], true, 'b.test.js');
    const joined = joinParts([part(20, [10]), alone, part(20, [10], false)]);
    expect(joined).toHaveLength(2);
    expect(joined[1]).toBe(alone);
    expect(joined[0]?.ok).toBe(false);
  });

  test('however a file is split, its recorded duration stays what the whole takes', () => {
    const tests = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.nat(300), fc.array(tests, { minLength: 1, maxLength: 6 }), (fixedMs, parts) => {
        const all = parts.flat().reduce((sum, ms) => sum + ms, 0);
        const results = parts.map((own) => part(fixedMs + own.reduce((sum, ms) => sum + ms, 0), own));
        const [whole] = joinParts(results);
        expect(whole?.durationMs).toBe(fixedMs + all);
      }),
    );
  });

  test('makes one result a file, as the store demands', () => {
    const timings = foldDurations(emptyTimings, joinParts([part(20, [10]), part(30, [20])]));
    expect(timings.files.get('a.test.js')?.durationMs).toBe(40);
  });
});
