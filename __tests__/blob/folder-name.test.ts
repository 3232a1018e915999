/** Ids of runs as names of folders. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { folderName } from '../../src/blob/folder-name';
import { isName } from '../../src/options/value';

test('every id becomes a name that any file system takes, and different ids different names', () => {
  const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(id, id, (one, other) => {
      expect([isName(folderName(one)), /^[\w.+@=-]+$/.test(folderName(one))]).toEqual([true, true]);
      expect(folderName(one) === folderName(other)).toBe(one === other);
    }),
  );
});

test.each([
  ['1658821493', '1658821493'],
  ['b5e6b0c2-0c4f-4b54', 'b5e6b0c2-0c4f-4b54'],
  ['a/b', 'a=2Fb'],
  ['a=2Fb', 'a=3D2Fb'],
  ['{x}', '=7Bx=7D'],
  ['..', '=2E=2E'],
  ['con', '=63on'],
  ['AUX.1', '=41UX.1'],
  ['console', 'console'],
  ['jenkins-folder/job name-12', 'jenkins-folder=2Fjob=20name-12'],
  ['ä:#%', '=C3=A4=3A=23=25'],
])('%s', (id, name) => {
  expect(folderName(id)).toBe(name);
});

test('of 300 letters the last one counts', () => {
  const [one, other] = ['a', 'b'].map((end) => folderName(`${'x'.repeat(299)}${end}`));
  expect([one?.length, one === other]).toEqual([100, false]);
});
