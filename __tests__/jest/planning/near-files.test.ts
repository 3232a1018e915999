/** What is offered for a path or a pattern that fits no test file. */
import { expect, test } from '@jest/globals';
import { didYouMean, nearFiles } from '../../../src/jest/planning/near-files';
import { hasFlag, patternsIn } from '../../../src/shell/jest-flags';

const FILES = [
  'test/unit/checkout.test.js',
  'test/unit/cart.test.js',
  'test/unit/tax.test.js',
  'test/integration/cart.test.js',
  'src/user.spec.ts',
];

test.each<[string, string[]]>([
  ['test/unit/chekout.test.js', ['test/unit/checkout.test.js']],
  ['./test/unit/chekout.test.js', ['test/unit/checkout.test.js']],
  ['chekout', ['test/unit/checkout.test.js']],
  ['Unit/Chekout', ['test/unit/checkout.test.js']],
  ['cart.tst.js', ['test/unit/cart.test.js', 'test/integration/cart.test.js']],
  ['cart', ['test/unit/cart.test.js', 'test/integration/cart.test.js']],
  ['integratoin', ['test/integration/cart.test.js']],
  ['usr', ['src/user.spec.ts']],
  ['nothing-like-it', []],
  ['', []],
])('%j: %j', (typed, near) => {
  expect(nearFiles(typed, FILES)).toEqual(near);
});

test('at most three names are offered, each once', () => {
  expect(didYouMean(['chekout', 'checkot', 'cart'], FILES)).toBe(
    'Did you mean test/unit/checkout.test.js or test/unit/cart.test.js or test/integration/cart.test.js?',
  );
  expect(didYouMean(['xyzzy'], FILES)).toBeNull();
});

test('of the arguments of Jest, those that choose files by their paths', () => {
  expect(patternsIn(['src/a', '--ci', '--testPathPatterns=b', '--testPathPattern', 'c', '-t', 'name'])).toEqual([
    ...['src/a', 'b', 'c'],
  ]);
  expect([hasFlag(['--run-tests-by-path', 'a'], 'runTestsByPath'), hasFlag(['-t', 'a'], 'runTestsByPath')]).toEqual([
    ...[true, false],
  ]);
});
