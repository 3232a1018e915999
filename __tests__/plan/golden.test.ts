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
      const content = { kind: 'named', tests: ['adds', 'subtracts'], rest: true } as const;
      return { ...item, part: '1/2', key: `${item.key}\0\x001/2`, content };
    }
    if (index % 37 === 0) {
      const content = { kind: 'dealt', by: 'test', part: 1, of: 3 } as const;
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
  'ring whole equal 1: eaf225918fe30b1f 32bcf81044ee22b6',
  'ring whole equal 3: 735e4e9a38d33c85 2cb0efc09cda2f9d',
  'ring whole uneven 1: 607835c4c4f136ff b0645826a84fa596',
  'ring whole uneven 3: 2733ef1836883076 5041c218ad5f7a2a',
  'ring whole coarse 1: f9b34ec30c29dce6 c2c9a79d24ae7309',
  'ring whole coarse 3: 5c50ef6b0a4de8dc 4007002c2cc95368',
  'ring split equal 1: a8a88df45422be4b b0938d1ae9b950d1',
  'ring split equal 3: 27fbb1234ea744d8 62588d657d835bac',
  'ring split uneven 1: 9c297bd30c368110 0bac2919a9c0c53c',
  'ring split uneven 3: afe13fa9174b1a4c 4cfc99116b8c0d09',
  'ring split coarse 1: 514b52090102dedd ce8976a23e8e3b90',
  'ring split coarse 3: d2ef913c2ea80694 ed0e18aaa492f422',
  'bounded-ring whole equal 1: 7841c35d0f0c4ee2 406ce5cd198ad14f',
  'bounded-ring whole equal 3: c77a12ad13493ffd f9cf7e7c24edd554',
  'bounded-ring whole uneven 1: eb6c36362ae842d3 c6a1252d65203572',
  'bounded-ring whole uneven 3: 92740a326a35de0c b412766acf7494a6',
  'bounded-ring whole coarse 1: 70555a77ae1be894 6ea0275bec00ad7b',
  'bounded-ring whole coarse 3: 1d7781f8e11e2245 c254304aff640bee',
  'bounded-ring split equal 1: 8f760b876cda3b0c 99fd6572d19d2d67',
  'bounded-ring split equal 3: 0dcbaa7d64f0024a d856bd86eefca0d3',
  'bounded-ring split uneven 1: a8dec1e034c167bc caa5f281d0fedbc0',
  'bounded-ring split uneven 3: 9043ba17019abef0 fd465623c032fe9c',
  'bounded-ring split coarse 1: 45040eb4114c189d 53b1453f26fda55e',
  'bounded-ring split coarse 3: fc1c30617f07dd84 3909ba3e8912d0a6',
  'sticky whole equal 1: 515d470b7325eb91 3e046d0d1b057fb9',
  'sticky whole equal 3: 8d719b659f6eaf5f d4a60c2ad41c7890',
  'sticky whole uneven 1: b25dd251b81ad7b6 177dc899741d64de',
  'sticky whole uneven 3: a537b55e591b275a 9928e82b9fd9b33e',
  'sticky whole coarse 1: aec9796083ec77c4 c9e65ba3f4ff9374',
  'sticky whole coarse 3: 0cd32f95fca879f4 f7ccea65ebddb3cf',
  'sticky split equal 1: 1d86209273747aea b673ef760439ed28',
  'sticky split equal 3: ebbec5abe963f3c0 6f2ef951a7bcbc29',
  'sticky split uneven 1: 4cd85e6bc625828b 0f81d85212be38ec',
  'sticky split uneven 3: 3052062cd7d35821 d20335cab1d431af',
  'sticky split coarse 1: cc341ff964f48039 253e7f7dc82549d2',
  'sticky split coarse 3: 61cef61b53e96cd5 3c3bf0dc482b8836',
];
