import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from '@jest/globals';
import type { JestTest } from '../../../../src/jest/host/jest-types';
import { resolveJest } from '../../../../src/jest/host/resolve-jest';
import { readPart, readPartNumber, tagPart } from '../../../../src/jest/split/selection/part-tag';

type Config = JestTest['context']['config'];

/** As many keys as Jest 29's, some without a value, and one that holds a whole object. */
const config = {
  id: 'p',
  rootDir: '/r',
  displayName: undefined,
  globals: { b: 1, a: 2 },
  ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`setting${(index * 7) % 40}`, index])),
  filter: undefined,
} as unknown as Config;
const jestTest = { path: '/r/a.test.js', context: { config } } as unknown as JestTest;

/** How Jest makes the string that is in the key of its transform cache. */
const cacheKeyText = (value: unknown): string =>
  resolveJest(process.cwd()).load<(given: unknown) => string>('fast-json-stable-stringify')(value);

const numbers = [1, 2, 3, 7, 100, 4097, 65_536];
const ways: [string, (value: Config) => Config][] = [
  ['in this process', (value) => value],
  ['as JSON, to a child process', (value) => JSON.parse(JSON.stringify(value))],
  ['as a structured clone, to a thread', (value) => deserialize(serialize(value))],
];

describe.each(ways)('a part, moved %s', (_name, move) => {
  test.each(numbers)('%i arrives', (number) => {
    const marked = tagPart(jestTest, `part ${number}`, number).context.config;
    expect(readPartNumber(move(marked))).toBe(number);
  });

  test('a config without a part says none', () => {
    expect(readPartNumber(move(config))).toBeNull();
  });
});

describe('a config with a part', () => {
  test('has the same key of the transform cache, and the same values', () => {
    for (const number of numbers) {
      const marked = tagPart(jestTest, 'x', number).context.config;
      expect(cacheKeyText(marked)).toBe(cacheKeyText(config));
      expect(cacheKeyText(JSON.parse(JSON.stringify(marked)))).toBe(cacheKeyText(config));
      expect(marked).toMatchObject(JSON.parse(JSON.stringify(config)));
    }
  });

  test('names it in the process that marked it, and leaves the Test it is made from alone', () => {
    const marked = tagPart(jestTest, 'suite 2', 2);
    expect(readPart(marked.context.config)).toBe('suite 2');
    expect(readPart(jestTest.context.config)).toBeNull();
    expect(marked.path).toBe(jestTest.path);
  });

  test('that has too few keys for a number is refused', () => {
    const small = { path: 'a', context: { config: { id: 'p', rootDir: '/' } } } as unknown as JestTest;
    expect(() => tagPart(small, 'x', 4)).toThrow('cannot hold the part 4');
  });
});
