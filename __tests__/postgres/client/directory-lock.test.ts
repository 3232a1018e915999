import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { lockDirectory } from '../../../src/postgres/client/directory-lock';

const folder = mkdtempSync(path.join(tmpdir(), 'jd-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As a process that was killed leaves it. */
function leaveClaim(directory: string, pid: number, started: string, time = '000001700000000'): string {
  const claims = `${directory}.owner`;
  mkdirSync(claims, { recursive: true });
  const name = `${time}-${pid}-${started}-0123456789ab`;
  writeFileSync(path.join(claims, name), '');
  return path.join(claims, name);
}

test('a directory has one owner, who is named', async () => {
  const directory = path.join(folder, 'one/queue');
  const unlock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toMatchObject({
    code: 'QUEUE_DIRECTORY_IN_USE',
    message: expect.stringContaining(`${directory} belongs to process ${process.pid} that is still running`),
  });
  // The one that was refused has taken nothing away.
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'QUEUE_DIRECTORY_IN_USE' });
  unlock();
  (await lockDirectory(directory))();
  expect(readdirSync(`${directory}.owner`)).toEqual([]);
});

test('the claim of a process that is gone is removed', async () => {
  const directory = path.join(folder, 'two');
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const claim = leaveClaim(directory, pid, '0');
  (await lockDirectory(directory))();
  expect(existsSync(claim)).toBe(false);
});

test('a claim that looks younger than ours, of a process that runs, is respected', async () => {
  const directory = path.join(folder, 'three');
  // This very process, by its number alone: the time of its start cannot be known everywhere.
  const claim = leaveClaim(directory, process.pid, '0', '999999999999999');
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'QUEUE_DIRECTORY_IN_USE' });
  rmSync(claim);
  (await lockDirectory(directory))();
});

// Where the kernel tells when a process started.
const whereProcIs = existsSync('/proc/self/stat') ? test : test.failing;
whereProcIs('a number that another process has got since is no owner', async () => {
  const directory = path.join(folder, 'four');
  const claim = leaveClaim(directory, process.pid, '1');
  (await lockDirectory(directory))();
  expect(existsSync(claim)).toBe(false);
});

test('of processes that are killed at random, never two have it', async () => {
  const directory = path.join(folder, 'chaos/queue');
  const marks = path.join(folder, 'marks');
  mkdirSync(marks);
  const script = path.join(__dirname, '../../support/lock-contender.ts');
  const running = new Set<ChildProcess>();
  const until = Date.now() + 9000;
  let errors = '';
  let killed = 0;
  const start = (): void => {
    const lasts = String(Math.max(0, until - Date.now()));
    const child = spawn(process.execPath, ['-r', 'esbuild-register', script, directory, marks, lasts], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running.add(child);
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    child.on('exit', (_code, signal) => {
      running.delete(child);
      if (signal === 'SIGKILL' && Date.now() < until) start();
    });
  };
  for (let index = 0; index < 4; index++) start();
  while (Date.now() < until) {
    await sleep(60);
    // Whoever is inside, so that the others meet a dead owner all at once.
    const inside = readdirSync(marks).find((pid) => [...running].some((child) => String(child.pid) === pid));
    const victim = [...running].find((child) => String(child.pid) === inside);
    if (victim?.kill('SIGKILL')) killed += 1;
  }
  await Promise.all([...running].map((child) => once(child, 'exit')));
  const log = readFileSync(path.join(marks, 'log'), 'utf8').trim().split('\n');
  expect(errors).toBe('');
  expect(log.filter((line) => line !== 'alone')).toEqual([]);
  // Or the test would prove nothing.
  expect(killed).toBeGreaterThan(5);
  expect(log.length).toBeGreaterThan(50);
}, 60_000);
