/** Starting git: only to look, never to change or fetch anything. */
import { execFile, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The output of a git command, or undefined where it failed. */
export function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: gitEnvironment(), maxBuffer: Number.POSITIVE_INFINITY, windowsHide: true };
    // An error is an answer here: ENOENT (no git, no folder), or an exit code that says why.
    execFile('git', args, options, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}

/** The output of a git command that is told something on its stdin, or undefined where it failed. */
export function gitWithInput(folder: string, args: readonly string[], input: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: gitEnvironment(), maxBuffer: Number.POSITIVE_INFINITY, windowsHide: true };
    const child = execFile('git', args, options, (error, stdout) => resolve(error === null ? stdout : undefined));
    // A git that ends early says so by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/**
 * The same for much output, which goes to a file without a name: git never waits for this process, which is busy
 * planning meanwhile. Git has been started when this returns.
 */
export function gitAtOnce(folder: string, args: readonly string[]): Promise<string | undefined> {
  const output = openNameless();
  // No room for temporary files is no answer: other nodes would have one.
  if (output === undefined) return git(folder, args);
  return new Promise((resolve) => {
    const options = { cwd: folder, env: gitEnvironment(), windowsHide: true } as const;
    const child = spawn('git', args, { ...options, stdio: ['ignore', output.descriptor, 'ignore'] });
    const end = (isAnswer: boolean) => {
      resolve(isAnswer ? readAll(output.descriptor) : undefined);
      output.close();
    };
    child.once('error', () => end(false)).once('exit', (code) => end(code === 0));
  });
}

/** A temporary file of which nothing is left, however this process ends; Windows keeps its name until it is closed. */
function openNameless(): { readonly descriptor: number; readonly close: () => void } | undefined {
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-git-'));
    const descriptor = openSync(path.join(folder, 'output'), 'wx+');
    const isGone = remove(folder);
    const close = () => {
      closeSync(descriptor);
      if (!isGone) remove(folder);
    };
    return { descriptor, close };
  } catch {
    return undefined;
  }
}

function remove(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

function readAll(descriptor: number): string {
  const bytes = Buffer.allocUnsafe(fstatSync(descriptor).size);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, length);
    if (read === 0) break;
    length += read;
  }
  return bytes.toString('utf8', 0, length);
}

// Set inside git's hooks, where they would point git at another repository or index than the folder's own.
const hookVariables = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY'];

function gitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !hookVariables.includes(name.toUpperCase()));
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    // We only look: never take the index lock from the user's own git, never fetch, never ask for a password.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
