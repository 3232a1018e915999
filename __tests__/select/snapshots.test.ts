import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foreignSnapshots } from '../../src/select/snapshots';

const foreignOf = (keys: readonly string[], names: readonly string[], foreign: readonly string[]): readonly string[] =>
  foreignSnapshots(keys, new Set(names), new Set(foreign));

test('snapshots of tests that run elsewhere, however many and with whatever hint', () => {
  const keys = ['a 1', 'a 2', 'a: hint 1', 'a: hint: more 12', 'own 1', 'own: hint 1'];
  expect(foreignOf(keys, ['a', 'own'], ['a'])).toEqual(['a', 'a: hint', 'a: hint: more']);
});

test('a snapshot that no test of the file can have taken stays obsolete', () => {
  expect(foreignOf(['gone 1', 'gone: hint 1', 'a b 1', 'not a key'], ['a'], ['a'])).toEqual([]);
});

test('the longest name owns a snapshot', () => {
  const keys = ['a: b 1', 'a: b: hint 1', 'a: c 1'];
  expect(foreignOf(keys, ['a', 'a: b'], ['a'])).toEqual(['a: c']);
  expect(foreignOf(keys, ['a', 'a: b'], ['a: b'])).toEqual(['a: b', 'a: b: hint']);
});

test('names that end in a number, and no name at all', () => {
  expect(foreignOf(['test 1 1', 'test 2 1'], ['test 1', 'test 2'], ['test 2'])).toEqual(['test 2']);
  expect(foreignOf([' 1', ': hint 1'], ['', 'own'], [''])).toEqual(['', ': hint']);
});

test('every snapshot that a foreign test takes is kept, and none of an own test', () => {
  const word = fc.constantFrom('a', 'b', 'a: b', 'c 1', '', 'b: ');
  const names = fc.uniqueArray(word, { minLength: 1 });
  const hint = fc.option(fc.constantFrom('x', 'x: y', '2'), { nil: undefined });
  fc.assert(
    fc.property(
      names,
      fc.infiniteStream(fc.boolean()),
      hint,
      fc.integer({ min: 1, max: 99 }),
      (all, isForeign, text, count) => {
        const foreign = all.filter(() => isForeign.next().value);
        for (const name of all) {
          const stored = text === undefined ? name : `${name}: ${text}`;
          const kept = foreignOf([`${stored} ${count}`], all, foreign);
          expect(kept).toEqual(foreign.includes(name) ? [stored] : []);
        }
      },
    ),
  );
});
