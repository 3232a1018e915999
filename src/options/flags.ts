import { type OptionName, type OptionRow, optionNames, optionRow } from './table';

/** A flag as a command takes it; plain data, of which the parser and the help are made. */
export interface Flag {
  /** What stands for its value in the help, such as `<file>`; null for a switch, which takes none. */
  readonly value: string | null;
  readonly describe: string;
  /** What happens without it, as people read it. */
  readonly defaultText?: string;
  /** A value that it has without being given. */
  readonly default?: string;
  /** Environment variable that means the same. */
  readonly variable?: string;
  readonly choices?: readonly string[];
  /** Heading that it stands under in the help, besides the usual one. */
  readonly group?: string;
  /** May be given several times. */
  readonly isList?: boolean;
  /** Name of a flag that it needs beside it. */
  readonly needs?: string;
  /** An option that says the same where the flag that it needs is not meant. */
  readonly impliedBy?: readonly OptionName[];
  /** Name of a flag that it cannot stand beside. */
  readonly excludes?: string;
  readonly isRequired?: boolean;
}

/** By name, without the dashes. */
export type Flags = Readonly<Record<string, Flag>>;

function valueText({ type }: OptionRow): string | null {
  switch (type.kind) {
    case 'boolean':
      return null;
    case 'integer':
      return type.word === undefined ? '<number>' : `<number|${type.word}>`;
    case 'choice':
      return `<${type.choices.join('|')}>`;
    case 'path':
      return '<path>';
    case 'database-url':
      return '<url>';
    case 'variables':
      return '<NAME=value>';
    case 'hook':
      return '<module or command>';
    case 'hosts':
      return '<host,host:workers,local>';
    case 'list':
      return type.of === 'glob' ? '<glob>' : '<name=glob>';
    case 'digest':
      return '<digest>';
    case 'name':
    case 'id':
      return '<name>';
  }
}

/** The flag of an option. Its value stays a text: `resolveOptions` reads it, and names the value and its source. */
function flagOf(row: OptionRow): Flag {
  const { type, description, defaultText, variable, group } = row;
  return {
    value: valueText(row),
    describe: plain(description),
    variable,
    ...(group === undefined ? {} : { group }),
    ...(defaultText === 'none' ? {} : { defaultText: plain(defaultText) }),
    ...(type.kind === 'choice' ? { choices: type.choices } : {}),
    ...(type.kind === 'list' || type.kind === 'variables' || type.kind === 'hosts' ? { isList: true } : {}),
  };
}

/** The flags of some options, in the order of the table. */
export function optionFlags(names: readonly OptionName[] = optionNames): Flags {
  return Object.fromEntries(names.map((name) => [optionRow(name).flag, flagOf(optionRow(name))]));
}

/** Of what was parsed, the flags of some options, for a command whose own flags have the names of others. */
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
