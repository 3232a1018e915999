import { type OptionName, optionNames, optionRow } from './table';

/** A flag as yargs takes it in `.options()`; plain data, so that the core needs no yargs. */
export interface FlagSpec {
  readonly type: 'string' | 'boolean';
  readonly describe: string;
  readonly defaultDescription?: string;
  readonly group: string;
  /** Refuses `--nodes` with nothing behind it. */
  readonly requiresArg?: true;
  /** 0 for booleans: yargs would otherwise read `--distributed-disabled=1` as false without a word. */
  readonly nargs?: 0;
}

/**
 * The flags of the bin, by name. Everything but booleans stays a string: numbers and choices are read by
 * `resolveOptions`, which names the value and its source, where yargs would turn `abc` into NaN.
 *
 * @param names of the options that a command knows.
 */
export function flagSpecs(names: readonly OptionName[] = optionNames): Record<string, FlagSpec> {
  return Object.fromEntries(
    names.map((name) => {
      const { flag, type, description, defaultText, group = 'Distribution' } = optionRow(name);
      const text = {
        describe: plain(description),
        group: `${group}:`,
        ...(defaultText === 'none' ? {} : { defaultDescription: plain(defaultText) }),
      };
      const spec: FlagSpec =
        type.kind === 'boolean'
          ? { type: 'boolean', nargs: 0, ...text }
          : { type: 'string', requiresArg: true, ...text };
      return [flag, spec];
    }),
  );
}

/** Of what yargs has parsed, the flags of some options, for a command whose own flags have the names of others. */
export function pickFlags(
  argv: Readonly<Record<string, unknown>>,
  names: readonly OptionName[],
): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [optionRow(name).flag, argv[optionRow(name).flag]]));
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
