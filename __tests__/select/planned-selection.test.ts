import { describe, expect, test } from '@jest/globals';
import type { NamedTests } from '../../src/plan/item';
import type { Plan } from '../../src/plan/plan';
import type { FileSelection } from '../../src/select/file-selection';
import { partSelections, planSelections } from '../../src/select/planned-selection';
import { planOf } from '../proof/run';

type Piece = readonly [node: number, part: string, estimate: number, tests: readonly string[]];

/** A split file, and a whole one of the same weight on each node. */
function splitPlan(pieces: readonly Piece[], nodes: number, workers: number, other = 0): Plan {
  const whole = Array.from({ length: nodes }, (_, index) => ({ path: `b${index}`, node: index + 1, estimate: other }));
  const parts = pieces.map(([node, part, estimate]) => ({ path: 'giant', part, node, estimate }));
  const plan = planOf([...parts, ...whole], nodes);
  const contentOf = (part: string): NamedTests => {
    const [first] = pieces as [Piece];
    const [, , , tests] = pieces.find((piece) => piece[1] === part) as Piece;
    return { kind: 'named', tests, fallback: part === first[1] };
  };
  return {
    ...plan,
    workers,
    nodes: plan.nodes.map((node) => ({
      ...node,
      load: node.items.reduce((sum, { estimate }) => sum + estimate, 0),
      items: node.items.map((item) => (item.part === null ? item : { ...item, content: contentOf(item.part) })),
    })),
  };
}

const mine = (selection: FileSelection | undefined) => (selection?.mode === 'named' ? selection.mine : []);
const slicesOf = (plan: Plan) => planSelections(plan, 1).get('giant')?.slices ?? [];

const PIECES: readonly Piece[] = [
  [1, '1/3', 40, ['a', 'b']],
  [1, '2/3', 35, ['c']],
  [1, '3/3', 30, ['d']],
];

describe('the parts of a node', () => {
  test('are one selection, and go to as many workers as their time needs: every test to one', () => {
    const plan = splitPlan(PIECES, 1, 2);
    expect([...mine(planSelections(plan, 1).get('giant')?.selection)].sort()).toEqual(['a', 'b', 'c', 'd']);
    const slices = slicesOf(plan);
    expect(slices).toHaveLength(2);
    expect(slices.flatMap(mine).sort()).toEqual(['a', 'b', 'c', 'd']);
    // What no part names has one place.
    expect(slices.filter((slice) => slice.mode === 'named' && slice.fallback)).toHaveLength(1);
  });

  test('stay in one worker where there is one, or where they are no more than its fair share', () => {
    expect(slicesOf(splitPlan(PIECES, 1, 1))).toEqual([]);
    expect(slicesOf(splitPlan(PIECES, 1, 4, 1000))).toEqual([]);
  });

  test('are no more than the parts there are', () => {
    expect(slicesOf(splitPlan(PIECES, 1, 8))).toHaveLength(3);
  });

  test('leave what is elsewhere to others', () => {
    const plan = splitPlan(
      [
        [2, '1/2', 40, ['a']],
        [1, '2/2', 40, ['b']],
      ],
      2,
      1,
    );
    const own = planSelections(plan, 1).get('giant')?.selection;
    expect(own).toMatchObject({ mine: ['b'], elsewhere: ['a'], fallback: false });
    expect(planSelections(plan, 2).get('giant')?.selection).toMatchObject({ mine: ['a'], fallback: true });
    expect(planSelections(plan, 2).has('b1')).toBe(false);
  });
});

test('each part by itself is what it names, and one of them what nobody names', () => {
  const parts = partSelections(splitPlan(PIECES, 1, 2));
  expect(parts.map(({ part, selection }) => [part, mine(selection)])).toEqual([
    ['1/3', ['a', 'b']],
    ['2/3', ['c']],
    ['3/3', ['d']],
  ]);
  expect(parts.map(({ selection }) => selection.mode === 'named' && selection.fallback)).toEqual([true, false, false]);
});
