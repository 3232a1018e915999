import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Shard } from '../../src/node/configured-position';
import { providers } from '../../src/node/detect-provider';
import { identifyNode } from '../../src/node/identity';
import { resolveOptions } from '../../src/options/resolve';

type Settings = Readonly<Record<string, string | undefined>>;

const nodes = 'JEST_DISTRIBUTED_NODES';
const number = 'JEST_DISTRIBUTED_NODE_NUMBER';
const index = 'JEST_DISTRIBUTED_NODE_INDEX';

function identify(environment: Settings, shard?: Shard) {
  return identifyNode(resolveOptions({ environment }), environment, shard);
}

function messageOf(environment: Settings, shard?: Shard): string {
  try {
    identify(environment, shard);
  } catch (error) {
    return (error as Error).message.replace('jest-distributed: ', '');
  }
  throw new Error('nothing was thrown');
}

const shardOf = (shardIndex: number, shardCount: number): Shard => ({ shardIndex, shardCount });

test('outside a CI and without settings it is node 1 of 1 of the local run', () => {
  expect(identify({})).toEqual({
    number: 1,
    nodes: 1,
    source: 'default',
    run: { id: 'local', attempt: 1, source: 'default', rerun: 'person', unknownIn: null },
    jobId: null,
    jobName: null,
    provider: null,
    notice: null,
    statusFile: null,
  });
});

test('every way to say node i of n says the same', () => {
  const place = fc.integer({ min: 1, max: 500 }).chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(place, ([i, n]) => {
      const environment = { [nodes]: `${n}` };
      const flags = { nodes: `${n}`, 'node-number': `${i}` };
      const ways = [
        identify({ ...environment, [number]: `${i}` }),
        identify({ ...environment, [index]: `${i - 1}` }),
        identifyNode(resolveOptions({ flags, environment: {} }), {}),
        identifyNode(resolveOptions({ flags: { nodeIndex: i - 1 }, environment }), environment),
        identify({}, shardOf(i, n)),
        identify(environment, shardOf(i, n)),
        identify({ ...environment, [number]: `${i}` }, shardOf(i, n)),
        identify({ [index]: `${i - 1}` }, shardOf(i, n)),
        identify({ [nodes]: 'auto' }, shardOf(i, n)),
        ...providers.flatMap(({ node, detectVariable }) => {
          if (node === null) return [];
          const variables = {
            [detectVariable]: 'x',
            [node.positionVariable]: `${i - 1 + node.base}`,
            [node.totalVariable]: `${n}`,
          };
          const auto = { ...variables, [nodes]: 'auto' };
          return [
            identify(auto),
            identify(auto, shardOf(i, n)),
            ...(node.impliesSharding ? [identify(variables)] : []),
          ];
        }),
      ];
      for (const way of ways) expect([way.number, way.nodes]).toEqual([i, n]);
    }),
    { numRuns: 60 },
  );
});

test('a number that is no node is refused, whichever way it is given', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (n, beyond) => {
      expect(() => identify({ [nodes]: `${n}`, [number]: `${n + beyond}` })).toThrow('is out of range');
      expect(() => identify({ [nodes]: `${n}`, [index]: `${n + beyond - 1}` })).toThrow('is out of range');
    }),
  );
});

test('the source names both settings', () => {
  expect(identify({ [nodes]: '4', [index]: '1' }).source).toBe(`${index} and ${nodes}`);
  expect(identify({}, shardOf(2, 4)).source).toBe('--shard=2/4');
});

test('one node needs no number', () => {
  expect(identify({ [nodes]: '1' })).toMatchObject({ number: 1, nodes: 1, source: nodes });
});

