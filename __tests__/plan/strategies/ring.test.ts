import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import HashRing from 'hashring';
import { buildRing, hashKey, ringFor } from '../../../src/plan/strategies/ring';

// What other implementations answered, published with npm hashring.
const published = path.join(path.dirname(require.resolve('hashring/package.json')), 'tests', 'fixtures');
const keys = Array.from({ length: 500 }, (_, index) => `packages/p${index % 17}/src/f${index}.test.ts`);

describe('hashKey', () => {
  test('gives the hashes that libmemcached published', () => {
    const rows = JSON.parse(readFileSync(path.join(published, 'libmemcached.json'), 'utf8')) as [string, number][];
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.map(([key]) => hashKey(key))).toEqual(rows.map(([, hash]) => hash));
  });
});

describe('buildRing', () => {
  test('has the points that Couchbase prescribes for the ketama rings of its clients', () => {
    // The lowest of RFC 26, "Ketama Hashing": point, and the host of 192.168.1.101 to 104 that owns it.
    const prescribed = [
      [19069626, 104],
      [28439255, 101],
      [36078660, 104],
      [46162273, 104],
      [54096687, 104],
      [73548791, 102],
      [78634244, 102],
      [80168850, 104],
      [89070946, 101],
      [106146674, 101],
      [107634595, 103],
      [109207346, 104],
      [114418334, 101],
      [116192786, 102],
    ];
    const { points, owners } = buildRing([101, 102, 103, 104].map((host) => `192.168.1.${host}:11210`));
    expect(prescribed.map((_, at) => [points[at], 101 + (owners[at] as number)])).toEqual(prescribed);
  });

  test('finds the server that libmemcached found for 100,000 keys', () => {
    // libmemcached leaves the default port out of a name.
    const names = ['0.0.0.1', '0.0.0.2', '0.0.0.3', '0.0.0.4:11213', '0.0.0.5:11212'];
    const ring = buildRing(names);
    const answers = readFileSync(path.join(published, 'pylibmc.txt'), 'utf8').trim().split('\n');
    expect(answers).toHaveLength(100_000);
    const different = answers.filter((line) => {
      const [key, server] = line.split(' ') as [string, string];
      return names[ring.nodeAt(hashKey(key))] !== server.replace(':11211', '');
    });
    expect(different).toEqual([]);
  });

  test('refuses a ring without nodes', () => {
    expect(() => buildRing([])).toThrow('A ring has 1 to 1048576 nodes, not 0.');
  });
});

describe('ringFor', () => {
  // hashring computes floor(1 / N * 40 * N) digests a node, which float64 makes 39 for these N.
  const rounded = new Set([7, 14, 28, 49, 56, 98]);

  test('agrees with npm hashring for up to 100 nodes wherever that gives every node 40 digests', () => {
    for (let nodes = 1; nodes <= 100; nodes++) {
      const theirs = new HashRing(Array.from({ length: nodes }, (_, index) => String(index + 1)));
      const size = (theirs as unknown as { size: number }).size;
      expect(size).toBe(nodes * (rounded.has(nodes) ? 156 : 160));
      if (rounded.has(nodes)) continue;
      const ring = ringFor(nodes);
      expect(keys.map((key) => String(ring.nodeAt(hashKey(key)) + 1))).toEqual(keys.map((key) => theirs.get(key)));
    }
  });

  test('gives every node 160 points, also where others round to 156', () => {
    for (const nodes of [1, 2, 7, 14, 61, 1000]) {
      const { owners } = ringFor(nodes);
      const counts = new Array(nodes).fill(0);
      for (const owner of owners) counts[owner]++;
      expect(new Set(counts)).toEqual(new Set([160]));
    }
  });

  test('answers for any hash as a search from the first point would', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (nodes, hash) => {
        const { points, positionAt } = ringFor(nodes);
        expect(positionAt(hash)).toBe(
          Math.max(
            0,
            points.findIndex((point) => point >= hash),
          ),
        );
      }),
    );
  });

  test('answers at a point, beside it, and past the last one', () => {
    const { points, owners, nodeAt } = ringFor(5);
    const last = points.length - 1;
    expect(nodeAt(points[7] as number)).toBe(owners[7]);
    expect(nodeAt((points[7] as number) + 1)).toBe(owners[8]);
    expect(nodeAt((points[last] as number) + 1)).toBe(owners[0]);
    expect(nodeAt(2 ** 32 - 1)).toBe(owners[0]);
    expect(nodeAt(0)).toBe(owners[0]);
  });

  test('an added node takes keys over and no other node does', () => {
    const astray = [];
    for (let nodes = 1; nodes < 32; nodes++) {
      for (const hash of keys.map(hashKey)) {
        const after = ringFor(nodes + 1).nodeAt(hash);
        if (after !== nodes && after !== ringFor(nodes).nodeAt(hash)) astray.push({ nodes, hash });
      }
    }
    expect(astray).toEqual([]);
  });

  test('stays right after many rings were asked for', () => {
    const first = ringFor(3);
    for (let nodes = 1; nodes <= 80; nodes++) ringFor(nodes);
    expect(ringFor(3).points).toEqual(first.points);
  });
});
