import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileKey, type Item } from '../../src/plan/item';
import { type FilesToPlace, makeItems } from '../../src/plan/make-items';
import { makePlan } from '../../src/plan/make-plan';
import type { HashBy, Plan } from '../../src/plan/plan';
import { planSelections } from '../../src/select/planned-selection';
import { selectTests } from '../../src/select/select-tests';

const scope = { testNamePattern: null, pathPattern: '' };
const file = (path: string) => ({ project: null, path });
const giantTests = new Map(Array.from({ length: 30 }, (_, index) => [`giant ${index}`, 20]));

const suite: FilesToPlace = {
  files: ['giant', 'a', 'b', 'c', 'd'].map(file),
  estimates: [700, 100, 100, 100, 100],
  unit: 'ms',
  nodes: 4,
  workers: 1,
  hashBy: 'auto',
  testsOf: (index) =>
    index === 0
      ? giantTests
      : new Map([
          ['one', 60],
          ['two', 30],
        ]),
  pragmaOf: () => undefined,
  splitsLocally: true,
};

const planFor = (place: FilesToPlace): Plan =>
  makePlan({
    items: makeItems(place),
    unit: place.unit,
    nodes: place.nodes,
    workers: place.workers,
    strategy: undefined,
    hashBy: place.hashBy,
    scope,
  });

const partsOf = (items: readonly Item[], path: string) => items.filter((item) => item.file.path === path);

describe('auto', () => {
  test('splits only what exceeds the fair share, and pays the fixed cost for each part', () => {
    const items = makeItems(suite);
    // Fair share 275, fixed cost 100: 600 / 175.
    expect(partsOf(items, 'giant').map(({ part, estimate }) => [part, estimate])).toEqual([
      ['1/4', 260],
      ['2/4', 260],
      ['3/4', 240],
      ['4/4', 240],
    ]);
    expect(items.filter(({ part }) => part === null)).toHaveLength(4);
    expect(planFor(suite).balance).toBeLessThan(1.15);
  });

  test('keeps files of a project with a runner of its own whole, unless they have a pragma', () => {
    const own = { ...suite, hasOwnRunner: (index: number) => index === 0 };
    expect(partsOf(makeItems(own), 'giant').map(({ part }) => part)).toEqual([null]);
    const withPragma = { ...own, pragmaOf: () => ({ placement: 'split', group: null }) as const };
    expect(partsOf(makeItems(withPragma), 'giant').length).toBeGreaterThan(1);
    expect(partsOf(makeItems({ ...own, hashBy: 'test' }), 'giant').length).toBeGreaterThan(1);
  });

  test('does not split what it knows no tests of, nor by sizes', () => {
    expect(makeItems({ ...suite, testsOf: () => undefined })).toHaveLength(5);
    expect(makeItems({ ...suite, unit: 'bytes' })).toHaveLength(5);
    expect(makeItems({ ...suite, testsOf: () => new Map([['only one', 600]]) })).toHaveLength(5);
  });

  test('with one node, splits for its workers, unless told not to', () => {
    const alone = { ...suite, nodes: 1, workers: 2 };
    expect(partsOf(makeItems(alone), 'giant')).toHaveLength(2);
    expect(makeItems({ ...alone, hashBy: 'test' })).toEqual(makeItems(alone));
    expect(makeItems({ ...alone, splitsLocally: false })).toHaveLength(5);
    expect(makeItems({ ...suite, nodes: 1 })).toHaveLength(5);
  });

  test('without local splitting there are no more parts than nodes', () => {
    expect(partsOf(makeItems({ ...suite, nodes: 2, workers: 2 }), 'giant')).toHaveLength(4);
    expect(partsOf(makeItems({ ...suite, nodes: 2, workers: 2, splitsLocally: false }), 'giant')).toHaveLength(2);
  });
});

