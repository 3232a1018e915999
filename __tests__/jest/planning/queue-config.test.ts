/** Which queue a node joins. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { findFolders } from '../../../src/files/folders';
import { describeJob } from '../../../src/files/job';
import { readQueueConfig } from '../../../src/jest/planning/queue-config';
import type { Session } from '../../../src/jest/planning/session';

test('the suite is named by the package that the job of a blob is named by', async () => {
  const top = realpathSync(mkdtempSync(path.join(tmpdir(), 'queue-place-')));
  const rootDir = path.join(top, 'packages', 'web');
  mkdirSync(path.join(top, '.git'));
  mkdirSync(rootDir, { recursive: true });
  writeFileSync(path.join(top, 'package.json'), '{ "name": "shop" }');
  writeFileSync(path.join(rootDir, 'package.json'), '{ "name": "web" }');
  // As started in either folder: with --config packages/web/jest.config.js, and there.
  const joined = [top, rootDir].map(async (workingDir) => {
    const folders = findFolders(rootDir, workingDir);
    const session = {
      folders,
      environment: {},
      options: {
        databaseUrl: { value: 'postgres://host/name', source: '--database-url' },
        databaseSchema: { value: 'jest_distributed' },
      },
      identity: { run: { id: '7', attempt: 1, source: '--run-id' }, nodes: 2, number: 1 },
    } as unknown as Session;
    return [(await readQueueConfig(session))?.pipeline, (await describeJob(folders, null)).packageName];
  });
  expect(await Promise.all(joined)).toEqual([
    ['shop', 'shop'],
    ['web', 'web'],
  ]);
  rmSync(top, { recursive: true });
});
