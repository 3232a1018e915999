/** What `run --local` shows while it runs. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { type Project, removeProject, startBin, writeProject } from '../../support/projects';

let project: Project;

afterEach(() => removeProject(project));

/** Ends once somebody has seen what failed before it; else it fails. */
const WAITING = `
const { existsSync } = require('node:fs');
test('waits until the failure was seen', async () => {
  const until = Date.now() + 20_000;
  while (!existsSync('SEEN')) {
    if (Date.now() > until) throw new Error('nobody saw it');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}, 30_000);`;

test.each(hosts())(
  'failures are named as they come, on Jest $jest',
  async (host) => {
    project = writeProject(host, {
      'package.json': '{ "name": "live", "private": true }',
      'band.test.js': `test('fails first', () => { expect(1).toBe(2); });${WAITING}`,
      'broken.test.js': `require('./nothing');`,
      'retry.test.js': `let n = 0; jest.retryTimes(1); test('wavers', () => { if (n++ === 0) throw new Error('not yet'); });`,
    });
    const child = startBin(project, ['run', '--local', '--nodes', '2', '--ui']);
    let stderr = '';
    // The pages of the run say the same at the same time.
    let page: Promise<string> | undefined;
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      const seen = /node \d: failed: band\.test\.js › fails first\n {2}.*Expected: 2 Received: 1/.test(stderr);
      if (!seen || page !== undefined) return;
      const address = /this run in a browser: (\S+)/.exec(stderr)?.[1];
      page = fetch(`${address}api/runs`).then((response) => response.text());
      const release = () => writeFileSync(path.join(project.dir, 'SEEN'), '');
      page.then(release, release);
    });
    const exitCode = await new Promise((resolve) => child.on('exit', resolve));
    expect(stderr).toContain('Tests:       1 failed, 2 passed, 3 total');
    expect(stderr).toMatch(/node \d: failed to run: broken\.test\.js\n {2}Cannot find module '\.\/nothing'/);
    expect(stderr).toMatch(/node \d: failed: retry\.test\.js › wavers\n {2}Error: not yet/);
    expect(stderr).toMatch(/passed on a later try, after it failed on node \d: retry\.test\.js › wavers/);
    expect(JSON.parse((await page) ?? '')).toMatchObject([{ state: 'running', pipeline: 'live' }]);
    expect(exitCode).toBe(1);
  },
  60_000,
);
