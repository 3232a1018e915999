/** The help: of all commands, and of one. */
import type { Flag, Flags } from '../../options/flags';
import { runnerWords } from '../../shell/runner';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { cellWidth, wrapText } from '../terminal/text-width';

export interface Positional {
  readonly name: string;
  readonly describe: string;
  readonly isRequired?: boolean;
  /** Takes all that follow. */
  readonly isList?: boolean;
}

export interface CommandForHelp {
  /** One word, or two: `timings import`. */
  readonly name: string;
  readonly describe: string;
  readonly positional?: Positional;
  /** Its own. */
  readonly flags: Flags;
  readonly takesJestArguments?: boolean;
  readonly examples: readonly (readonly [command: string, what: string])[];
}

/** Help is read, not scanned: longer lines than these are hard to follow. */
const WIDEST = 100;

const bin = ({ runner = 'npx' }: Terminal): string => runnerWords(['npx', 'jest-distributed'], runner).join(' ');

const narrowed = (terminal: Terminal): Terminal => ({ ...terminal, columns: Math.min(WIDEST, terminal.columns) });

/** A name, and a text beside it that goes on below itself. */
function pairLines(pairs: readonly (readonly [string, string])[], terminal: Terminal): string[] {
  const width = Math.max(0, ...pairs.map(([name]) => cellWidth(name))) + 2;
  return pairs.flatMap(([name, text]) => {
    const first = `  ${name}${' '.repeat(width - cellWidth(name))}`;
    return wrapText(text, terminal.columns, { first, others: ' '.repeat(width + 2) });
  });
}

type Named = Pick<CommandForHelp, 'name' | 'describe'>;

/**
 * All commands by group.
 *
 * @param docs where the documentation is.
 */
export function overviewHelp(
  groups: readonly (readonly [title: string, commands: readonly Named[]])[],
  docs: string,
  given: Terminal,
): string[] {
  const terminal = narrowed(given);
  const { bold } = colorsOf(terminal);
  const width = Math.max(...groups.flatMap(([, commands]) => commands.map(({ name }) => name.length)));
  const padded = (name: string) => name.padEnd(width);
  return [
    'Runs one Jest project over many machines, and proves that every test ran once.',
    '',
    `  ${bin(terminal)} <command> [flags] [-- arguments of Jest]`,
    ...groups.flatMap(([title, commands]) => [
      '',
      bold(title),
      ...pairLines(
        commands.map(({ name, describe }) => [padded(name), describe] as const),
        terminal,
      ),
    ]),
    '',
    bold('Help'),
    ...pairLines(
      [
        [padded('help <command>'), 'Its flags, their variables and defaults; also <command> --help'],
        [padded('help <CODE>'), 'Meaning and remedy of an error or a finding'],
        [padded('--version'), 'The version of this package'],
      ],
      terminal,
    ),
    '',
    ...wrapText(`Docs: ${docs}`, terminal.columns),
  ];
}

const flagName = (name: string, { value, isList }: Flag): string =>
  `--${name}${value === null ? '' : ` ${value}`}${isList ? ' …' : ''}`;

/** What a flag is without being given, and by what else it can be set. */
function flagFacts({ defaultText, default: value, variable, isRequired }: Flag): string {
  const facts = [
    ...(isRequired ? ['required'] : []),
    ...(value === undefined ? [] : [`default: ${value}`]),
    ...(defaultText === undefined || value !== undefined ? [] : [`default: ${defaultText}`]),
    ...(variable === undefined ? [] : [variable]),
  ];
  return facts.join('; ');
}

function flagLines(flags: Flags, terminal: Terminal): string[] {
  const { dim } = colorsOf(terminal);
  const indent = { first: '      ', others: '      ' };
  return Object.entries(flags).flatMap(([name, flag]) => {
    const facts = flagFacts(flag);
    return [
      `  ${flagName(name, flag)}`,
      ...wrapText(flag.describe, terminal.columns, indent),
      ...(facts === '' ? [] : wrapText(`(${facts})`, terminal.columns, indent).map(dim)),
    ];
  });
}

/** One command. @param all its own flags and those of the options that it takes. */
export function commandHelp(command: CommandForHelp, all: Flags, given: Terminal): string[] {
  const terminal = narrowed(given);
  const { bold } = colorsOf(terminal);
  const { name, describe, positional, flags, takesJestArguments, examples } = command;
  const shared = Object.fromEntries(Object.entries(all).filter(([flag]) => !Object.hasOwn(flags, flag)));
  const ofGroup = (group: string | undefined) =>
    flagLines(Object.fromEntries(Object.entries(shared).filter(([, flag]) => flag.group === group)), terminal);
  const dots = positional?.isList ? '..' : '';
  const word =
    positional === undefined
      ? ''
      : positional.isRequired
        ? ` <${positional.name}${dots}>`
        : ` [${positional.name}${dots}]`;
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', bold(title), ...lines]);
  return [
    `${describe}.`,
    '',
    `  ${bin(terminal)} ${name}${word} [flags]${takesJestArguments ? ' [-- arguments of Jest]' : ''}`,
    ...(positional === undefined ? [] : ['', ...pairLines([[positional.name, positional.describe]], terminal)]),
    ...section(`Flags of ${name}`, flagLines(flags, terminal)),
    ...section('Options, also as variables, or in a config file that all nodes share', ofGroup(undefined)),
    ...section('Options of workers', ofGroup('Workers')),
    ...section('Options of the queue', ofGroup('Queue')),
    ...section('Options of hosts', ofGroup('Hosts')),
    ...section(
      'Examples',
      examples.flatMap(([line, what]) => [
        `  ${bin(terminal)} ${line}`,
        ...wrapText(what, terminal.columns, { first: '      ', others: '      ' }),
      ]),
    ),
  ];
}
