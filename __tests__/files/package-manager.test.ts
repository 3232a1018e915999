import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findRunner } from '../../src/files/package-manager';

let top: string;
let folder: string;

beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'jest-distributed-'));
  folder = path.join(top, 'packages', 'web');
  mkdirSync(path.join(top, '.git'));
  mkdirSync(folder, { recursive: true });
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

const named = (packageManager: string) => ({ 'package.json': JSON.stringify({ packageManager }) });

test.each<[string, Record<string, string>, string]>([
  ['nothing', {}, 'npx'],
  ['a lock file of npm', { 'package-lock.json': '' }, 'npx'],
  ['a lock file of pnpm', { 'pnpm-lock.yaml': '' }, 'pnpm exec'],
  // It takes `--` away from a command, and has a folder of bins.
  ['a lock file of Yarn 1', { 'yarn.lock': '' }, 'npx'],
  ['a lock file of Yarn Berry', { 'yarn.lock': '', '.yarnrc.yml': '' }, 'yarn'],
  ["Plug'n'Play", { 'yarn.lock': '', '.pnp.cjs': '' }, 'yarn'],
  ["Plug'n'Play of Yarn 1", { 'yarn.lock': '', '.pnp.js': '' }, 'yarn --'],
  ['a lock file of Bun', { 'bun.lock': '' }, 'bunx'],
  ['packageManager pnpm', named('pnpm@9.1.0'), 'pnpm exec'],
  ['packageManager yarn 4', named('yarn@4.1.0+sha224.abc'), 'yarn'],
  ['packageManager yarn 1', named('yarn@1.22.22'), 'npx'],
  ['packageManager before a lock file that was left', { ...named('npm@10.0.0'), 'pnpm-lock.yaml': '' }, 'npx'],
  ['a broken package.json', { 'package.json': '{', 'pnpm-lock.yaml': '' }, 'pnpm exec'],
])('%s: %#', (_what, files, runner) => {
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(top, name), content);
  // A package of a workspace has the lock file above it.
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "web" }');
  expect(findRunner(folder)).toBe(runner);
});
