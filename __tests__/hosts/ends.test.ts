/** However a run over hosts ends: every test counts once or is named, and nothing is left on any host. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { writeHostProject } from '../support/host-projects';
import { newestHosts } from '../support/hosts';
import { type Project, removeProject, startBin } from '../support/projects';
import { childrenOf, leftOn, type SshHosts, startSshHosts } from '../support/ssh-hosts';

const TESTS = 12;
/** The shortest that ssh and a busy machine keep. */
const LEASE_SECONDS = 4;

let ssh: SshHosts;
let project: Project;

beforeAll(async () => {
  ssh = await startSshHosts(['ada', 'bob', 'eve']);
  const [host] = newestHosts();
  project = writeHostProject(host as NonNullable<typeof host>, ssh, {
    ...Object.fromEntries(
      Array.from({ length: TESTS }, (_, n) => [
        `t${n}.test.js`,
        `test('t${n}', () => new Promise((resolve) => setTimeout(resolve, 500)));`,
      ]),
    ),
    'teardown.js': `require('node:fs').appendFileSync(process.env.TORN, process.env.HOME + '\\n');`,
  });
});

afterAll(() => {
  removeProject(project);
  ssh.stop();
});

const torn = (): string => path.join(ssh.folder, 'torn');

beforeEach(() => rmSync(torn(), { force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly end: Promise<{ readonly exitCode: number | null; readonly stderr: string }>;
}

/** Resolves when tests run on all hosts. */
async function startRun(...more: string[]): Promise<Started> {
  const args = ['run', '--hosts', 'ada:1,bob:1,eve:1', '--lease-seconds', String(LEASE_SECONDS), ...more];
  const child = startBin(project, args);
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const end = new Promise<{ exitCode: number | null; stderr: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stderr: text }));
  });
  const isRunning = () => (text.match(/^node \d \(\w+\): started$/gm) ?? []).length === 3;
  for (let tries = 0; !isRunning(); tries++) {
    if (tries > 300 || child.exitCode !== null) throw new Error(`tests did not start:\n${text}`);
    await sleep(100);
  }
  await sleep(300);
  return { child, output: () => text, end };
}

const agentOf = (name: string): number =>
  ssh
    .processes()
    .filter(({ command }) => command.startsWith('node -e '))
    .map(({ pid }) => pid)
    .find((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${ssh.homeOf(name)}\0`)) as number;

/** The ssh of the run that is connected to a host. */
function sshTo({ child }: Started, name: string): number {
  const isTo = ({ words }: { readonly words: readonly string[] }) => words[words.indexOf('--') + 1] === name;
  return childrenOf(child.pid as number).find(isTo)?.pid as number;
}

const WHOLE = `jest-distributed: All ${TESTS} tests passed: each of ${TESTS} files ran exactly once.`;

type Fault = (run: Started) => void;

test.each<[string, Fault]>([
  ['ssh is killed', (run) => process.kill(sshTo(run, 'bob'), 'SIGKILL')],
  ['the agent is killed', () => process.kill(agentOf('bob'), 'SIGKILL')],
  ['the connection is reset', () => ssh.linkOf('bob').cut('reset')],
  [
    'the connection carries nothing any more',
    () => {
      ssh.linkOf('bob').stall();
      ssh.linkOf('bob').mend();
    },
  ],
])(
  '%s: others run what the host had, and it is connected again',
  async (_, fault) => {
    const run = await startRun();
    fault(run);
    const { exitCode, stderr } = await run.end;
    expect(stderr).toMatch(/^bob: The connection to bob ended\. \[HOST_LOST\]; its files go to/m);
    expect(stderr).toContain(WHOLE);
    expect(exitCode).toBe(0);
    expect(await leftOn(ssh, 20)).toEqual([]);
  },
  60_000,
);

test('the run is killed: nothing goes on anywhere', async () => {
  const run = await startRun();
  run.child.kill('SIGKILL');
  await run.end;
  expect(await leftOn(ssh, 20)).toEqual([]);
}, 60_000);

test('the agent stands still for longer than the lease: the run does not wait for it', async () => {
  const run = await startRun();
  const agent = agentOf('bob');
  process.kill(agent, 'SIGSTOP');
  const { exitCode, stderr } = await run.end;
  expect(stderr).toContain(WHOLE);
  expect(exitCode).toBe(0);
  process.kill(agent, 'SIGCONT');
  expect(await leftOn(ssh, 20)).toEqual([]);
}, 60_000);

test('Ctrl-C: teardowns run, and then nothing is left', async () => {
  const hook = `TORN='${torn()}' node teardown.js`;
  const run = await startRun('--node-setup', 'true', '--node-teardown', hook);
  run.child.kill('SIGINT');
  const { exitCode, stderr } = await run.end;
  expect(stderr).toContain('stopped by SIGINT');
  expect(exitCode).toBe(130);
  expect(await leftOn(ssh, 20)).toEqual([]);
  expect(existsSync(torn())).toBe(true);
  expect(readFileSync(torn(), 'utf8').trim().split('\n').sort()).toEqual(ssh.names.map((name) => ssh.homeOf(name)));
}, 60_000);
