/** A copy of examples/basic to run in, with this repository's build and packages: for the scripts that make pictures. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const images = path.join(root, 'docs', 'images');

/** @param {(folder: string) => unknown} work - with the folder of the copy, which is gone afterwards. */
export async function withExample(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'example-'));
  try {
    cpSync(path.join(root, 'examples', 'basic'), folder, { recursive: true });
    rmSync(path.join(folder, '.jest-distributed'), { recursive: true, force: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The words of our command in this build; without a CI's variables. */
export const command = [process.execPath, path.join(root, 'dist', 'cli.js')];
export const environment = { ...process.env, CI: '', GITHUB_ACTIONS: '', FORCE_COLOR: '' };
