import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DeclaredTest, fullNameOf, unitOf } from '../../src/select/declared-test';
import type { FileSelection } from '../../src/select/file-selection';
import { selectTests } from '../../src/select/select-tests';

const file = { project: null, path: 'src/a.test.js' };

// Few words, so that names repeat and full names of different suites meet.
const title = fc.constantFrom('a', 'b', 'a b', 'c', '');
const declaredTest: fc.Arbitrary<DeclaredTest> = fc.record({ titles: fc.array(title, { minLength: 1, maxLength: 4 }) });
const declared = fc.array(declaredTest, { maxLength: 25 });
const nodeCount = fc.integer({ min: 1, max: 6 });
const kind = fc.constantFrom('suite' as const, 'test' as const);

/** Selections of all nodes of a run for one file. */
const hashed = fc
  .record({ mode: kind, nodes: nodeCount })
  .map(({ mode, nodes }): FileSelection[] =>
    Array.from({ length: nodes }, (_, index) => ({ mode, file, nodes, node: index + 1 })),
  );

const named = fc
  .record({
    unit: kind,
    nodes: nodeCount,
    fallback: fc.nat(),
    given: fc.dictionary(fc.oneof(title, fc.constantFrom('a a', 'b c', 'a b c', 'unknown')), fc.nat()),
  })
  .map(({ unit, nodes, fallback, given }): FileSelection[] =>
    Array.from({ length: nodes }, (_, node) => {
      const isMine = (name: string): boolean => (given[name] as number) % nodes === node;
      const names = Object.keys(given);
      return {
        mode: 'named',
        file,
        unit,
        mine: names.filter(isMine),
        elsewhere: names.filter((name) => !isMine(name)),
        fallback: fallback % nodes === node,
      };
    }),
  );

const selections = fc.oneof(hashed, named);

const mineOf = (tests: readonly DeclaredTest[], selection: FileSelection): readonly boolean[] =>
  selectTests(tests, selection).mine;

describe('for any file and any run', () => {
  test('every test is taken by exactly one node', () => {
    fc.assert(
      fc.property(declared, selections, (tests, nodes) => {
        const taken = nodes.map((selection) => mineOf(tests, selection));
        for (const index of tests.keys()) expect(taken.filter((mine) => mine[index])).toHaveLength(1);
      }),
    );
  });

  test('tests of one full name go together', () => {
    fc.assert(
      fc.property(declared, selections, (tests, nodes) => {
        for (const selection of nodes) {
          const mine = mineOf(tests, selection);
          const byName = new Map(tests.map((declaredTest, index) => [fullNameOf(declaredTest), mine[index]]));
          for (const [index, one] of tests.entries()) expect(mine[index]).toBe(byName.get(fullNameOf(one)));
        }
      }),
    );
  });

  test('tests of one unit go together', () => {
    fc.assert(
      fc.property(declared, selections, (tests, nodes) => {
        for (const selection of nodes) {
          const unit = selection.mode === 'named' ? selection.unit : selection.mode;
          const mine = mineOf(tests, selection);
          const byUnit = new Map(tests.map((declaredTest, index) => [unitOf(declaredTest, unit), mine[index]]));
          for (const [index, one] of tests.entries()) expect(mine[index]).toBe(byUnit.get(unitOf(one, unit)));
        }
      }),
    );
  });

  test('the order in which a node sees the tests does not matter', () => {
    const shuffled = declared.chain((tests) =>
      fc.tuple(fc.constant(tests), fc.shuffledSubarray([...tests.keys()], { minLength: tests.length })),
    );
    fc.assert(
      fc.property(shuffled, selections, ([tests, order], nodes) => {
        for (const selection of nodes) {
          const mine = mineOf(tests, selection);
          const reordered = mineOf(
            order.map((index) => tests[index] as DeclaredTest),
            selection,
          );
          expect(reordered).toEqual(order.map((index) => mine[index]));
        }
      }),
    );
  });

  test('the tests of each node are counted the same by all of them', () => {
    fc.assert(
      fc.property(declared, hashed, (tests, nodes) => {
        const counted = nodes.map((selection) => mineOf(tests, selection).filter(Boolean).length);
        for (const selection of nodes) expect(selectTests(tests, selection).testsPerNode).toEqual(counted);
      }),
    );
  });
});

const tests = (...names: string[]): DeclaredTest[] => names.map((name) => ({ titles: name.split('>') }));

describe('given by name', () => {
  const selection = { mode: 'named', file, unit: 'test', mine: ['a b'], elsewhere: ['c'], fallback: false } as const;

  test('a node runs what is its own, and nothing that no plan knows', () => {
    expect(mineOf(tests('a>b', 'c', 'new'), selection)).toEqual([true, false, false]);
  });

  test('the fallback runs what is new too', () => {
    expect(mineOf(tests('a>b', 'c', 'new'), { ...selection, fallback: true })).toEqual([true, false, true]);
  });

  test('suites that share a full name go where the first named of them goes', () => {
    const suites = { ...selection, unit: 'suite', mine: ['a b'], elsewhere: [] } as const;
    expect(mineOf(tests('a>b c', 'a b>c', 'a>d', 'e>f'), suites)).toEqual([true, true, true, false]);
  });
});

test('a test stays where it is when others come and go', () => {
  const before = tests('a>one', 'b>two', 'three');
  const after = tests('new>first', 'a>one', 'b>two', 'b>another', 'three');
  for (const mode of ['suite', 'test'] as const) {
    for (let node = 1; node <= 3; node++) {
      const selection = { mode, file, nodes: 3, node } as const;
      const [one, two, three] = mineOf(before, selection);
      const [, oneAfter, twoAfter, , threeAfter] = mineOf(after, selection);
      expect([oneAfter, twoAfter, threeAfter]).toEqual([one, two, three]);
    }
  }
});

test('tests of one name are placed apart in different files', () => {
  const paths = Array.from({ length: 40 }, (_, index) => `src/${index}.test.js`);
  const homes = paths.map(
    (path) => mineOf(tests('one'), { mode: 'test', file: { project: null, path }, nodes: 2, node: 1 })[0],
  );
  expect(new Set(homes)).toEqual(new Set([true, false]));
});
