/** Generated projects below a host, in a git repository of their own or in none. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a project anew.
 *
 * @param {{ dir: string }} host
 * @param {string} name
 * @param {Record<string, string>} files path → content
 * @returns {string} its absolute folder
 */
export function writeProject(host, name, files) {
  const dir = path.join(host.dir, 'projects', name);
  rmSync(dir, { recursive: true, force: true });
  const folders = new Set();
  for (const [file, content] of Object.entries(files)) {
    const target = path.join(dir, file);
    const folder = path.dirname(target);
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    writeFileSync(target, content);
  }
  return dir;
}

/** Commits everything in the folder, in one pack as in a fresh clone: loose objects are read ten times slower. */
export function commitAll(dir) {
  const identity = ['-c', 'user.name=benchmark', '-c', 'user.email=benchmark@example.org', '-c', 'gc.auto=0'];
  const git = (...args) => execFileSync('git', [...identity, ...args], { cwd: dir, stdio: 'ignore' });
  git('init');
  git('add', '--all', '--force', '.');
  git('commit', '--quiet', '--message', 'all');
  git('repack', '-a', '-d', '-q');
}
