import { describe, expect, test } from '@jest/globals';
import { fileKey } from '../../../src/plan/item';
import { movedSince } from '../../../src/reports/plan/moved-items';
import { movedLines } from '../../../src/reports/plan/moved-lines';
import { asciiLog, log, samplePlan } from '../sample-plan';

const plan = samplePlan(
  [
    [4000, 1000],
    [3000, 2000],
  ],
  {
    item: (node, place) => (node === 2 && place === 2 ? { project: 'web', part: 'p', reason: 'rebalanced' } : {}),
  },
);
const sameAsPlan = new Map(
  plan.nodes.flatMap(({ node, items }) =>
    items.map(({ file, project, part }) => [fileKey({ project, path: file }, part), node - 1] as const),
  ),
);

describe('movedSince', () => {
  test('nothing where all is as it was', () => {
    expect(movedSince(plan, sameAsPlan)).toEqual({ nodes: 2, items: 4, changes: [] });
  });

  test('moved, new and gone items, by their names', () => {
    const previous = new Map(sameAsPlan);
    previous.delete('src/n1-2.test.js');
    previous.set(fileKey({ project: 'web', path: 'src/n2-2.test.js' }, 'p'), 0);
    previous.set(fileKey({ project: 'web', path: 'src/old.test.js' }), 1);
    previous.set(fileKey({ project: null, path: 'src/old.test.js' }, 'q'), 0);
    const gone = { to: null, reason: null };
    expect(movedSince(plan, previous).changes).toEqual([
      { project: null, file: 'src/n1-2.test.js', part: null, from: null, to: 1, reason: 'home' },
      { project: 'web', file: 'src/n2-2.test.js', part: 'p', from: 1, to: 2, reason: 'rebalanced' },
      { project: 'web', file: 'src/old.test.js', part: null, from: 2, ...gone },
      { project: null, file: 'src/old.test.js', part: 'q', from: 1, ...gone },
    ]);
  });

  test('no earlier assignment is not the same as no changes', () => {
    expect(movedSince(plan, undefined).changes).toBeNull();
  });
});

describe('movedLines', () => {
  test('counts, and the first names with why', () => {
    const moved = Array.from({ length: 6 }, (_, index) => ({
      project: index === 0 ? 'web' : null,
      file: `src/m${index}.test.js`,
      part: index === 0 ? 'cart' : null,
      from: 1,
      to: 3,
      reason: 'rebalanced' as const,
    }));
    const added = { project: null, file: 'src/new.test.js', part: null, from: null, to: 2, reason: 'new' as const };
    const gone = { ...added, file: 'src/old.test.js', from: 3, to: null, reason: null };
    const changes = [...moved, added, gone];
    expect(movedLines({ nodes: 4, items: 400, changes }, log)).toEqual([
      'since the last assignment: 6 of 400 items moved (1.5 %), 1 new, 1 gone',
      '  6 moved to lower the longest load',
      '    node 1 → 3  web › src/m0.test.js › cart',
      '    node 1 → 3  src/m1.test.js',
      '    node 1 → 3  src/m2.test.js',
      '    node 1 → 3  src/m3.test.js',
      '    node 1 → 3  src/m4.test.js',
      '    and 1 more',
      '  1 new',
      '    → node 2  src/new.test.js',
      '  1 gone',
      '    node 3  src/old.test.js',
    ]);
    expect(movedLines({ nodes: 4, items: 400, changes: [added] }, asciiLog)).toEqual([
      'since the last assignment: 0 of 400 items moved, 1 new, 0 gone',
      '  1 new',
      '    -> node 2  src/new.test.js',
    ]);
  });

  test('nothing moved', () => {
    expect(movedLines({ nodes: 4, items: 400, changes: [] }, log)).toEqual([
      'since the last assignment: nothing moved, 400 items stay on their nodes',
    ]);
  });

  test('nothing to compare with', () => {
    expect(movedLines({ nodes: 4, items: 400, changes: null }, log)).toEqual([
      'there is no last assignment over 4 nodes: every item was placed again',
    ]);
  });
});
