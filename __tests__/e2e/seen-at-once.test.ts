/**
 * What happens in a run of the queue is seen while it goes on: by `watch` and on the dashboard. Nothing is timed: what must
 * be seen before something else, the tests of the project wait for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { migrate } from '../../src/postgres/schema/migrate';
import type { RunRow } from '../../src/reports/dashboard/data';
import type { LiveMessage } from '../../src/reports/live/live-message';
import { type Drivers, makeDrivers } from '../support/drivers';
import { readMessages } from '../support/event-stream';
import { newestHosts } from '../support/hosts';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import { cleanEnvironment, ourBin, type Project, removeProject, writeProject } from '../support/projects';

jest.setTimeout(120_000);

const schema = newSchemaName();
let server: TestPostgres;
let admin: SqlClient;
let drivers: Drivers;
let project: Project;
const children: ChildProcess[] = [];

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  await migrate(admin, schema);
  drivers = makeDrivers('pg');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  if (project !== undefined) removeProject(project);
});
afterAll(async () => {
  await admin?.query(`DROP SCHEMA ${schema} CASCADE`);
  await admin?.close();
  await server?.close();
  drivers?.remove();
});

/** Leaves a file that says which node it is on, and waits for another. */
const WAITS = `
const { existsSync, writeFileSync } = require('node:fs');
test('waits', async () => {
  writeFileSync('ON-' + process.env.JEST_DISTRIBUTED_WORKER.slice(0, 2), '');
  while (!existsSync('GO')) await new Promise((again) => setTimeout(again, 50));
}, 100_000);`;

function setUp(runId: string, files: Readonly<Record<string, string>>) {
  const [host] = newestHosts();
  if (host === undefined) throw new Error('no host');
  const config = { name: 'seen', private: true, jest: { testEnvironment: 'node', transform: {} } };
  project = writeProject(host, { 'package.json': JSON.stringify(config), ...files });
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [ourBin(host), ...args], {
      cwd: project.dir,
      env: cleanEnvironment({
        ...{ JEST_DISTRIBUTED_DATABASE_URL: server.url, JEST_DISTRIBUTED_DATABASE_SCHEMA: schema },
        ...{ JEST_DISTRIBUTED_RUN_ID: runId, NODE_PATH: drivers.folder, CI: 'true' },
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let output = '';
    const listeners = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        for (const listener of listeners) listener();
      });
    }
    return {
      child,
      ended: new Promise<{ code: number | null; output: string }>((resolve) => {
        // Without the way lines were wrapped.
        child.on('close', (code) => resolve({ code, output: output.replace(/\s+/g, ' ') }));
      }),
      /** What of its output the pattern finds, as soon as it does. */
      says: (pattern: RegExp) =>
        new Promise<string>((resolve, reject) => {
          const look = () => {
            const found = pattern.exec(output);
            if (found !== null) resolve(found[0]);
          };
          listeners.add(look);
          child.on('close', () => reject(new Error(`It ended without saying ${pattern}:\n${output}`)));
          look();
        }),
    };
  };
  return {
    start,
    node: (number: number, nodes: number, workers: number) =>
      start(['run', '--nodes', `${nodes}`, '--node-number', `${number}`, '--', '-w', `${workers}`, '--ci']),
    write: (name: string) => writeFileSync(path.join(project.dir, name), ''),
    has: async (name: string) => {
      while (!existsSync(path.join(project.dir, name))) await sleep(50);
    },
  };
}

test('a failure is in the log of its node, on watch and on the dashboard while its run goes on', async () => {
  const { start, node, write } = setUp('first', {
    'breaks.test.js': `test('breaks', () => { expect(1).toBe(2); });`,
    'waits.test.js': WAITS,
  });
  const running = node(1, 1, 2);
  const watching = start(['watch', 'first']);
  const dashboard = start(['dashboard', '--port', '0']);
  const address = await dashboard.says(/http:\S+\//);
  const error = /breaks\.test\.js › breaks\n {2}.*Expected: 2 Received: 1/;
  await Promise.all([running.says(/breaks\.test\.js/), watching.says(error)]);
  const [run] = (await (await fetch(`${address}api/runs`)).json()) as RunRow[];
  expect(run).toMatchObject({ runId: 'first', state: 'running', failed: 1, items: 2 });
  const response = await fetch(`${address}api/runs/${run?.id}/events`);
  let hasFailed = false;
  const messages: LiveMessage[] = [];
  for await (const message of readMessages(response)) {
    messages.push(message);
    const text = JSON.stringify(message);
    if (hasFailed || !text.includes('"test":"breaks"')) continue;
    hasFailed = true;
    expect(text).toMatch(/Expected: .*2.*Received: .*1/);
    // Only now may the run come to its end.
    write('GO');
  }
  expect(hasFailed).toBe(true);
  expect(messages.at(-1)).toEqual({ kind: 'end', end: 'finished' });
  expect((await running.ended).code).toBe(1);
  const watched = await watching.ended;
  expect([watched.code, watched.output]).toEqual([
    1,
    expect.stringContaining('run first failed: 1 node: 2 of 2 files'),
  ]);
});

test('a run whose node was ended by a signal has passed where others ran all: merge and watch agree', async () => {
  const { start, node, write, has } = setUp('left', { 'a.test.js': WAITS, 'b.test.js': WAITS });
  const [one, two] = [node(1, 2, 1), node(2, 2, 1)];
  await Promise.all([has('ON-n1'), has('ON-n2')]);
  two.child.kill('SIGTERM');
  expect((await two.ended).code).not.toBe(0);
  write('GO');
  expect((await one.ended).code).toBe(0);
  const merged = await start(['merge']).ended;
  expect([merged.code, merged.output]).toEqual([0, expect.stringContaining('the queue gave its files to other nodes')]);
  const watched = await start(['watch', path.join('.jest-distributed', 'report')]).ended;
  expect([watched.code, watched.output]).toEqual([
    0,
    expect.stringContaining('run left passed: 2 nodes: 2 of 2 files'),
  ]);
});
