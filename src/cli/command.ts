/** One verb of the bin. */
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { refuseFlagsBehindDashes } from '../options/misplaced-flags';

export interface Command {
  /** As yargs takes it: `explain <file>`. */
  readonly command: string;
  readonly describe: string;
  readonly build: (argv: Argv) => Argv;
  /** @returns the exit code, or undefined where Jest runs in this process and sets it. */
  readonly execute: (argv: ArgumentsCamelCase) => Promise<number | undefined>;
}

/**
 * What follows `--`.
 *
 * @throws DistributedError `FLAG_GIVEN_TO_JEST` where a flag of ours is among it.
 */
export function jestArguments(argv: ArgumentsCamelCase): string[] {
  const args = ((argv['--'] as unknown[] | undefined) ?? []).map(String);
  refuseFlagsBehindDashes(args, argv._.join(' '));
  return args;
}