describe('refused, with a message', () => {
  test.each<[string, Settings, Shard | undefined, string]>([
    [
      'a number beyond the nodes',
      { [nodes]: '4', [number]: '5' },
      undefined,
      'Node number 5 is out of range: there are 4 nodes, so it must be 1 to 4 (from JEST_DISTRIBUTED_NODE_NUMBER).\n  Correct it, or the number of nodes, which is from JEST_DISTRIBUTED_NODES.',
    ],
    [
      'an index beyond the nodes',
      { [nodes]: '4', [index]: '4' },
      undefined,
      'Node index 4 is out of range: there are 4 nodes, so it must be 0 to 3 (from JEST_DISTRIBUTED_NODE_INDEX).\n  Correct it, or the number of nodes, which is from JEST_DISTRIBUTED_NODES.',
    ],
    [
      'an index beyond a single node',
      { [nodes]: '1', [index]: '1' },
      undefined,
      'Node index 1 is out of range: there is 1 node, so it must be 0 (from JEST_DISTRIBUTED_NODE_INDEX).\n  Correct it, or the number of nodes, which is from JEST_DISTRIBUTED_NODES.',
    ],
    [
      'number and index',
      { [nodes]: '4', [number]: '2', [index]: '1' },
      undefined,
      'Node number 2 (from JEST_DISTRIBUTED_NODE_NUMBER) and node index 1 (from JEST_DISTRIBUTED_NODE_INDEX) are both given.\n  Give only one of them: the number counts from 1, the index from 0.',
    ],
    [
      'a number without the nodes',
      { [number]: '2' },
      undefined,
      'Node number 2 (from JEST_DISTRIBUTED_NODE_NUMBER) is given, but not the number of nodes.\n  Set JEST_DISTRIBUTED_NODES (--nodes) beside it.',
    ],
    [
      'a number without the nodes, also where the CI knows them',
      { [index]: '1', CIRCLECI: 'true', CIRCLE_NODE_INDEX: '1', CIRCLE_NODE_TOTAL: '4' },
      undefined,
      'Node index 1 (from JEST_DISTRIBUTED_NODE_INDEX) is given, but not the number of nodes.\n  Set JEST_DISTRIBUTED_NODES (--nodes) beside it.',
    ],
    [
      'nodes without a number',
      { [nodes]: '4' },
      undefined,
      'There are 4 nodes (from JEST_DISTRIBUTED_NODES), but the node number is not set.\n  Set JEST_DISTRIBUTED_NODE_NUMBER (1 to 4) or JEST_DISTRIBUTED_NODE_INDEX (0 to 3) on each node.',
    ],
    [
      'a number with auto',
      { [nodes]: 'auto', [number]: '2' },
      undefined,
      "Node number 2 (from JEST_DISTRIBUTED_NODE_NUMBER) is given, but the number of nodes is auto (from JEST_DISTRIBUTED_NODES), which takes both from the CI's variables.\n  Set the number of nodes itself, or remove JEST_DISTRIBUTED_NODE_NUMBER.",
    ],
    [
      'auto outside a CI',
      { [nodes]: 'auto' },
      undefined,
      'The number of nodes is auto (from JEST_DISTRIBUTED_NODES), but no CI was found that gives it (known: Bazel, Heroku CI, CircleCI, Buildkite, Semaphore, Bitbucket Pipelines, Azure Pipelines, GitLab CI).\n  Set JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER on each node.',
    ],
    [
      'a shard of another node',
      { [nodes]: '4', [number]: '3' },
      shardOf(2, 4),
      '--shard=2/4 makes this node 2 of 4, but the node number is 3 (from JEST_DISTRIBUTED_NODE_NUMBER).\n  Use one of the two: leave out --shard, or remove JEST_DISTRIBUTED_NODE_NUMBER.',
    ],
    [
      'a shard of another index',
      { [index]: '2' },
      shardOf(2, 4),
      '--shard=2/4 makes this node 2 of 4, but the node index is 2 (from JEST_DISTRIBUTED_NODE_INDEX).\n  Use one of the two: leave out --shard, or remove JEST_DISTRIBUTED_NODE_INDEX.',
    ],
    [
      'a shard of another number of nodes',
      { [nodes]: '5', [number]: '2' },
      shardOf(2, 4),
      '--shard=2/4 makes this node 2 of 4, but the number of nodes is 5 (from JEST_DISTRIBUTED_NODES).\n  Use one of the two: leave out --shard, or remove JEST_DISTRIBUTED_NODES.',
    ],
    [
      'a shard beside auto in another job',
      { [nodes]: 'auto', CIRCLECI: 'true', CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '4' },
      shardOf(2, 4),
      '--shard=2/4 makes this node 2 of 4, but it is node 1 of 4 by CIRCLE_NODE_INDEX and CIRCLE_NODE_TOTAL of CircleCI (nodes is auto, from JEST_DISTRIBUTED_NODES).\n  Use one of the two: leave out --shard, or remove JEST_DISTRIBUTED_NODES.',
    ],
  ])('%s', (_, environment, shard, message) => {
    expect(messageOf(environment, shard)).toBe(message);
  });
});

