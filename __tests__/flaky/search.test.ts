import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCulprits, questionsFor } from '../../src/flaky/search';

/** Asks for a list of so many, of which these are needed together. */
async function search(count: number, culprits: readonly number[], limit?: number) {
  let questions = 0;
  const all = Array.from({ length: count }, (_, index) => index);
  const found = await findCulprits(
    all,
    {
      fails: async (list) => {
        questions += 1;
        expect([...list].sort((a, b) => a - b)).toEqual(list);
        return culprits.every((one) => list.includes(one));
      },
    },
    limit,
  );
  return { found, questions };
}

describe('findCulprits', () => {
  test('finds the one to blame with at most 2·log2(n) questions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 500 }).chain((count) => fc.tuple(fc.constant(count), fc.nat({ max: count - 1 }))),
        async ([count, culprit]) => {
          const { found, questions } = await search(count, [culprit]);
          expect(found).toEqual([culprit]);
          expect(questions).toBeLessThanOrEqual(questionsFor(count));
        },
      ),
    );
  });

  test('finds the few that must come together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 200 }),
        fc.uniqueArray(fc.nat({ max: 199 }), { minLength: 2, maxLength: 3 }),
        async (count, wanted) => {
          const culprits = [...new Set(wanted.map((one) => one % count))].sort((a, b) => a - b);
          expect((await search(count, culprits)).found).toEqual(culprits);
        },
      ),
    );
  });

  test('gives back what is left where there are no more questions', async () => {
    const { found, questions } = await search(1000, [17], 4);
    expect(questions).toBeLessThanOrEqual(4);
    expect(found).toContain(17);
    expect(found.length).toBeLessThan(1000);
  });
});
