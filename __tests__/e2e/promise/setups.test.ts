/** Hooks and fixtures: once each, torn down whatever becomes of Jest, and never green where they fail. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import {
  cleanEnvironment,
  ourBin,
  type Project,
  removeProject,
  runBin,
  runJest,
  writeProject,
} from '../../support/projects';

const fixture = (scope: string, setup: string, rest = '') => `
const { defineFixture } = require('jest-distributed/worker');
module.exports = defineFixture({ scope: '${scope}', setup: async (who) => { ${setup} }, ${rest} });`;

const uses = (name: string) => `
const { useFixture } = require('jest-distributed/worker');
test('uses it', async () => {
  const { url } = await useFixture(require('../fixtures/${name}'));
  require('../log')('test', process.env.PORT, process.env.FROM_NODE, process.env.FROM_WORKER, url);
}, 20_000);`;

const files = {
  'package.json': JSON.stringify({
    name: 'setups',
    jest: { testEnvironment: 'node' },
    'jest-distributed': { env: { PORT: '{4000+slot}' }, hookSeconds: 2 },
  }),
  'log.js': `
const fs = require('node:fs');
module.exports = (...words) => fs.appendFileSync(process.env.LOG, words.join(' ') + '\\n');`,
  'node-setup.mjs': `
import log from './log.js';
export default ({ node, nodes, slots }) => { log('nodeSetup', node, nodes, slots); return { FROM_NODE: 'a' }; };`,
  'worker-teardown.js':
    "module.exports = ({ slot, variables }) => require('./log')('workerTeardown', slot, variables.FROM_WORKER);",
  'return-number.js': 'module.exports = () => 7;',
  'exit.js': 'module.exports = () => process.exit(0);',
  'no-function.js': 'module.exports = { teardown() {}, setup() {} };',
  'both.mjs': `
import log from './log.js';
export const nodeTeardown = () => log('its nodeTeardown');
export const helper = () => log('never');
export const nodeSetup = () => log('its nodeSetup');`,
  'fixtures/good.js': fixture(
    'node',
    "require('../log')('fixture', who.node); return { url: 'x' };",
    "teardown: ({ url }) => require('../log')('fixtureTeardown', url)",
  ),
  'fixtures/slow.js': fixture(
    'node',
    "require('../log')('slow'); return { url: 'x' };",
    "teardown: () => require('../log')('slowTeardown')",
  ),
  'fixtures/throws.js': fixture('node', "console.log('said before'); throw new Error('no server');"),
  'fixtures/event.js': fixture(
    'node',
    "setTimeout(() => { throw new Error('said by an event'); }, 10); await new Promise(() => {});",
  ),
  'fixtures/hangs.js': fixture('worker', 'await new Promise((resolve) => setTimeout(resolve, 60_000));'),
  'fixtures/exits.js': fixture('node', 'process.exit(3);'),
  'fixtures/no-json.js': fixture('node', 'return { client: { close() {} } };'),
  'fixtures/whole-run.js': fixture(
    'run',
    "require('../log')('run'); return { url: 'r' };",
    "teardown: () => require('../log')('runTeardown')",
  ),
  'own.mjs': `
import { execSync } from 'node:child_process';
import { env } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { worker } from 'jest-distributed/worker';
import log from './log.js';
const own = (variables) => [env.PORT, process.env.PORT, worker.name, variables.PORT, variables.FROM_NODE].join(' ');
export async function workerSetup({ name, variables }) {
  await setTimeout(50);
  log('workerSetup', name, own(variables), execSync('node -p process.env.PORT').toString().trim());
  process.env.OWN = name;
  return { FROM_WORKER: name };
}
export async function workerTeardown({ name, variables }) {
  await setTimeout(50);
  log('workerTeardown', name, own(variables), process.env.OWN, variables.FROM_WORKER);
}`,
  'fixtures/own.js': fixture(
    'worker',
    `
    await null;
    const { useFixture, worker } = require('jest-distributed/worker');
    await useFixture(require('./good'));
    const { PORT, FROM_NODE, FROM_WORKER } = process.env;
    return { url: [worker.name, PORT, FROM_NODE, FROM_WORKER].join() };`,
    "teardown: ({ url }) => require('../log')('ownTeardown', url)",
  ),
  'own/1.test.js': `${uses('own')} test('long', () => new Promise((resolve) => setTimeout(resolve, 1_500)));`,
  'own/2.test.js': `${uses('own')} test('long', () => new Promise((resolve) => setTimeout(resolve, 1_500)));`,
  'fixtures/late.js': fixture('node', "setTimeout(() => { throw new Error('connection lost'); }, 100); return {};"),
  'late/1.test.js': `${uses('late')} test('long', () => new Promise((resolve) => setTimeout(resolve, 500)));`,
  'good/1.test.js': uses('good'),
  'good/2.test.js': uses('good'),
  'bad/throws.test.js': uses('throws'),
  'bad/event.test.js': uses('event'),
  'bad/hangs.test.js': uses('hangs'),
  'bad/exits.test.js': uses('exits'),
  'bad/no-json.test.js': uses('no-json'),
  'run/1.test.js': uses('whole-run'),
  'run/2.test.js': uses('whole-run'),
  'slow/1.test.js': `
const { useFixture } = require('jest-distributed/worker');
test('takes long', async () => {
  await useFixture(require('../fixtures/slow'));
  require('../log')('waiting');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}, 60_000);`,
};

let project: Project;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'setups-'));
  project = writeProject(host(30), files);
});
afterAll(() => {
  removeProject(project);
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
function begin() {
  count += 1;
  const log = path.join(folder, `log-${count}`);
  const environment = { LOG: log, JEST_DISTRIBUTED_SLOT_DIR: path.join(folder, 'slots') };
  return { environment, lines: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}

const hookFlags = [
  ...['--node-setup', './node-setup.mjs', '--node-teardown', 'echo nodeTeardown $FROM_NODE >> $LOG'],
  '--worker-setup',
  'echo workerSetup $JEST_DISTRIBUTED_SLOT $PORT >> $LOG; echo FROM_WORKER=w$JEST_DISTRIBUTED_SLOT >> $JEST_DISTRIBUTED_ENV_FILE',
  ...['--worker-teardown', './worker-teardown.js'],
];

test('each runs once, in its order, and gives variables to the tests', () => {
  const { environment, lines } = begin();
  const { exitCode, stderr } = runBin(
    project,
    ['run', ...hookFlags, '--', 'good/', '--maxWorkers=2', '--bail'],
    environment,
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const all = lines();
  expect(all[0]).toBe('nodeSetup 1 1 0,1');
  expect(all.slice(1, 3).sort()).toEqual(['workerSetup 0 4000', 'workerSetup 1 4001']);
  expect(all.slice(3, -4).sort()).toEqual(['fixture 1', 'test 4000 a w0 x', 'test 4001 a w1 x']);
  expect(all.at(-4)).toBe('fixtureTeardown x');
  expect(all.slice(-3, -1).sort()).toEqual(['workerTeardown 0 w0', 'workerTeardown 1 w1']);
  expect(all.at(-1)).toBe('nodeTeardown a');
});

test.each([
  [
    'is no command',
    'no-such-command-here',
    'HOOK_MISSING',
    ['(no-such-command-here, from --node-setup)', 'exit code 127'],
  ],
  [
    'exports no function that is meant',
    './no-function.js',
    'HOOK_INVALID',
    ['exports no function as the default, and none named nodeSetup. It exports teardown, setup.'],
  ],
  ['fails', 'echo the reason; exit 3', 'HOOK_FAILED', ['ended with exit code 3', '  | the reason']],
  ['exits', './exit.js', 'HOOK_FAILED', ['process.exit(0) was called']],
  ['hangs', 'echo waits; sleep 60', 'HOOK_TIMEOUT', ['did not end within 2 seconds', '  | waits']],
  ['returns no variables', './return-number.js', 'HOOK_VARIABLES', ['returned a number']],
  [
    'prints 10 MB',
    'node -e "console.log(String(1).repeat(1e7)); console.log(\'the end\'); process.exitCode = 2"',
    'HOOK_FAILED',
    ['10.0 MB left out', 'the end', 'ended with exit code 2'],
  ],
])('a hook that %s: no test runs, and the message says why', (_, hook, code, texts) => {
  const { environment, lines } = begin();
  const args = ['run', '--node-setup', hook, '--node-teardown', 'echo nodeTeardown >> $LOG', '--', 'good/'];
  const { exitCode, stderr } = runBin(project, args, environment);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`[${code}]`) });
  for (const text of texts) expect(stderr.replace(/\n {2}(?! *\|)/g, ' ')).toContain(text);
  expect(stderr.length).toBeLessThan(20_000);
  // What it may have begun is torn down.
  expect(lines()).toEqual(['nodeTeardown']);
});

test('one module may hold a set-up and its teardown, by their names', () => {
  const { environment, lines } = begin();
  const args = ['run', '--node-setup', './both.mjs', '--node-teardown', './both.mjs', '--', 'good/1', '-i'];
  const { exitCode, stderr } = runBin(project, args, environment);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(lines().at(0)).toBe('its nodeSetup');
  expect(lines().at(-1)).toBe('its nodeTeardown');
});

test.each(['--node-setup', '--worker-teardown'])('a module for %s that is missing: nothing runs', (flag) => {
  const { environment, lines } = begin();
  const args = ['run', '--node-teardown', 'echo nodeTeardown >> $LOG', flag, './gone.js', '--', 'good/'];
  const { exitCode, stderr } = runBin(project, args, environment);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('[HOOK_MISSING]') });
  expect(stderr.replace(/\n {2}/g, ' ')).toContain(`gone.js, from ${flag}) was not found: there is no such file`);
  expect(lines()).toEqual([]);
});

test('what runs for a worker has the variables of that worker', () => {
  const { environment, lines } = begin();
  const hooks = ['--node-setup', './node-setup.mjs', '--worker-setup', './own.mjs', '--worker-teardown', './own.mjs'];
  const args = ['run', ...hooks, '--', 'own/', '--maxWorkers=2'];
  const { exitCode, stderr } = runBin(project, args, environment);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const of = (word: string) =>
    lines()
      .filter((line) => line.startsWith(`${word} `))
      .sort();
  expect(of('workerSetup')).toEqual([
    'workerSetup n1w1 4000 4000 n1w1 4000 a 4000',
    'workerSetup n1w2 4001 4001 n1w2 4001 a 4001',
  ]);
  expect(of('workerTeardown')).toEqual([
    'workerTeardown n1w1 4000 4000 n1w1 4000 a n1w1 n1w1',
    'workerTeardown n1w2 4001 4001 n1w2 4001 a n1w2 n1w2',
  ]);
  expect(of('ownTeardown')).toEqual(['ownTeardown n1w1,4000,a,n1w1', 'ownTeardown n1w2,4001,a,n1w2']);
});

test('an error that a fixture leaves behind makes the node red', () => {
  const { environment } = begin();
  const { exitCode, stderr } = runBin(project, ['run', '--', 'late/', '-i'], environment);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('[SETUPS_UNCAUGHT]') });
  expect(stderr.replace(/\n {2}/g, ' ')).toMatch(
    /late\.js \(scope node\) left an error that nobody caught: Error: connection lost/,
  );
  expect(stderr).toContain('2 passed, 2 total');
});

test('a teardown that fails makes a green node red, and its blob says why', () => {
  const { environment } = begin();
  const args = ['run', '--worker-teardown', 'echo it is locked; exit 5', '--report-dir', path.join(folder, 'blobs')];
  const { exitCode, stderr } = runBin(project, [...args, '--', 'good/', '-i'], environment);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('[HOOK_FAILED]') });
  expect(stderr).toContain('  | it is locked');
  const merged = runBin(project, ['merge', path.join(folder, 'blobs')], environment);
  expect({ exitCode: merged.exitCode, stderr: merged.stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/workerTeardown of worker 1 of node 1/),
  });
});

test('fixtures that fail: each test that uses one fails, with what is wrong', () => {
  const { environment } = begin();
  const { exitCode, stderr } = runBin(project, ['run', '--', 'bad/', '--maxWorkers=2'], environment);
  expect(exitCode).toBe(1);
  for (const text of [
    'throws.js (scope node) failed: its setup threw Error: no server',
    '| said before',
    'event.js (scope node) failed: its setup threw Error: said by an event',
    'hangs.js (scope worker) failed: its setup did not end within 2 seconds. [FIXTURE_TIMEOUT]',
    'exits.js (scope node) failed: its setup threw Error: process.exit(3) was called',
    'no-json.js (scope node) gave what is no JSON: the value.client.close is a function. [FIXTURE_VALUE]',
    '5 failed, 5 total',
  ]) {
    expect(stderr).toContain(text);
  }
});

test('the scope run: once for all nodes of run --local; where nodes have shares, an error', () => {
  const { environment, lines } = begin();
  const local = runBin(project, ['run', '--local', '--nodes', '2', '--', 'run/'], environment);
  expect({ exitCode: local.exitCode, stderr: local.stderr }).toMatchObject({ exitCode: 0 });
  expect(lines()).toEqual(['run', expect.stringMatching(/^test /), expect.stringMatching(/^test /), 'runTeardown']);
  const share = runBin(project, ['run', '--nodes', '2', '--node-number', '1', '--', 'run/'], environment);
  expect(share.exitCode).toBe(1);
  expect(share.stderr).toContain('has the scope run, but the 2 nodes of this run have fixed shares');
});

async function startAndWait(
  environment: Readonly<Record<string, string>>,
  lines: () => string[],
): Promise<ChildProcess> {
  const args = [ourBin(project.host), 'run', ...hookFlags, '--', 'slow/'];
  const child = spawn(process.execPath, args, {
    cwd: project.dir,
    env: cleanEnvironment(environment),
    stdio: 'ignore',
  });
  while (!lines().includes('waiting')) await wait(50);
  return child;
}

test('under plain Jest in band each Jest has its own, which goes with it', async () => {
  const { environment, lines } = begin();
  for (const end of [3, 6]) {
    const { exitCode, stderr } = runJest(project, ['good/1', '-i'], environment);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    while (lines().length < end) await wait(50);
    expect(lines().slice(-3)).toEqual(['fixture 1', expect.stringMatching(/^test .*x$/), 'fixtureTeardown x']);
  }
}, 30_000);

/** A machine that runs other tests too. */
const LONGEST_MS = 60_000;

