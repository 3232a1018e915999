/** What ssh runs on a host, by real shells: nothing in it is code but ours. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { agentCommand, rsyncProgram, rsyncShell, sshArguments } from '../../../src/cli/hosts/remote-command';

const AGENT = Buffer.from("process.stdout.write('PATH ' + process.env.PATH);");
/** A folder whose name would be code to a shell. */
const HOSTILE = `it's $(touch PWNED) "\`touch PWNED\`" & x`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'jdc-'));
  mkdirSync(path.join(folder, HOSTILE));
  symlinkSync(process.execPath, path.join(folder, HOSTILE, 'node'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const shells = ['sh', 'bash', 'dash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

test.each(shells)('%s starts the agent that comes by stdin, with the folders first in its PATH', (shell) => {
  const first = path.join(folder, HOSTILE);
  const { stdout, status } = spawnSync(shell, ['-c', agentCommand([first, '/b c'], AGENT.length)], {
    ...{ input: AGENT, encoding: 'utf8', cwd: folder, env: { PATH: '/usr/bin:/bin', HOME: folder } },
  });
  expect(stdout).toBe(`@jest-distributed-agent {"node":"${process.version}"}\nPATH ${first}:/b c:/usr/bin:/bin`);
  expect(status).toBe(0);
  expect(readdirSync(folder)).toEqual([HOSTILE]);
});

test('without Node it says so, with the PATH', () => {
  const { stdout, status } = spawnSync('/bin/sh', ['-c', agentCommand([], 10)], {
    ...{ encoding: 'utf8', env: { PATH: '/nowhere', SHELL: '/bin/false' } },
  });
  expect(stdout).toBe('@jest-distributed-no-node /nowhere|\n');
  expect(status).toBe(127);
});

test('the host is the last word that ssh could take for an option', () => {
  const args = sshArguments('build@box', '/my ssh/config', 'echo works');
  expect(args.slice(-4)).toEqual(['-T', '--', 'build@box', 'echo works']);
  expect(args.slice(0, 2)).toEqual(['-F', '/my ssh/config']);
  expect(args).toContain('BatchMode=yes');
});

test("rsync's own ways of quoting", () => {
  expect(rsyncShell(['ssh', '-F', "/my 'ssh'/config", '-o', 'BatchMode=yes'])).toBe(
    "ssh -F '/my ''ssh''/config' -o BatchMode=yes",
  );
  const { stdout } = spawnSync(
    'sh',
    ['-c', `${rsyncProgram(path.join(folder, HOSTILE), ['/b c']).replace(/rsync$/, 'pwd')}`],
    {
      encoding: 'utf8',
    },
  );
  expect(stdout).toBe(`${path.join(folder, HOSTILE)}\n`);
});
