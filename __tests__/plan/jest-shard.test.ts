import { describe, expect, test } from '@jest/globals';
import TestSequencer from '@jest/test-sequencer';
import { fileKey } from '../../src/plan/item';
import { jestShard } from '../../src/plan/jest-shard';

type JestTest = Parameters<TestSequencer['shard']>[0][number];

describe('jestShard', () => {
  const paths = Array.from({ length: 103 }, (_, index) => `src/${index % 7}/ünï-${index}.test.js`);
  const tests = paths.map((path) => ({ path: `/repo/${path}`, context: { config: { rootDir: '/repo' } } }) as JestTest);
  const sequencer = new TestSequencer({ contexts: [], globalConfig: {} as never });

  test.each([1, 2, 3, 7, 10, 103, 150])('deals as the sequencer of Jest does: %i nodes', async (nodes) => {
    const keys = paths.map((path) => fileKey({ project: null, path }));
    const { nodeOf } = jestShard({ keys, estimates: keys.map(() => 1), nodes, workers: 1 });
    for (let node = 0; node < nodes; node++) {
      const shard = await sequencer.shard(tests, { shardIndex: node + 1, shardCount: nodes });
      const own = tests.filter((_, index) => nodeOf[index] === node).map(({ path }) => path);
      expect(own.sort()).toEqual(shard.map(({ path }) => path).sort());
    }
  });

  test('hashes the path alone, not the project or the part', () => {
    const deal = (keys: string[]) =>
      Array.from(jestShard({ keys, estimates: keys.map(() => 1), nodes: 5, workers: 1 }).nodeOf);
    const plain = deal(paths.map((path) => fileKey({ project: null, path })));
    expect(deal(paths.map((path) => fileKey({ project: 'web', path })))).toEqual(plain);
    expect(deal(paths.map((path) => fileKey({ project: null, path }, 'renders')))).toEqual(plain);
    expect(deal(paths.map((path) => fileKey({ project: 'web', path }, 'renders')))).toEqual(plain);
  });
});
