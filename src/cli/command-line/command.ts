/** One verb of the bin, as data: the parser and the help are made of it. */
import type { Flags } from '../../options/flags';
import { refuseFlagsBehindDashes } from '../../options/misplaced-flags';
import type { OptionName } from '../../options/table';
import type { CommandForHelp } from '../../reports/help/help-lines';

/** What was typed: flags by name, in kebab and in camel case; positionals by theirs; `--` is what stands behind it. */
export type Arguments = Readonly<Record<string, unknown>> & {
  readonly _: readonly string[];
  /** Words between the name of the command and the two dashes. */
  readonly typed: readonly string[];
  readonly '--'?: readonly string[];
};

export interface Command extends Omit<CommandForHelp, 'flags'> {
  readonly flags?: Flags;
  /** Those of the table that it takes. */
  readonly options?: readonly OptionName[];
  /** Of those the ones that change nothing here: taken, as they may stand in the command line of a node, and not shown. */
  readonly idleOptions?: readonly OptionName[];
  /** @returns the exit code, or undefined where Jest runs in this process and sets it. */
  readonly execute: (argv: Arguments) => Promise<number | undefined>;
}

/**
 * What follows `--`.
 *
 * @throws DistributedError `FLAG_GIVEN_TO_JEST` where a flag of ours is among it.
 */
export function jestArguments(argv: Arguments): string[] {
  const args = [...(argv['--'] ?? [])];
  refuseFlagsBehindDashes(args, argv._.join(' '), argv.typed);
  return args;
}
