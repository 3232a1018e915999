/**
 * Folders outside the repository in which this package, from the packed tarball, lies beside one version of Jest.
 *
 * Kept between runs: a second run installs nothing but a changed build.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');
// Two checkouts may be measured on one machine, and neither must change the other's package meanwhile.
const checkout = createHash('sha256').update(root).digest('hex').slice(0, 8);
const base = path.join(tmpdir(), `jest-distributed-benchmarks-${userInfo().username}-${checkout}`);

/** Jest's exact version by its major. */
export const JEST_VERSIONS = { 29: '29.7.0', 30: '30.5.2' };

const npm = (cwd, args) => execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });

function buildStamp() {
  const dist = path.join(root, 'dist');
  if (!existsSync(path.join(dist, 'cli.js'))) throw new Error('The package is not built. Run: npm run build');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [path.join(root, 'package.json'), ...files]) {
    hash.update(path.relative(root, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * @param {29 | 30} major
 * @returns {{ dir: string, jest: string, jestBin: string, ourBin: string, packageDir: string }}
 */
export function prepareHost(major) {
  const jest = JEST_VERSIONS[major];
  const dir = path.join(base, `jest-${jest}`);
  const packageDir = path.join(dir, 'node_modules', 'jest-distributed');
  const stampFile = path.join(dir, 'stamp');
  const stamp = buildStamp();
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    mkdirSync(dir, { recursive: true });
    for (const old of readdirSync(dir).filter((name) => name.endsWith('.tgz'))) rmSync(path.join(dir, old));
    npm(root, ['pack', '--ignore-scripts', '--silent', '--pack-destination', dir]);
    const tarball = readdirSync(dir).find((name) => name.endsWith('.tgz'));
    rmSync(packageDir, { recursive: true, force: true });
    const devDependencies = { jest, '@jest/globals': jest, 'jest-distributed': `file:${tarball}` };
    writeFileSync(
      path.join(dir, 'package.json'),
      JSON.stringify({ name: 'benchmarks', private: true, devDependencies }),
    );
    npm(dir, ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--silent']);
    rmSync(path.join(dir, tarball));
    writeFileSync(stampFile, stamp);
  }
  return {
    dir,
    jest,
    packageDir,
    jestBin: path.join(dir, 'node_modules', 'jest', 'bin', 'jest.js'),
    ourBin: path.join(packageDir, 'dist', 'cli.js'),
  };
}
