/** Starting git: only to look, never to change or fetch anything. */
import { execFile } from 'node:child_process';

/**
 * The output of a git command, or undefined where it failed.
 *
 * @param input what it reads on its stdin.
 */
export function git(folder: string, args: readonly string[], input = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: gitEnvironment(), maxBuffer: Number.POSITIVE_INFINITY, windowsHide: true };
    // An error is an answer here: ENOENT (no git, no folder), or an exit code that says why.
    const child = execFile('git', args, options, (error, stdout) => resolve(error === null ? stdout : undefined));
    // A git that ends early says so by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
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
