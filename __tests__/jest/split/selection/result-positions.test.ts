import { describe, expect, test } from '@jest/globals';
import { placesByList, placesByName } from '../../../../src/jest/split/selection/result-positions';
import type { DeclaredTest } from '../../../../src/select/declared-test';

const declared: readonly DeclaredTest[] = [
  { titles: ['s', 'a'] },
  { titles: ['s', 'b'] },
  { titles: ['s', 'b'] },
  { titles: ['s', ''] },
];
const result = (fullName: string, title = fullName) => ({ fullName, title });

describe('places of results among the declared tests', () => {
  test('by the list of the framework, whatever order it ran them in', () => {
    const list = [
      { title: 'b', place: 1 },
      { title: 'added', place: null },
      { title: 'a', place: 0 },
    ];
    expect(placesByList(list, [result('s b', 'b'), result('s added', 'added'), result('s a', 'a')])).toEqual([
      1,
      null,
      0,
    ]);
  });

  test('not by a list that the results are not of', () => {
    const list = [
      { title: 'a', place: 0 },
      { title: 'b', place: 1 },
    ];
    expect(placesByList(list, [result('a')])).toBeUndefined();
    expect(placesByList(list, [result('b'), result('a')])).toBeUndefined();
  });

  test('by names, each once, with either spelling of an empty title', () => {
    const names = ['s b', 's a', 's b', 's b', 'other'];
    expect(
      placesByName(
        declared,
        names.map((name) => result(name)),
      ),
    ).toEqual([1, 0, 2, null, null]);
    expect(placesByName(declared, [result('s')])).toEqual([3]);
    expect(placesByName(declared, [result('s ')])).toEqual([3]);
  });
});
