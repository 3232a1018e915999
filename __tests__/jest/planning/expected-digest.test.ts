/** What a node says whose plan is not the expected one. */
import { execFileSync, execSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkDigest } from '../../../src/jest/planning/expected-digest';
import type { Plan } from '../../../src/plan/plan';

let root: string;
const workingDir = process.cwd();
const file = path.join('.jest-distributed', 'timings.json');
const plan = { digest: 'aaaaaaaaaaaa', nodes: [{}, {}] } as unknown as Plan;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'digest-')));
  mkdirSync(path.join(root, '.jest-distributed'));
  writeFileSync(path.join(root, file), 'old');
  git('init', '--quiet');
  git('config', 'core.autocrlf', 'false');
  process.chdir(root);
});

afterEach(() => {
  process.chdir(workingDir);
  rmSync(root, { recursive: true, force: true });
});

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', root, ...identity, ...args], { stdio: 'ignore' });
}

const check = (expected: string) =>
  checkDigest(
    plan,
    { value: expected, source: '--expect-digest' },
    { other: 'the timings file (none is used here)', unusedTimings: path.join(root, file) },
  );

test('the expected digest, or its beginning, will do', async () => {
  await expect(check('aaaa')).resolves.toBeUndefined();
  await expect(checkDigest(plan, undefined, { other: 'nothing' })).resolves.toBeUndefined();
});

test('a modified timings file is the cause, and the command brings back that of the commit', async () => {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'test');
  writeFileSync(file, 'new');
  // Also where somebody staged it.
  git('add', '--all');
  const error = await check('bbbb').catch((caught: unknown) => caught as Error & { code: string; remedy: string });
  if (error === undefined) throw new Error('it passed');
  expect(error.code).toBe('DIGEST_DIFFERS');
  expect(error.message).toContain('has the digest aaaaaaaaaaaa, but bbbb is expected (from --expect-digest)');
  expect(error.remedy).toContain(`${file} is not used: it is not tracked by git, or it is modified`);
  const [, command] = /^ {4}(git .*)$/m.exec(error.remedy) as RegExpExecArray;
  expect(command).toContain('git checkout HEAD -- ');
  execSync(command as string, { stdio: 'ignore' });
  expect(readFileSync(file, 'utf8')).toBe('old');
});

test('where git does not have the file it has nothing to bring back', async () => {
  await expect(check('bbbb')).rejects.toThrow(
    'Usually the commit differs, or the timings file (none is used here): check out the commit',
  );
});
