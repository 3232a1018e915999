import { describe, expect, test } from '@jest/globals';
import { combineMarks, parseMarks } from '../../src/plan/pragmas';

const read = (text: string) => combineMarks(parseMarks(text, 'src/a.test.js'), 'src/a.test.js');

describe('marks in a file', () => {
  test.each([
    ['/** @jest-distributed split */', { placement: 'split', group: null }],
    [
      '/**\n * @jest-environment jsdom\n * @jest-distributed together\n */\ntest();',
      { placement: 'together', group: null },
    ],
    ['\uFEFF// @jest-distributed group db', { placement: 'together', group: 'db' }],
    [
      '#!/usr/bin/env node\r\n/* licence */\r\n/*\r\n@jest-distributed group db\r\n*/\r\n',
      { placement: 'together', group: 'db' },
    ],
    ['/* @jest-distributed together\n * @jest-distributed group db */', { placement: 'together', group: 'db' }],
  ])('%j', (text, mark) => {
    expect(read(text)).toEqual(mark);
  });

  test.each([
    'test("x", () => {}); // @jest-distributed split',
    'const a = 1;\n/** @jest-distributed nonsense */',
    '/** See @jest-distributed for more. */',
    "/** @jest-distributed/setup is loaded first */\nimport '@jest-distributed split';",
    '',
  ])('none in %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  test.each([
    ['/**\n * @jest-distributed spilt\n */', 'src/a.test.js:2 says "@jest-distributed spilt", which is no mark.'],
    ['// @jest-distributed', 'src/a.test.js:1 says "@jest-distributed", which is no mark.'],
    ['// @jest-distributed group', 'says "@jest-distributed group", which is no mark'],
    ['// @jest-distributed group a b', 'says "@jest-distributed group a b", which is no mark'],
    ['// @jest-distributed split please', 'says "@jest-distributed split please", which is no mark'],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow('There are: @jest-distributed split, @jest-distributed together');
  });

  test.each([
    [
      '// @jest-distributed split\n// @jest-distributed together',
      'src/a.test.js is marked "split" (src/a.test.js:1) and "together" (src/a.test.js:2).',
    ],
    ['// @jest-distributed group a\n// @jest-distributed split', 'is marked "split" (src/a.test.js:2) and "group a"'],
    [
      '// @jest-distributed group a\n// @jest-distributed group b',
      'is marked "group a" (src/a.test.js:1) and "group b"',
    ],
  ])('%j contradicts itself', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
