import { expect, test } from '@jest/globals';
import { selectTests } from '../../src/select/select-tests';
import { recordSplit } from '../../src/select/split-record';

const selection = {
  mode: 'named',
  file: { project: null, path: 'a.test.js' },
  unit: 'test',
  mine: ['a b', 'same'],
  elsewhere: [],
  fallback: false,
} as const;

const declared = [['a', 'b'], ['same'], ['other'], ['same'], ['suite', '']].map((titles) => ({ titles }));

test('names every test seen as results name it, and tells which are mine', () => {
  expect(recordSplit(declared, selection, selectTests(declared, selection), 'setup')).toEqual({
    split: true,
    mode: 'named',
    by: 'setup',
    seen: ['a b', 'same', 'other', 'same', 'suite'],
    mine: [0, 1, 3],
    testsPerNode: null,
    empty: false,
  });
});

test('says so where none is mine', () => {
  const none = { ...selection, mine: [], elsewhere: ['a b', 'same'] };
  expect(recordSplit(declared, none, selectTests(declared, none), 'test-runner')).toMatchObject({
    mine: [],
    empty: true,
  });
});
