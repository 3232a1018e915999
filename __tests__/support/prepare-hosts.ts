/**
 * Packs this package and installs the tarball beside each major version of Jest.
 *
 * Several Jest processes may prepare at once (this suite is itself run over nodes), so one of them works and the others
 * wait. What is there already is kept: a second run installs nothing but a changed tarball.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Host, host, hostsFolder, type JestMajor } from './hosts';

const root = path.join(__dirname, '..', '..');

/** What the fixtures and examples import besides Jest. */
const EXTRAS = {
  '@swc/core': '^1.15.0',
  '@swc/jest': '^0.2.39',
  'jest-junit': '^16.0.0',
  'ts-node': '^10.9.2',
  typescript: '^5.9.0',
};

const LOCK_TIMEOUT_MS = 300_000;
const POLL_MS = 200;

const sleep = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

function withLock(work: () => void): void {
  const lock = path.join(hostsFolder(), 'lock');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // A holder that was killed leaves its lock behind.
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > LOCK_TIMEOUT_MS) {
        rmSync(lock, { recursive: true, force: true });
      }
      sleep(POLL_MS);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function stampOf(host: Host): string {
  const hash = createHash('sha256').update(JSON.stringify([host.jest, EXTRAS]));
  for (const file of [path.join(root, 'package.json'), ...listFiles(path.join(root, 'dist'))]) {
    hash.update(path.relative(root, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function npm(cwd: string, args: readonly string[]): string {
  return execFileSync('npm', [...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
}

function install(host: Host): void {
  const stampFile = path.join(host.dir, 'stamp');
  const stamp = stampOf(host);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  mkdirSync(host.dir, { recursive: true });
  rmSync(stampFile, { force: true });
  npm(root, ['pack', '--ignore-scripts', '--silent', '--pack-destination', host.dir]);
  const tarball = readdirSync(host.dir).find((name) => name.endsWith('.tgz')) as string;
  rmSync(path.join(host.dir, 'node_modules', 'jest-distributed'), { recursive: true, force: true });
  rmSync(path.join(host.dir, 'package-lock.json'), { force: true });
  const devDependencies = {
    ...EXTRAS,
    '@jest/globals': host.jest,
    'jest-environment-jsdom': host.jest,
    'jest-jasmine2': host.jest,
    jest: host.jest,
    'jest-distributed': `file:${tarball}`,
  };
  writeFileSync(
    path.join(host.dir, 'package.json'),
    JSON.stringify({ name: `host-jest-${host.major}`, private: true, devDependencies }),
  );
  npm(host.dir, ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline']);
  rmSync(path.join(host.dir, tarball));
  writeFileSync(stampFile, stamp);
}

export function prepareHosts(majors: readonly JestMajor[]): void {
  if (!existsSync(path.join(root, 'dist', 'cli.js'))) {
    throw new Error('The package is not built, and these tests run the packed tarball. Run: npm run build');
  }
  mkdirSync(hostsFolder(), { recursive: true });
  withLock(() => majors.map(host).forEach(install));
}
