/** A pattern of `-t` that no test has. */
import { expect, test } from '@jest/globals';
import { watchNames } from '../../src/plan/name-pattern';

test.each([
  ['nothing', ['adds a', 'adds b'], 'no test has a name that matches -t "nothing"'],
  ['ADDS', ['adds a'], null],
  ['^cart adds', ['adds', 'cart adds'], null],
  ['(', ['adds'], null],
  ['nothing', [], null],
])('-t %j of %j', (pattern, names, text) => {
  const watched = watchNames(pattern);
  for (const name of names) watched.see(name);
  expect(watched.unmatched()).toBe(text);
});
