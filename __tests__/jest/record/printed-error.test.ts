/** The error in what Jest printed at its end. */
import { describe, expect, test } from '@jest/globals';
import { messageOfStack } from '../../../src/jest/record/printed-error';

describe('the message of a printed error', () => {
  test.each<[string, string, string | undefined]>([
    ['nothing', '', undefined],
    ['no stack', 'Error: it stands in a log\n', undefined],
    ['one line', 'Tests: 1 passed\n\u001b[31mError: it broke\n    at a (b.js:1:2)\n    at c\u001b[39m\n', 'it broke'],
    ['a class of its own', 'TypeError: x is no function\n    at a (b.js:1:2)\n', 'TypeError: x is no function'],
    ['more lines', 'done\nError: first\nsecond\n    at a (b.js:1:2)\n', 'first\nsecond'],
    ['without a name', 'done\nit broke\n    at a (b.js:1:2)\n', 'it broke'],
    ['the last of two', 'Error: one\n    at a (b.js:1)\nError: two\n    at a (b.js:1)\nlast words\n', 'two'],
    ['only frames', '    at a (b.js:1:2)\n', undefined],
  ])('%s', (_, text, message) => {
    expect(messageOfStack(text)).toBe(message);
  });
});
