/** Fixtures of the whole run over nodes that share nothing but a queue in a real PostgreSQL. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { type Drivers, makeDrivers } from '../support/drivers';
import { host } from '../support/hosts';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import { type Project, removeProject, runBin, startBin, writeProject } from '../support/projects';

jest.setTimeout(120_000);

const NODES = [1, 2, 3];
const FILES = 18;
const SECRET = 'p4ss-of-the-fixture';

const files = {
  'package.json': JSON.stringify({ name: 'run-fixtures', jest: { testEnvironment: 'node' } }),
  'log.js': `
const fs = require('node:fs');
// The folder of its slots is all that differs between nodes.
module.exports = (kind, ...words) =>
  fs.appendFileSync(process.env.WORLD + '/log', [kind, process.env.JEST_DISTRIBUTED_SLOT_DIR.at(-1), ...words].join(' ') + '\\n');`,
  'server.js': `
const { defineFixture } = require('jest-distributed/worker');
const fs = require('node:fs');
const log = require('./log');
module.exports = defineFixture({
  scope: 'run',
  setup: async ({ run, nodes, node }) => {
    log('setup', process.pid, run, nodes, node);
    while (fs.existsSync(process.env.WORLD + '/hold-setup')) await new Promise((resolve) => setTimeout(resolve, 20));
    if (process.env.BROKEN) throw new Error('no server today');
    return { url: 'http://user:${SECRET}@host/' + run };
  },
  teardown: (value) => log('teardown', value?.url),
});`,
  ...Object.fromEntries(
    Array.from({ length: FILES }, (_, index) => [
      `use-${index}.test.js`,
      `
const { useFixture } = require('jest-distributed/worker');
const fs = require('node:fs');
test('uses it', async () => {
  const { url } = await useFixture(require('./server'));
  require('./log')('use', url);
  while (fs.existsSync(process.env.WORLD + '/hold-tests')) await new Promise((resolve) => setTimeout(resolve, 20));
}, 60_000);`,
    ]),
  ),
};

let server: TestPostgres;
let admin: SqlClient;
let project: Project;
let world: string;
let drivers: Drivers;
const schema = newSchemaName();

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  project = writeProject(host(30), files);
  // The hosts have no driver; here it is found as a peer would be.
  drivers = makeDrivers('pg');
});
beforeEach(() => {
  world = mkdtempSync(path.join(tmpdir(), 'world-'));
});
afterAll(async () => {
  removeProject(project);
  drivers?.remove();
  await admin?.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await admin?.close();
  await server?.close();
});

const database = () => ({
  JEST_DISTRIBUTED_DATABASE_URL: server.url,
  JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
  NODE_PATH: drivers.folder,
});

interface Node {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>;
  readonly isEnded: () => boolean;
}

function startNode(node: number, run: string, more: Readonly<Record<string, string>> = {}): Node {
  const args = ['run', '--node-name', `node-${node}`, '--run-id', run, '--lease-seconds', '2', '--', '--ci', '-w', '2'];
  const child = startBin(project, args, {
    WORLD: world,
    ...database(),
    // A host for each: a journal is for the next run on the same one.
    JEST_DISTRIBUTED_SLOT_DIR: path.join(world, `slots-${node}`),
    ...more,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, output }))),
    isEnded: () => child.exitCode !== null,
  };
}

const logged = (kind: string): string[][] =>
  (existsSync(`${world}/log`) ? readFileSync(`${world}/log`, 'utf8') : '')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([first]) => first === kind);

async function until(nodes: readonly Node[], isReached: () => boolean): Promise<void> {
  while (!isReached()) {
    const ended = nodes.find((node) => node.isEnded());
    if (ended !== undefined) throw new Error((await ended.ended).output);
    await wait(20);
  }
}

/** Every node has it. */
const isUsedByAll = (): boolean => new Set(logged('use').map(([, node]) => node)).size === NODES.length;

const hold = (what: 'setup' | 'tests'): void => writeFileSync(`${world}/hold-${what}`, '');
const release = (what: 'setup' | 'tests'): void => rmSync(`${world}/hold-${what}`);

/** One may end by itself when what it waits for is killed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A machine that goes away with all that runs on it. */
function killNode({ child }: Node, setupPid: number): void {
  // Without `ps`, which not every machine has.
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): [number, number][] => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
      } catch {
        return [];
      }
    });
  const below = (pid: number): number[] => [
    pid,
    ...processes.filter(([, parent]) => parent === pid).flatMap(([own]) => below(own)),
  ];
  for (const pid of [...below(setupPid), ...below(child.pid as number)]) killIfThere(pid);
}

const rows = async (): Promise<number> =>
  Number((await admin.query(`SELECT count(*) AS count FROM ${schema}.fixture`))[0]?.count);