describe('--shard', () => {
  test('wins over variables that would be used by themselves', () => {
    const circle = { CIRCLECI: 'true', CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '4' };
    expect(identify(circle, shardOf(2, 3))).toMatchObject({ number: 2, nodes: 3, source: '--shard=2/3', notice: null });
  });

  test('on GitLab needs no notice', () => {
    const gitlab = { GITLAB_CI: 'true', CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' };
    expect(identify(gitlab, shardOf(2, 3))).toMatchObject({ number: 2, nodes: 3, notice: null });
  });
});

describe('the run', () => {
  const github = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '17', GITHUB_RUN_ATTEMPT: '2' };

  test('explicit id and attempt come before those of the CI', () => {
    const explicit = { JEST_DISTRIBUTED_RUN_ID: 'nightly', JEST_DISTRIBUTED_ATTEMPT: '5' };
    expect(identify({ ...github, ...explicit }).run).toEqual({
      id: 'nightly',
      attempt: 5,
      source: 'JEST_DISTRIBUTED_RUN_ID',
      rerun: 'attempt',
      unknownIn: null,
    });
    expect(identify({ ...github, JEST_DISTRIBUTED_RUN_ID: 'nightly' }).run.attempt).toBe(2);
  });

  test.each<[Settings, string]>([
    [
      { GITHUB_RUN_ATTEMPT: '0' },
      'GITHUB_RUN_ATTEMPT of GitHub Actions is "0", but it must be a whole number of 1 or more.',
    ],
    [{ GITHUB_RUN_ATTEMPT: '' }, 'GITHUB_RUN_ATTEMPT of GitHub Actions is set but empty.'],
  ])('%j is refused', (wrong, message) => {
    expect(messageOf({ ...github, ...wrong })).toContain(message);
  });
});

test('an id is as the CI has it, and an empty one is none', () => {
  const github = { GITHUB_ACTIONS: 'true' };
  expect(identify({ ...github, GITHUB_RUN_ID: '../x' }).run.id).toBe('../x');
  expect(identify({ ...github, GITHUB_RUN_ID: '' }).run).toMatchObject({ id: 'local', unknownIn: 'GitHub Actions' });
});

describe('disabled', () => {
  const off = { JEST_DISTRIBUTED_DISABLED: '1' };

  test('the identity is still read where it can be', () => {
    expect(identify({ ...off, [nodes]: '4', [number]: '3' })).toMatchObject({ number: 3, nodes: 4 });
  });

  test.each<[string, Settings, Shard | undefined]>([
    ['a number out of range', { [nodes]: '4', [number]: '5' }, undefined],
    ['a wrong number', { [nodes]: '4', [number]: 'abc' }, undefined],
    ['a conflict with --shard', { [nodes]: '4', [number]: '1' }, shardOf(2, 4)],
    ['a broken CI', { CIRCLECI: 'true', CIRCLE_NODE_INDEX: '', CIRCLE_NODE_TOTAL: '4' }, undefined],
    ['a broken attempt', { GITHUB_ACTIONS: 'true', GITHUB_RUN_ATTEMPT: 'x' }, undefined],
  ])('%s does not throw', (_, environment, shard) => {
    expect(identify({ ...off, ...environment }, shard)).toMatchObject({
      number: 1,
      nodes: 1,
      source: 'JEST_DISTRIBUTED_DISABLED',
    });
  });
});
