/**
 * The one folder of a host in which all its users, checkouts and runs find each other's slots.
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { chmodSync, mkdirSync, statSync } = fs;

const NAME = 'jest-distributed-slots';
/** Everybody may make files, and delete only their own. */
const SHARED_MODE = 0o1777;

/**
 * Where they are looked for, the first that can be written to. Not the folder of `TMPDIR` first: it differs between users
 * and jobs of one host.
 */
function defaultFolders(): readonly string[] {
  const shared =
    process.platform === 'win32' ? (process.env.ProgramData ?? process.env.ALLUSERSPROFILE ?? tmpdir()) : '/tmp';
  return [...new Set([shared, tmpdir()])].map((folder) => path.join(folder, NAME));
}

/** Makes it where it is not there. */
function makeShared(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: SHARED_MODE });
    // The umask has taken some of it away. Only the owner can: for everybody else it is as it should be.
    if ((statSync(folder).mode & 0o7777) !== SHARED_MODE) chmodSync(folder, SHARED_MODE);
  } catch {
    // Whoever takes a slot in it says what is wrong.
  }
}

/** @param chosen absolute, as a setting has it. @returns folders to try, in this order; they are made. */
export function slotFolders(chosen: string | null): readonly string[] {
  const folders = chosen === null ? defaultFolders() : [chosen];
  for (const folder of folders) makeShared(folder);
  return folders;
}
