/**
 * Plans as they have always been. Nodes of one run may have different builds of one version, and sticky assignments
 * outlive versions: whoever makes planning faster must not move a file. A new number here needs a new
 * ALGORITHM_VERSION.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Item } from '../../src/plan/item';
import { makePlan, type PlanInputs } from '../../src/plan/make-plan';
import type { StrategyName } from '../../src/plan/strategies/strategy';

type Weights = (index: number) => number;

const weights: Readonly<Record<string, Weights>> = {
  equal: () => 1,
  uneven: (index) => 50 + ((index * 7919) % 1000) + (index % 500 === 0 ? 10_000 : 0),
  coarse: (index) => (index < 7 ? 2 ** 33 + index : 1 + (index % 3)),
};

/** Some files of two projects, in no order, with names that are not ASCII or long. */
function suite(count: number, weight: Weights): Item[] {
  return Array.from({ length: count }, (_, at): Item => {
    const index = (at * 613) % count;
    const project = index % 3 === 0 ? 'wéb' : null;
    const path = `src/${index % 41 === 0 ? 'ünïcode-😀' : `p${index % 40}`}/${'long-'.repeat(index % 14)}${index}.test.js`;
    return {
      key: project === null ? path : `${project}\0${path}`,
      file: { project, path },
      part: null,
      estimate: weight(index),
    };
  });
}

/** The same with parts, pins and groups. */
function splitSuite(count: number, weight: Weights): Item[] {
  return suite(count, weight).map((item, index): Item => {
    if (index % 9 === 0) return { ...item, group: `group ${index % 4}` };
    if (index % 31 === 0) {
      const content = { kind: 'named', tests: ['adds', 'subtracts'], fallback: true } as const;
      return { ...item, part: '1/2', key: `${item.key}\0\x001/2`, content };
    }
    if (index % 37 === 0) {
      const content = { kind: 'hashed', by: 'test', part: 1, of: 3 } as const;
      return { ...item, part: '1/3 by test', key: `${item.key}\0\x001/3 by test`, content, pinnedTo: index % 3 };
    }
    return item;
  });
}

const kinds = { whole: suite, split: splitSuite };

function fingerprint(inputs: Omit<PlanInputs, 'unit' | 'hashBy' | 'scope'>): string {
  const scope = { testNamePattern: 'adds', pathPattern: 'src' };
  const plan = makePlan({ ...inputs, unit: 'ms', hashBy: 'auto', scope });
  const { digest, ...rest } = plan;
  return `${digest} ${createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16)}`;
}

function fingerprintOf(strategy: StrategyName, kind: keyof typeof kinds, weight: string, workers: number): string {
  const items = kinds[kind](1700, weights[weight] as Weights);
  const before = items.flatMap(({ key }, index) => (index % 5 === 0 ? [] : [[key, (index * 31) % 8] as const]));
  const previous = strategy === 'sticky' ? { previous: new Map(before) } : {};
  return fingerprint({ items, nodes: 7, workers, strategy, ...previous });
}

describe('plans that do not change', () => {
  const all = (['ring', 'bounded-ring', 'sticky'] as const).flatMap((strategy) =>
    (['whole', 'split'] as const).flatMap((kind) =>
      Object.keys(weights).flatMap((weight) => [1, 3].map((workers) => [strategy, kind, weight, workers] as const)),
    ),
  );

  test('digest and content of every kind of plan', () => {
    const fingerprints = all.map((one) => `${one.join(' ')}: ${fingerprintOf(...one)}`);
    expect(fingerprints).toEqual(GOLDEN);
  });
});

const GOLDEN: readonly string[] = [
  'ring whole equal 1: eaf225918fe30b1f 8dc68ae21635e15c',
  'ring whole equal 3: 735e4e9a38d33c85 89c944aed15fa341',
  'ring whole uneven 1: 607835c4c4f136ff f22518a41373927c',
  'ring whole uneven 3: 2733ef1836883076 3a9d1997d836d343',
  'ring whole coarse 1: f9b34ec30c29dce6 a799eda1af76ee0c',
  'ring whole coarse 3: 5c50ef6b0a4de8dc 1d70e035dc948fbe',
  'ring split equal 1: 173469a705354415 b208150e7977fbe4',
  'ring split equal 3: 96c68325d75dc896 5abe71c7a8d82bc4',
  'ring split uneven 1: 61db80f478409589 b95c135246276265',
  'ring split uneven 3: 0a01f9bddf74a13b e470733931514f0e',
  'ring split coarse 1: 5be9afc8168b7207 50b1216c74e71c36',
  'ring split coarse 3: 9c92f40d04c244bc e0d18922e4b05c97',
  'bounded-ring whole equal 1: 7841c35d0f0c4ee2 af79d750b7a2deb4',
  'bounded-ring whole equal 3: c77a12ad13493ffd a423b6b64a1d88ad',
  'bounded-ring whole uneven 1: eb6c36362ae842d3 917c25d4e9fe3187',
  'bounded-ring whole uneven 3: 92740a326a35de0c 7be69a4b5b375edb',
  'bounded-ring whole coarse 1: 70555a77ae1be894 3012201d72832bf6',
  'bounded-ring whole coarse 3: 1d7781f8e11e2245 55dbb01d720ac1b2',
  'bounded-ring split equal 1: aa358bbc745ab446 b73d4c49c65e26e3',
  'bounded-ring split equal 3: f08ed501d2313646 96142c7e9970fbbf',
  'bounded-ring split uneven 1: 7f85bcdcabe866ff 980903976079eb0a',
  'bounded-ring split uneven 3: 9927833e82eda0bc b1fa736665fd9460',
  'bounded-ring split coarse 1: 15d692b8c1ffb140 81f3a062d1c871c2',
  'bounded-ring split coarse 3: f3b7299163ef2b50 df31634a49799d61',
  'sticky whole equal 1: 515d470b7325eb91 d34b0a4810d044b3',
  'sticky whole equal 3: 8d719b659f6eaf5f 8f4a07685ef265ba',
  'sticky whole uneven 1: b25dd251b81ad7b6 6098084534b2fbe6',
  'sticky whole uneven 3: a537b55e591b275a cb4e3aaa753ec2f4',
  'sticky whole coarse 1: aec9796083ec77c4 5ad619900fdd1b38',
  'sticky whole coarse 3: 0cd32f95fca879f4 f380ed4c96a8052e',
  'sticky split equal 1: 1baca551f9161346 1e417dc823376a38',
  'sticky split equal 3: b460d287a912f500 341a5ec88d681453',
  'sticky split uneven 1: 14cd59fc98731b55 8f630922af2a6308',
  'sticky split uneven 3: 1b675c8d25b4f5ac 6a942e3e32c70c8c',
  'sticky split coarse 1: fc2ce807e66dbb8d 8d50a414895165eb',
  'sticky split coarse 3: df919c5c26449ff5 3cc4f91c269e2e41',
];