describe('pragmas', () => {
  const withPragma = (placement: 'split' | 'whole', hashBy: HashBy, path = 'giant') =>
    makeItems({
      ...suite,
      hashBy,
      pragmaOf: (index) => (suite.files[index]?.path === path ? { placement, group: null } : undefined),
    });

  test('whole keeps a file whole in every mode', () => {
    for (const hashBy of ['auto', 'suite', 'test'] as const) {
      expect(partsOf(withPragma('whole', hashBy), 'giant')).toHaveLength(1);
    }
  });

  test('split splits by file too, and what is not heavy', () => {
    expect(partsOf(withPragma('split', 'file'), 'giant')).toHaveLength(4);
    expect(partsOf(withPragma('split', 'auto', 'a'), 'a').map(({ part }) => part)).toEqual(['1/2', '2/2']);
    expect(partsOf(withPragma('split', 'file'), 'a')).toHaveLength(1);
  });

  test('split without timings deals the tests over all nodes', () => {
    const items = makeItems({
      ...suite,
      hashBy: 'file',
      unit: 'files',
      estimates: [1, 1, 1, 1, 1],
      pragmaOf: (index) => (index === 0 ? { placement: 'split', group: null } : undefined),
    });
    expect(partsOf(items, 'giant').map(({ part }) => part)).toEqual([1, 2, 3, 4].map((n) => `${n}/4 by test`));
  });

  test('files of a group share a node, and are one item to the strategy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(0b11111), (nodes, members) => {
        const inGroup = (index: number) => ((members >> index) & 1) === 1;
        const plan = planFor({
          ...suite,
          nodes,
          pragmaOf: (index) => (inGroup(index) ? { placement: 'whole', group: 'db' } : undefined),
        });
        const owners = plan.nodes.filter(({ items }) => items.some(({ group }) => group === 'db'));
        expect(owners.length).toBe(members === 0 ? 0 : 1);
        expect(
          owners.flatMap(({ items }) => items.filter(({ group }) => group === 'db').map((item) => item.file)).sort(),
        ).toEqual(
          suite.files
            .filter((_, index) => inGroup(index))
            .map(({ path }) => path)
            .sort(),
        );
      }),
    );
  });

  test('a group stays where most of it was', () => {
    const grouped = {
      ...suite,
      pragmaOf: (index: number) => (index > 0 ? ({ placement: 'whole', group: 'db' } as const) : undefined),
    };
    const plan = (previous: ReadonlyMap<string, number>) =>
      makePlan({ ...grouped, items: makeItems(grouped), strategy: 'sticky', scope, previous });
    const nodeOfA = (previous: ReadonlyMap<string, number>) =>
      plan(previous).nodes.find(({ items }) => items.some((item) => item.file === 'a'))?.node;
    expect(
      nodeOfA(
        new Map([
          ['a', 2],
          ['b', 2],
          ['c', 0],
        ]),
      ),
    ).toBe(3);
    expect(
      nodeOfA(
        new Map([
          ['a', 1],
          ['b', 0],
          ['c', 0],
        ]),
      ),
    ).toBe(1);
  });
});

describe('the digest', () => {
  test('knows parts, their tests, groups and deals', () => {
    const base = planFor(suite).digest;
    const others = [
      {
        ...suite,
        testsOf: (index: number) =>
          index === 0 ? new Map([...giantTests].map(([n, ms]) => [`${n}!`, ms])) : undefined,
      },
      {
        ...suite,
        pragmaOf: (index: number) => (index < 2 ? ({ placement: 'whole', group: 'g' } as const) : undefined),
      },
      {
        ...suite,
        pragmaOf: (index: number) => (index < 2 ? ({ placement: 'whole', group: 'h' } as const) : undefined),
      },
      { ...suite, hashBy: 'suite' as const },
      { ...suite, hashBy: 'test' as const },
      { ...suite, hashBy: 'file' as const },
    ].map((place) => planFor(place).digest);
    expect(new Set([base, ...others]).size).toBe(others.length + 1);
  });

  test('of whole files does not depend on the order, with or without a group', () => {
    const reversed = { ...suite, files: [...suite.files].reverse(), estimates: [...suite.estimates].reverse() };
    const testsOf = (index: number) => (index === 4 ? giantTests : undefined);
    expect(planFor({ ...reversed, testsOf }).digest).toBe(planFor(suite).digest);
  });
});

