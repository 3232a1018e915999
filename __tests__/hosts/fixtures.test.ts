/** A fixture of the whole run, over hosts: one of them sets it up, all get its value, the last one tears it down. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runBin, writeHostProject } from '../support/host-projects';
import { newestHosts } from '../support/hosts';
import { removeProject } from '../support/projects';
import { type SshHosts, startSshHosts } from '../support/ssh-hosts';

let ssh: SshHosts;
let world: string;

beforeAll(async () => {
  world = mkdtempSync(path.join(tmpdir(), 'world-'));
  ssh = await startSshHosts(['ada', 'bob']);
});
afterAll(() => {
  ssh.stop();
  rmSync(world, { recursive: true, force: true });
});

test.each(newestHosts())(
  'is set up and torn down once over two hosts and this machine, on Jest $jest',
  async (host) => {
    const log = JSON.stringify(path.join(world, 'log'));
    const project = writeHostProject(host, ssh, {
      'server.js': `
const { defineFixture } = require('jest-distributed/worker');
const write = (line) => require('node:fs').appendFileSync(${log}, line + '\\n');
module.exports = defineFixture({
  scope: 'run',
  setup: async ({ nodes }) => { write('setup ' + nodes); return { url: 'http://shared' }; },
  teardown: (value) => write('teardown ' + value?.url),
});`,
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, index) => [
          `use-${index}.test.js`,
          `
const { useFixture, worker } = require('jest-distributed/worker');
test('uses it', async () => {
  const { url } = await useFixture(require('./server'));
  require('node:fs').appendFileSync(${log}, 'use ' + worker.node + ' ' + url + '\\n');
  await new Promise((resolve) => setTimeout(resolve, 500));
}, 60_000);`,
        ]),
      ),
    });
    try {
      const { exitCode, stderr } = await runBin(project, ['run', '--hosts', 'ada:1,bob:1,local:1', '--', '--ci']);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('All 9 tests passed'),
      });
      const lines = readFileSync(path.join(world, 'log'), 'utf8').trimEnd().split('\n');
      const uses = lines.filter((line) => line.startsWith('use '));
      expect([lines[0], lines.at(-1), lines.length]).toEqual(['setup 3', 'teardown http://shared', 11]);
      expect([...new Set(uses)].sort()).toEqual([1, 2, 3].map((node) => `use ${node} http://shared`));
    } finally {
      removeProject(project);
    }
  },
  120_000,
);