const TORN_DOWN = ['slowTeardown', 'workerTeardown 0 w0', 'nodeTeardown a'];

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'a node that is ended by %s is torn down after',
  async (signal) => {
    const { environment, lines } = begin();
    const child = await startAndWait(environment, lines);
    child.kill(signal);
    await once(child, 'exit');
    while (!lines().includes('nodeTeardown a')) await wait(50);
    expect(lines().slice(-3)).toEqual(TORN_DOWN);
  },
  LONGEST_MS,
);

test(
  'what was killed altogether, the next run of this host tears down, and has its slot',
  async () => {
    const { environment, lines } = begin();
    const child = await startAndWait(environment, lines);
    const journals = path.join(folder, 'slots', `runs-${process.getuid?.()}`);
    const [journal] = readdirSync(journals).filter((name) => name.startsWith(`${child.pid}-`));
    const { pid } = JSON.parse(readFileSync(path.join(journals, String(journal), 'process.json'), 'utf8')) as {
      pid: number;
    };
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { exitCode, stderr } = runBin(project, ['run', '--', 'good/', '-i'], environment);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/an earlier run did not finish; 3 of 3 of what it had set up\s+are torn down now/),
    });
    const at = lines().indexOf('waiting');
    expect(lines().slice(at + 1)).toEqual([
      ...TORN_DOWN,
      ...['fixture 1', 'test 4000   x', 'test 4000   x', 'fixtureTeardown x'],
    ]);
    expect(readdirSync(journals)).toEqual([]);
  },
  LONGEST_MS,
);