describe('over all nodes of a plan', () => {
  // What the file really declares: some names are new since the timings, some recorded ones are gone.
  const declared = (names: readonly string[]) => names.map((name) => ({ titles: name.split(' > ') }));

  test('every test runs on exactly one node, in every mode, known to the timings or not', () => {
    const name = fc
      .tuple(fc.constantFrom('s', 't', 'u'), fc.string({ maxLength: 3 }))
      .map((titles) => titles.join(' > '));
    fc.assert(
      fc.property(
        fc.constantFrom<HashBy>('auto', 'suite', 'test'),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.uniqueArray(name, { minLength: 1, maxLength: 20 }),
        fc.uniqueArray(name, { maxLength: 20 }),
        (hashBy, nodes, workers, known, added) => {
          const recorded = new Map(known.map((one, index) => [one.split(' > ').join(' '), 10 + index]));
          const plan = planFor({
            ...suite,
            nodes,
            workers,
            hashBy,
            testsOf: (index) => (index === 0 ? recorded : undefined),
          });
          const tests = declared([...new Set([...known.slice(1), ...added])]);
          const runs = new Array<number>(tests.length).fill(0);
          for (const { node, items } of plan.nodes) {
            const selections = planSelections(plan, node);
            if (items.some((item) => item.file === 'giant' && item.part === null)) {
              expect(selections.has('giant')).toBe(false);
              for (const index of runs.keys()) runs[index] = (runs[index] as number) + 1;
            }
            const planned = selections.get('giant');
            if (planned === undefined) continue;
            const mine = selectTests(tests, planned.selection).mine;
            mine.forEach((isMine, index) => {
              if (isMine) runs[index] = (runs[index] as number) + 1;
            });
            if (planned.slices.length > 0) {
              const bySlices = planned.slices.map((slice) => selectTests(tests, slice).mine);
              const times = tests.map((_, index) => bySlices.filter((slice) => slice[index]).length);
              expect(times).toEqual(mine.map(Number));
              expect(planned.slices.length).toBeLessThanOrEqual(workers);
            }
          }
          expect(runs).toEqual(tests.map(() => 1));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('exactly one node keeps what the plan does not name, and only nodes with a part load the file', () => {
    for (const hashBy of ['auto', 'test'] as const) {
      const plan = planFor({ ...suite, hashBy, nodes: 9 });
      const all = plan.nodes.map(({ node, items }) => ({
        hasPart: items.some((item) => item.file === 'giant'),
        planned: planSelections(plan, node).get('giant'),
      }));
      expect(all.map(({ planned }) => planned !== undefined)).toEqual(all.map(({ hasPart }) => hasPart));
      const fallbacks = all.filter(({ planned }) => planned?.selection.mode === 'named' && planned.selection.fallback);
      expect(fallbacks).toHaveLength(1);
    }
  });

  test('a plan survives JSON', () => {
    const plan = planFor(suite);
    const read = JSON.parse(JSON.stringify(plan)) as Plan;
    for (const node of [1, 2, 3, 4]) expect(planSelections(read, node)).toEqual(planSelections(plan, node));
  });

  // biome-ignore lint/suspicious/noExplicitAny: what somebody did to the file by hand has no type
  test.each<[string, (items: any[]) => void]>([
    [
      'not exactly one of its parts takes',
      (items) => {
        for (const item of items) item.content.fallback = false;
      },
    ],
    [
      'two of its parts have the same test',
      (items) => {
        items[0].content.tests.push(items[1].content.tests[0]);
      },
    ],
    [
      'not all of its parts have a content',
      (items) => {
        delete items[2].content;
      },
    ],
  ])('refuses a plan where %s', (message, change) => {
    const plan = JSON.parse(JSON.stringify(planFor(suite))) as Plan;
    change(plan.nodes.flatMap(({ items }) => items).filter((item) => item.file === 'giant'));
    expect(() => planSelections(plan, 1)).toThrow(`The plan splits giant incorrectly: ${message}`);
  });

  test('refuses a deal of which a part is missing', () => {
    const plan = JSON.parse(JSON.stringify(planFor({ ...suite, hashBy: 'suite' })));
    plan.nodes[1].items = [];
    expect(() => planSelections(plan, 1)).toThrow('its parts are not numbered from the first to the last');
  });
});

test('keys of parts are their own', () => {
  const items = makeItems({ ...suite, hashBy: 'test' });
  for (const { key, file: of, part } of items) expect(key).toBe(fileKey(of, part));
  expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
});
