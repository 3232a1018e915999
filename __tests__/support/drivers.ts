/** Drivers of databases, which the hosts of the tests have none of, as most projects. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Driver = 'pg' | '@electric-sql/pglite';

/** Puts them into a folder of modules, as an install would. */
export function linkDrivers(folder: string, names: readonly Driver[]): void {
  for (const name of names) {
    const link = path.join(folder, name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(realpathSync(path.join(__dirname, '..', '..', 'node_modules', name)), link, 'dir');
  }
}

export interface Drivers {
  /** For `NODE_PATH`: what is there is found as a peer would be. */
  readonly folder: string;
  readonly remove: () => void;
}

/** In a folder of their own. */
export function makeDrivers(...names: Driver[]): Drivers {
  const folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-drivers-'));
  linkDrivers(folder, names);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
