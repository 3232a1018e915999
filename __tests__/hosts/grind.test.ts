/** `grind --hosts`: the probes of one campaign on several machines. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runBin, writeHostProject } from '../support/host-projects';
import { newestHosts } from '../support/hosts';
import { type Project, removeProject, startBin } from '../support/projects';
import { leftOn, type SshHosts, startSshHosts } from '../support/ssh-hosts';

let ssh: SshHosts;
let project: Project;

beforeAll(async () => {
  ssh = await startSshHosts(['ada', 'bob', 'off']);
  ssh.linkOf('off').close();
  const [host] = newestHosts();
  project = writeHostProject(host as NonNullable<typeof host>, ssh, {
    // Node's own modules are shared by all files of a worker.
    'tests/a-sets.test.js': "test('sets', () => { require('node:os').hostname = () => 'fixture'; });",
    'tests/b-reads.test.js': `test('reads', async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (require('node:os').hostname() === 'fixture') throw new Error('in ' + __filename);
      expect(process.env.FROM_HERE).toBe('yes');
    });`,
    'tests/clean.test.js': "test('clean', () => {});",
    '.gitignore': 'node_modules\n*.log\nignored.test.js\n',
  });
});

afterAll(() => {
  removeProject(project);
  ssh.stop();
});

const inOne = (text: string) => text.replace(/\s+/g, ' ');

const processOn = (name: string, isMeant: (command: string) => boolean): number | undefined =>
  ssh
    .processes()
    .filter(({ command }) => isMeant(command))
    .map(({ pid }) => pid)
    .find((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${ssh.homeOf(name)}\0`));

interface Started {
  readonly child: ChildProcess;
  readonly end: Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Resolves when a probe runs on the host. */
async function startGrind(name: string, ...args: string[]): Promise<Started> {
  const child = startBin(project, ['grind', 'tests', ...args], { JEST_DISTRIBUTED_ENV: 'FROM_HERE=yes' });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const end = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  for (let tries = 0; processOn(name, (command) => command.includes('probe-process')) === undefined; tries++) {
    if (tries > 600 || child.exitCode !== null) throw new Error(`no probe began:\n${stderr}`);
    await sleep(50);
  }
  return { child, end };
}

test('a host is killed while it runs: the verdict is that of one machine, and each run counts once', async () => {
  const args = ['--times', '4', '--seed', '3', '--condition', 'alone,sequence', '--json', 'grind.log'];
  const { end } = await startGrind('bob', '--hosts', 'ada,bob', ...args);
  process.kill(processOn('bob', (command) => command.startsWith('node -e ')) as number, 'SIGKILL');
  const { exitCode, stdout, stderr } = await end;
  expect(inOne(stderr)).toMatch(
    /bob: The connection to bob ended\. \[HOST_LOST\]; another host runs what it was running; connecting again in 1\.0 s/,
  );
  expect(inOne(stdout)).toContain('tests/b-reads.test.js: reads verdict ORDER-DEPENDENT');
  expect(inOne(stdout)).toMatch(/\d+ runs of Jest on 2 hosts in .* with seed 3: 1 test failed .* 2 tests did not fail/);
  expect(exitCode).toBe(1);
  const { hosts, runs, clean, faults, tests } = JSON.parse(readFileSync(path.join(project.dir, 'grind.log'), 'utf8'));
  expect({ hosts, clean, faults }).toEqual({ hosts: ['ada', 'bob'], clean: 2, faults: [] });
  expect(tests).toMatchObject([{ file: 'tests/b-reads.test.js', test: 'reads', condition: 'sequence' }]);
  const [{ conditions, replays, errors, hosts: onHosts }] = tests;
  const replayed = replays.reduce((sum: number, replay: { runs: number }) => sum + replay.runs, 0);
  expect(conditions.sequence.runs).toBe(4);
  expect(conditions.alone.runs + conditions.sequence.runs + replayed).toBe(runs);
  expect(onHosts.reduce((sum: number, one: { runs: number }) => sum + one.runs, 0)).toBe(runs);
  // As it is called here, on whichever host it ran.
  expect(errors).toHaveLength(1);
  expect(errors[0].example).toContain(`in ${path.join(project.dir, 'tests/b-reads.test.js')}`);
  expect(await leftOn(ssh, 10)).toEqual([]);
}, 60_000);

test('Ctrl-C ends what runs on a host and here', async () => {
  const { child, end } = await startGrind('ada', '--hosts', 'ada,local', '--forever');
  child.kill('SIGINT');
  const { exitCode, stdout } = await end;
  expect(stdout).toContain('with seed');
  expect(exitCode).toBe(130);
  expect(await leftOn(ssh, 10)).toEqual([]);
}, 60_000);

test('what keeps it from running', async () => {
  writeFileSync(path.join(project.dir, 'tests/ignored.test.js'), "test('ignored', () => {});");
  const run = async (...args: string[]) => {
    const { exitCode, stderr } = await runBin(project, ['grind', ...args]);
    expect(exitCode).toBe(1);
    return inOne(stderr);
  };
  expect(await run('clean', '--hosts', 'ada', '--nodes', '2')).toContain('[HOSTS_AND_NODES]');
  expect(await run('clean', '--hosts', 'ada', '--', '--changedSince=main')).toContain('[HOSTS_ONLY_CHANGED]');
  expect(await run('ignored', '--hosts', 'ada')).toContain(
    'tests/ignored.test.js is not copied to the hosts: git ignores it. [HOST_FILE_NOT_COPIED] Remove it from .gitignore, or name it as "copy"',
  );
  expect(await run('clean', '--hosts', 'off', '--lease-seconds', '2')).toMatch(
    /off: The host off does not answer: .*\[HOST_UNREACHABLE\].* No host is left to run tests on: off \(HOST_UNREACHABLE\)\. \[HOST_NONE_LEFT\] The lines above .* hosts check --hosts off/,
  );
  expect(await run('clean', '--nodes', '3')).toMatch(
    /There are 3 nodes \(from --nodes\), but the node number is not set, and grind does not start nodes on this machine: .*\[NODES_WITHOUT_NODE_NUMBER\] .*--hosts ada,bob/,
  );
}, 60_000);