test('three nodes: one sets up, all get the value, the last one tears down, and nothing of it is kept', async () => {
  hold('tests');
  const nodes = NODES.map((node) => startNode(node, 'plain'));
  await until(nodes, isUsedByAll);
  expect(await rows()).toBe(1);
  release('tests');
  const ends = await Promise.all(nodes.map(({ ended }) => ended));
  expect(ends.map(({ exitCode, output }) => (exitCode === 0 ? 0 : output))).toEqual([0, 0, 0]);
  const url = new URL(`http://user:${SECRET}@host/x`).href.replace(/x$/, '');
  const [[, , , run, count, node] = []] = logged('setup');
  expect(logged('setup')).toHaveLength(1);
  // Of no certain node.
  expect([count, node]).toEqual(['1', '']);
  expect(logged('use').map(([, , value]) => value)).toEqual(Array(FILES).fill(`${url}${run}`));
  expect(logged('teardown').map(([, , value]) => value)).toEqual([`${url}${run}`]);
  expect(await rows()).toBe(0);

  // Nothing that outlives the run has the password.
  const shown = runBin(project, ['history', 'runs', '--json'], database());
  expect(shown).toMatchObject({ exitCode: 0 });
  const { stdout } = spawnSync('grep', ['-rl', SECRET, path.join(project.dir, '.jest-distributed')], {
    encoding: 'utf8',
  });
  expect([stdout, shown.stdout.includes(SECRET), ends.some(({ output }) => output.includes(SECRET))]).toEqual([
    '',
    false,
    false,
  ]);
});

test('the node that sets up is killed: another tears that down and sets up again', async () => {
  hold('setup');
  const nodes = NODES.map((node) => startNode(node, 'killed-in-setup'));
  await until(nodes, () => logged('setup').length === 1);
  const [, number, pid] = logged('setup')[0] as string[];
  const killed = nodes[Number(number) - 1] as Node;
  killNode(killed, Number(pid));
  release('setup');
  const ends = await Promise.all(nodes.filter((node) => node !== killed).map(({ ended }) => ended));
  expect(ends.map(({ exitCode, output }) => (exitCode === 0 ? 0 : output))).toEqual([0, 0]);
  expect(logged('setup')).toHaveLength(2);
  // Of what did not get to its end there is no value.
  expect(logged('teardown').map(([, , value]) => value !== '')).toEqual([false, true]);
  expect(await rows()).toBe(0);
});

test('the node that has set up is killed: the others keep it, and the last of them tears it down', async () => {
  hold('tests');
  const nodes = NODES.map((node) => startNode(node, 'killed-when-ready'));
  await until(nodes, isUsedByAll);
  const [, number, pid] = logged('setup')[0] as string[];
  const killed = nodes[Number(number) - 1] as Node;
  killNode(killed, Number(pid));
  release('tests');
  const ends = await Promise.all(nodes.filter((node) => node !== killed).map(({ ended }) => ended));
  expect(ends.map(({ exitCode, output }) => (exitCode === 0 ? 0 : output))).toEqual([0, 0]);
  expect([logged('setup').length, logged('teardown').length]).toEqual([1, 1]);

  // The next run on the killed one's host finds its journal, and nothing left to tear down.
  const { exitCode, output } = await startNode(Number(number), 'next').ended;
  expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('an earlier run') });
  expect([logged('setup').length, logged('teardown').length]).toEqual([2, 2]);
});

test('all nodes are killed: the next run on one of the hosts tears down, once', async () => {
  hold('tests');
  const nodes = NODES.map((node) => startNode(node, 'all-killed'));
  await until(nodes, isUsedByAll);
  for (const [index, node] of nodes.entries()) {
    const { stdout } = spawnSync('grep', ['-rhoE', '^\\{"pid":[0-9]+', path.join(world, `slots-${index + 1}`)], {
      encoding: 'utf8',
    });
    const pids = [...stdout.matchAll(/[0-9]+/g)].map(([pid]) => Number(pid));
    for (const pid of pids.filter((one) => one !== node.child.pid)) killNode(node, pid);
  }
  release('tests');
  // As long as its lease lasts, another node of the run may still be there.
  await wait(2_500);
  for (const node of [2, 1]) {
    const { exitCode, output } = await startNode(node, `after-${node}`).ended;
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  }
  // Each of the two had its own besides.
  expect([logged('setup').length, logged('teardown').length]).toEqual([3, 3]);
  expect(await rows()).toBe(0);
});

test('a set-up that fails fails on all nodes, is not tried again, and is torn down once', async () => {
  hold('setup');
  const nodes = NODES.map((node) => startNode(node, 'broken', { BROKEN: '1' }));
  await until(nodes, () => logged('setup').length === 1);
  await wait(1_500);
  release('setup');
  const ends = await Promise.all(nodes.map(({ ended }) => ended));
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
  expect(ends.filter(({ output }) => output.includes('no server today'))).toHaveLength(3);
  expect(ends.filter(({ output }) => /It was set up on node node-\d, for all nodes/.test(output))).toHaveLength(2);
  expect([logged('setup').length, logged('teardown').length]).toEqual([1, 1]);
  expect(await rows()).toBe(0);
});
