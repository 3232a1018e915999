/**
 * How a project starts the programs of its packages. Texts in this package name commands as npm has them
 * (`npx jest-distributed merge`); what people read is the command of their own package manager.
 */

/**
 * Words in front of the program's name. Yarn with Plug'n'Play has no folder that `npx` could look into. Yarn 1 takes
 * away the first `--` of a command and what stands before it, unless there is one in front of the program.
 */
export type Runner = 'npx' | 'pnpm exec' | 'yarn' | 'yarn --' | 'bunx';

const RUNNERS: ReadonlySet<string> = new Set<Runner>(['npx', 'pnpm exec', 'yarn', 'yarn --', 'bunx']);

const isRunner = (value: unknown): value is Runner => typeof value === 'string' && RUNNERS.has(value);

/** The programs that our commands start. */
const COMMAND = /\bnpx (?=jest(?:-distributed)?(?![\w./-]))/g;

/** A text with the commands in it as a package manager has them. */
export function withRunner(text: string, runner: Runner): string {
  return runner === 'npx' ? text : text.replace(COMMAND, `${runner} `);
}

/** Words of a command, the first of them `npx`, as a package manager has them. */
export function runnerWords(words: readonly string[], runner: Runner): string[] {
  return words[0] === 'npx' ? [...runner.split(' '), ...words.slice(1)] : [...words];
}

const runnerKey = Symbol.for('jest-distributed.runner');
const shared = globalThis as unknown as Record<symbol, unknown>;

/** Called once by whoever knows the project's folder: errors may be made anywhere, and by another copy of this package. */
export function publishRunner(runner: Runner): void {
  shared[runnerKey] = runner;
}

/** That of this process's project, `npx` until it is set. */
export function readRunner(): Runner {
  const runner = shared[runnerKey];
  return isRunner(runner) ? runner : 'npx';
}
