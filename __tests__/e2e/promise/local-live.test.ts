/** What `run --local` shows while it runs. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { readMessages } from '../../support/event-stream';
import { type Host, hosts, newestHosts } from '../../support/hosts';
import { type Project, removeProject, startBin, writeProject } from '../../support/projects';

let project: Project;
let child: ChildProcess;

afterEach(() => {
  child.kill('SIGKILL');
  removeProject(project);
});

/** Ends once somebody has seen what failed elsewhere, and never else. */
const WAITING = `
const { existsSync } = require('node:fs');
test('waits until the failure was seen', async () => {
  while (!existsSync('SEEN')) await new Promise((resolve) => setTimeout(resolve, 50));
}, 60_000);`;

/** The message by which the page of the run has that failure. */
async function failureOnPage(address: string): Promise<string> {
  for await (const message of readMessages(await fetch(new URL('api/runs/1/events', address)))) {
    const text = JSON.stringify(message);
    if (text.includes('"test":"fails first"')) return text;
  }
  return 'the stream ended without it';
}

test.each(hosts())(
  'failures are named as they come, on Jest $jest',
  async (host) => {
    project = writeProject(host, {
      'package.json': '{ "name": "live", "private": true }',
      'band.test.js': `test('fails first', () => { expect(1).toBe(2); });`,
      'waiting.test.js': WAITING,
      'broken.test.js': `require('./nothing');`,
      'retry.test.js': `let n = 0; jest.retryTimes(1); test('wavers', () => { if (n++ === 0) throw new Error('not yet'); });`,
    });
    child = startBin(project, ['run', '--local', '--nodes', '2', '--ui', '--', '-w', '2']);
    let stderr = '';
    // The page of the run has it too, and only then may the run come to its end.
    let page: Promise<string> | undefined;
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      const seen = /node \d: failed: band\.test\.js › fails first\n {2}.*Expected: 2 Received: 1/.test(stderr);
      if (!seen || page !== undefined) return;
      const address = /this run in a browser: (\S+)/.exec(stderr)?.[1];
      expect(address).toMatch(/#\/run\/1$/);
      page = failureOnPage(address as string);
      const release = () => writeFileSync(path.join(project.dir, 'SEEN'), '');
      page.then(release, release);
    });
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toContain('Tests:       1 failed, 2 passed, 3 total');
    expect(stderr).toMatch(/node \d: failed to run: broken\.test\.js\n {2}Cannot find module '\.\/nothing'/);
    expect(stderr).toMatch(/node \d: failed: retry\.test\.js › wavers\n {2}Error: not yet/);
    expect(stderr).toMatch(/passed on a later try, after it failed on node \d: retry\.test\.js › wavers/);
    expect(await page).toMatch(/"test":"fails first".*Expected: .*2.*Received: .*1/);
    expect(exitCode).toBe(1);
  },
  120_000,
);

/** Takes the ports away, as a machine without a right to them does. */
const NO_PORTS = `
const { Server } = require('node:net');
const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  if (typeof args[0] !== 'number' && args[0]?.port === undefined) return listen.apply(this, args);
  process.nextTick(() => this.emit('error', Object.assign(new Error('listen EACCES'), { code: 'EACCES' })));
  return this;
};`;

test('--ui where no port can be used: the run ends, although its queue was open', async () => {
  const [newest] = newestHosts();
  project = writeProject(newest as Host, { 'a.test.js': `test('a', () => {});`, 'no-ports.js': NO_PORTS });
  const environment = { NODE_OPTIONS: `--require=${path.join(project.dir, 'no-ports.js')}` };
  child = startBin(project, ['run', '--local', '--nodes', '1', '--queue', '--ui'], environment);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
  expect(stderr.replace(/\s+/g, ' ')).toContain(
    'The dashboard cannot listen on 127.0.0.1:0: this user may not use that port. [DASHBOARD_PORT_UNUSABLE] Leave out --ui.',
  );
}, 30_000);
