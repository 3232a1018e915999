import { describe, expect, test } from '@jest/globals';
import { combinePragmas, parsePragmas } from '../../src/plan/pragmas';

const read = (text: string) => combinePragmas(parsePragmas(text, 'src/a.test.js'), 'src/a.test.js');

describe('pragmas in a file', () => {
  test.each([
    ['/** @jest-distributed split */', { placement: 'split', group: null }],
    ['/**\n * @jest-environment jsdom\n * @jest-distributed whole\n */\ntest();', { placement: 'whole', group: null }],
    ['\uFEFF// @jest-distributed group db', { placement: 'whole', group: 'db' }],
    [
      '#!/usr/bin/env node\r\n/* licence */\r\n/*\r\n@jest-distributed group db\r\n*/\r\n',
      { placement: 'whole', group: 'db' },
    ],
    ['/* @jest-distributed whole\n * @jest-distributed group db */', { placement: 'whole', group: 'db' }],
  ])('%j', (text, pragma) => {
    expect(read(text)).toEqual(pragma);
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
    ['/**\n * @jest-distributed spilt\n */', '"@jest-distributed spilt" (src/a.test.js:2) is not a known pragma.'],
    ['// @jest-distributed', '"@jest-distributed" (src/a.test.js:1) says nothing.'],
    ['// @jest-distributed group', '"@jest-distributed group" (src/a.test.js:1) needs the name of the group.'],
    [
      '// @jest-distributed group a b',
      '"@jest-distributed group a b" (src/a.test.js:1) names a group with more than one word.',
    ],
    [
      '// @jest-distributed split please',
      '"@jest-distributed split please" (src/a.test.js:1) has more than the word "split".',
    ],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow('Use one of: @jest-distributed split, @jest-distributed whole');
  });

  test('a slip gets the word that was meant, another word does not', () => {
    expect(() => read('// @jest-distributed splitt')).toThrow('Did you mean "split"? Use one of: ');
    expect(() => read('// @jest-distributed Group db')).toThrow('Did you mean "group"? Use one of: ');
    expect(() => read('// @jest-distributed serial')).toThrow(/pragma\.\n {2}Use one of: /);
  });

  test.each([
    [
      '// @jest-distributed split\n// @jest-distributed whole',
      'src/a.test.js has pragmas that contradict each other: "split" (src/a.test.js:1) and "whole" (src/a.test.js:2).',
    ],
    [
      '// @jest-distributed group a\n// @jest-distributed split',
      'contradict each other: "split" (src/a.test.js:2) and "group a"',
    ],
    [
      '// @jest-distributed group a\n// @jest-distributed group b',
      'contradict each other: "group a" (src/a.test.js:1) and "group b"',
    ],
  ])('%j contradicts itself', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
