/** What a merge changes in the project's own config, and what it leaves. */
import { describe, expect, test } from '@jest/globals';
import type { JestGlobalConfig } from '../../../src/jest/host/jest-types';
import { replaySettings } from '../../../src/jest/replay/replay-settings';

const OURS = new Set(['jest-distributed/reporter', '/dist/reporter.js']);
const source = {
  coverageProvider: null,
  coverageThreshold: null,
  hasUpdatedSnapshots: false,
  removedSnapshotFiles: [],
} as const;

const settings = (config: object, change: object = {}) =>
  replaySettings(
    { rootDir: __dirname, ...config } as JestGlobalConfig,
    { ...source, ...change },
    OURS,
  ) as unknown as Record<string, unknown> & { readonly reporters: readonly (readonly [string, object])[] };

/** File names of our helpers, and others as they are. */
const reporters = (config: object, change: object = {}) =>
  settings(config, change).reporters.map((entry) =>
    typeof entry === 'string' ? entry : entry[0].replace(/^.*[\\/](replay-clock|removed-snapshots)(\.[jt]s)?$/, '$1'),
  );

describe('the settings of a merge', () => {
  test("have the project's reporters behind our clock, and not the one that would write a blob", () => {
    const own = [
      'default',
      ['jest-junit', { outputName: 'x' }],
      ['/dist/reporter.js', {}],
      'jest-distributed/reporter',
    ];
    expect(reporters({ reporters: own })).toEqual(['replay-clock', 'default', 'jest-junit']);
    expect(reporters({})).toEqual(['replay-clock', 'default']);
    const removed = { removedSnapshotFiles: ['a.snap'] };
    expect(reporters({}, removed)).toEqual(['removed-snapshots', 'replay-clock', 'default']);
  });

  test('stop or narrow nothing: the run is over', () => {
    const narrow = {
      ...{ bail: 3, onlyFailures: true, onlyChanged: true, detectOpenHandles: true, detectLeaks: true },
      ...{ shard: { shardIndex: 1, shardCount: 2 }, watch: true, watchAll: true, openHandlesTimeout: 1000 },
      ...{ globalSetup: './set-up.js', globalTeardown: './teardown.js' },
    };
    expect(settings(narrow)).toMatchObject({
      ...{ bail: 0, onlyFailures: false, onlyChanged: false, detectOpenHandles: false, detectLeaks: false },
      ...{ watch: false, watchAll: false, openHandlesTimeout: 0 },
      ...{ shard: undefined, globalSetup: undefined, globalTeardown: undefined },
    });
  });

  test('write no snapshot, whatever this command line says; the nodes have', () => {
    expect(settings({ updateSnapshot: 'all' }).updateSnapshot).toBe('none');
    expect(settings({ updateSnapshot: 'new' }, { hasUpdatedSnapshots: true }).updateSnapshot).toBe('all');
  });

  test('report the coverage that the nodes collected, and none that they did not', () => {
    expect(settings({ collectCoverage: true }).collectCoverage).toBe(false);
    expect(settings({ coverageProvider: 'babel' }, { coverageProvider: 'v8' })).toMatchObject({
      collectCoverage: true,
      coverageProvider: 'v8',
    });
  });
});
