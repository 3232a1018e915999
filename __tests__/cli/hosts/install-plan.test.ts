/** How the dependencies of a checkout are installed on a host. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { planInstall } from '../../../src/cli/hosts/install-plan';

let top: string;
beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'jdi-'));
  mkdirSync(path.join(top, 'packages', 'a'), { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true }));

const write = (name: string, content = '{}') => writeFileSync(path.join(top, name), content);

test.each([
  ['package-lock.json', 'npm ci --no-audit --no-fund'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
  ['yarn.lock', 'yarn install --frozen-lockfile'],
  ['bun.lock', 'bun install --frozen-lockfile'],
])('%s: %s', (lock, command) => {
  write(lock);
  expect(planInstall(top, top, null)).toMatchObject({ folder: '', command });
});

test('the lock file of a workspace is that of its packages, and the nearest one counts', () => {
  write('yarn.lock');
  write('.yarnrc.yml');
  const project = path.join(top, 'packages', 'a');
  expect(planInstall(top, project, null)).toMatchObject({ folder: '', command: 'yarn install --immutable' });
  write('packages/a/package-lock.json');
  expect(planInstall(top, project, null)).toMatchObject({ folder: 'packages/a' });
});

test('it is done again when the lock file or a package.json beside it has changed, and for nothing else', () => {
  write('package-lock.json');
  const { stamp } = planInstall(top, top, null);
  write('a.test.js', 'changed');
  expect(planInstall(top, top, null).stamp).toBe(stamp);
  write('package.json', '{ "name": "a" }');
  const second = planInstall(top, top, null).stamp;
  expect(second).not.toBe(stamp);
  write('package-lock.json', '{ "lockfileVersion": 3 }');
  expect(planInstall(top, top, null).stamp).not.toBe(second);
});

test('without a lock file a command must be named', () => {
  expect(() => planInstall(top, top, null)).toThrow(/There is no lock file in/);
  expect(planInstall(top, path.join(top, 'packages', 'a'), 'make deps')).toMatchObject({
    ...{ folder: 'packages/a', command: 'make deps' },
  });
});

test('packages that are taken from outside of the repository are known', () => {
  const manifest = {
    dependencies: { shared: 'file:../shared', left: '^1.0.0', own: 'file:./vendor/own.tgz' },
    devDependencies: { linked: 'link:/opt/linked' },
  };
  write('package.json', JSON.stringify(manifest));
  write('package-lock.json');
  expect(planInstall(top, top, null).outside).toEqual(['shared (file:../shared)', 'linked (link:/opt/linked)']);
  write('package.json', 'no json');
  expect(planInstall(top, top, null).outside).toEqual([]);
});
