import { describe, expect, test } from '@jest/globals';
import { fileKey } from '../../src/plan/item';
import { type PlacedFile, previousAssignment, recordAssignment } from '../../src/timings/assignment';
import { parseTimings } from '../../src/timings/parse-timings';
import { emptyTimings, type Timings } from '../../src/timings/timings';
import { serializeTimings } from '../../src/timings/timings-format';
import { foldDurations } from '../../src/timings/update';

function placed(path: string, node: number, part: string | null = null): PlacedFile {
  return { project: null, path, part, node };
}

function stored(timings: Timings): Timings {
  return parseTimings(serializeTimings(timings), 'timings.json');
}

describe('the last assignment', () => {
  test('comes back by key and 0-based node, files and parts', () => {
    const web = { project: 'web', path: 'a.js' };
    const timings = recordAssignment(emptyTimings, 4, [
      placed('a.js', 1),
      { ...web, part: null, node: 4 },
      placed('giant.js', 2, '1 of 2'),
      placed('giant.js', 3, '2 of 2'),
    ]);
    const expected = new Map([
      ['a.js', 0],
      [fileKey(web), 3],
      [fileKey({ project: null, path: 'giant.js' }, '1 of 2'), 1],
      [fileKey({ project: null, path: 'giant.js' }, '2 of 2'), 2],
    ]);
    expect(previousAssignment(timings, 4)).toEqual(expected);
    expect(previousAssignment(stored(timings), 4)).toEqual(expected);
  });

  test('of another number of nodes is not known', () => {
    expect(previousAssignment(recordAssignment(emptyTimings, 4, [placed('a.js', 1)]), 3)).toBeUndefined();
  });

  test('replaces the one before for this number of nodes, and leaves no trace of files that are gone', () => {
    const first = recordAssignment(emptyTimings, 2, [
      placed('gone.js', 1),
      placed('split.js', 2, 'p'),
      placed('a.js', 1),
    ]);
    const second = recordAssignment(first, 2, [placed('a.js', 2), placed('split.js', 1)]);
    expect(previousAssignment(second, 2)).toEqual(
      new Map([
        ['a.js', 1],
        ['split.js', 0],
      ]),
    );
    expect(serializeTimings(stored(second))).toBe(serializeTimings(second));
    expect([...second.files.keys()].sort()).toEqual(['a.js', 'split.js']);
    expect(second.files.has('gone.js')).toBe(false);
  });

  test('is kept for the three numbers of nodes that were recorded last', () => {
    let timings: Timings = emptyTimings;
    for (const nodes of [2, 3, 4, 2, 5]) timings = recordAssignment(timings, nodes, [placed('a.js', nodes)]);
    expect(timings.assignments).toEqual([5, 2, 4]);
    expect(timings.files.get('a.js')?.nodes).toEqual({ 2: 2, 4: 4, 5: 5 });
  });

  test('does not touch durations, and durations do not touch it', () => {
    const measured = foldDurations(emptyTimings, [{ project: null, path: 'a.js', durationMs: 7, ok: true }]);
    const both = recordAssignment(measured, 2, [placed('a.js', 2)]);
    expect(both.files.get('a.js')).toMatchObject({ durationMs: 7, nodes: { 2: 2 } });
    const again = foldDurations(both, [{ project: null, path: 'a.js', durationMs: 70, ok: true }]);
    expect(again.files.get('a.js')).toMatchObject({ durationMs: 26, nodes: { 2: 2 } });
  });
});
