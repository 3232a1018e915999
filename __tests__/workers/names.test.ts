import { expect, test } from '@jest/globals';
import { nodeIdentifier, runIdentifier, unnamedRun, workerName } from '../../src/workers/names';
import { workerVariables } from '../../src/workers/node-workers';

const onlySuite = { packageName: 'shop', packageDir: '', label: null };

test('an id of a CI that is an identifier stays what it is', () => {
  expect(runIdentifier('8123456789', onlySuite)).toBe('8123456789');
  expect(runIdentifier('build_42', onlySuite)).toBe('build_42');
});

test('an id that had to be escaped or cut has a hash, so that no two ids have one name', () => {
  const ids = [
    'Build 42',
    'build-42',
    'build/42',
    'BUILD_42',
    'build.42',
    'é',
    'ü',
    'x'.repeat(41),
    `${'x'.repeat(41)}y`,
  ];
  const names = ids.map((id) => runIdentifier(id, onlySuite));
  expect(new Set(names).size).toBe(ids.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9_]{1,40}$/);
  expect(names[1]).toMatch(/^build_42_[0-9a-f]{8}$/);
});

test('an id that looks escaped is none of those that are', () => {
  const escaped = runIdentifier('build-42', onlySuite);
  expect(runIdentifier(escaped, onlySuite)).not.toBe(escaped);
});

test('suites that share the id of a CI run have different names', () => {
  const names = [
    onlySuite,
    { ...onlySuite, label: 'integration' },
    { packageName: 'api', packageDir: 'packages/api', label: null },
    { packageName: 'web', packageDir: 'packages/web', label: null },
    { packageName: 'shop', packageDir: null, label: null },
  ].map((job) => runIdentifier('7', job));
  expect(new Set(names).size).toBe(names.length);
});

test('runs that nobody named have different names', () => {
  const [one, other] = [unnamedRun('1', onlySuite), unnamedRun('2', onlySuite)];
  expect(one).toMatch(/^local_[0-9a-f]{8}$/);
  expect(other).not.toBe(one);
});

test('a worker is named after its node, by number or by what the queue calls it', () => {
  expect(workerName(2, 1)).toBe('n2w1');
  expect(workerName('2', 1)).toBe('n2w1');
  expect(workerName('ada', 12)).toBe('n_ada_w12');
  const names = ['ada', 'Ada', 'ada-1', 'ada_1', 'a'.repeat(30), 'a'.repeat(31), '02'].map(nodeIdentifier);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^n_[a-z0-9_]{1,24}_$/);
});

test('what a worker finds in its environment', () => {
  const workers = { node: 2, nodes: 3, nodeName: 2, run: 'r7', firstSlot: 4, count: 2 };
  expect(workerVariables(workers, 2)).toEqual({
    JEST_DISTRIBUTED_SLOT: '5',
    JEST_DISTRIBUTED_SLOTS: '4-5',
    JEST_DISTRIBUTED_WORKER: 'n2w2',
    JEST_DISTRIBUTED_RUN: 'r7',
    JDIST_INTERNAL_POSITION: '{"node":2,"nodes":3,"worker":2,"workers":2}',
  });
});
