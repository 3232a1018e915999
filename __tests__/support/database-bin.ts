/** The bin as a person at a terminal uses it around a database: in a small project, with nothing set but what is said. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cleanEnvironment } from './projects';

const cli = path.join(__dirname, '..', '..', 'dist', 'cli.js');

export interface BinRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DatabaseBin {
  /** Absolute path of the project. */
  readonly folder: string;
  readonly run: (args: readonly string[], environment?: Readonly<Record<string, string>>) => BinRun;
  /** The same, still running. */
  readonly start: (args: readonly string[], environment?: Readonly<Record<string, string>>) => ChildProcess;
  readonly remove: () => void;
}

/** @param packageName of the project; its suite is called so. */
export function makeDatabaseBin(packageName: string): DatabaseBin {
  if (!existsSync(cli)) throw new Error('The package is not built, and these tests run it. Run: npm run build');
  const folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-bin-'));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: packageName, private: true }));
  return {
    folder,
    run: (args, environment = {}) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
        cwd: folder,
        env: cleanEnvironment(environment),
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    },
    start: (args, environment = {}) =>
      spawn(process.execPath, [cli, ...args], {
        cwd: folder,
        env: cleanEnvironment(environment),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
