/** One verb of the bin. */
import type { ArgumentsCamelCase, Argv } from 'yargs';

export interface Command {
  /** As yargs takes it: `explain <file>`. */
  readonly command: string;
  readonly describe: string;
  readonly build: (argv: Argv) => Argv;
  /** @returns the exit code, or undefined where Jest runs in this process and sets it. */
  readonly execute: (argv: ArgumentsCamelCase) => Promise<number | undefined>;
}

/** What follows `--`. */
export function jestArguments(argv: ArgumentsCamelCase): string[] {
  return ((argv['--'] as unknown[] | undefined) ?? []).map(String);
}
