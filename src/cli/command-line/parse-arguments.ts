/**
 * Words of the command line → arguments of one command. Everything that is not understood stops here, with what was meant
 * where that can be guessed.
 */
import { parseArgs } from 'node:util';
import { DistributedError } from '../../errors';
import { findMeant, findNearest, slipOf } from '../../options/did-you-mean';
import { type Flag, type Flags, optionFlags } from '../../options/flags';
import { hideSecrets } from '../../options/hide-secrets';
import { type OptionName, optionRow } from '../../options/table';
import { jestFlagNames, jestFlagOf } from '../../shell/jest-flags';
import { commandText, shellOf } from '../../shell/quote';
import type { Arguments, Command } from './command';
import { sameCommand } from './same-command';

/** All flags that a command takes. */
const flagsOf = ({ flags = {}, options = [] }: Command): Flags => ({ ...flags, ...optionFlags(options) });

/** Those of them that its help shows. */
export const helpFlagsOf = ({ flags = {}, options = [], idleOptions = [] }: Command): Flags => ({
  ...flags,
  ...optionFlags(options.filter((name) => !idleOptions.includes(name))),
});

const toCamel = (name: string): string => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const toKebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const seeHelp = (command: Command): string => `See: npx jest-distributed help ${command.name}`;

function usage(code: string, message: string, remedy: string): DistributedError {
  return new DistributedError({ code, message, remedy });
}

/**
 * The same command with all that is not ours behind two dashes; null where that would repeat what may be a password.
 *
 * @param own what stands before the dashes.
 */
function withDashes(own: readonly string[], behind: readonly string[], command: Command): string | null {
  const flags = flagsOf(command);
  const kept: string[] = [];
  const moved: string[] = [];
  for (let index = 0; index < own.length; index++) {
    const word = own[index] as string;
    const name = toKebab(/^--([A-Za-z][\w-]*)/.exec(word)?.[1] ?? '');
    const flag = flags[name] ?? flags[name.replace(/^no-/, '')];
    if (flag === undefined) moved.push(word);
    else kept.push(word, ...(flag.value === null || word.includes('=') ? [] : own.slice(++index, index + 1)));
  }
  const words = ['npx', 'jest-distributed', ...command.name.split(' '), ...kept, '--', ...moved, ...behind];
  const text = commandText(words, shellOf(process.platform, process.env));
  return hideSecrets(text) === text ? text : null;
}

interface Typed {
  readonly own: readonly string[];
  readonly behind: readonly string[];
  readonly command: Command;
}

function putBehindDashes({ own, behind, command }: Typed): string {
  const text = withDashes(own, behind, command);
  return `Arguments of Jest go after "--"${text === null ? ', and those of this command before them.' : `: ${text}`}`;
}

function unknownFlag(raw: string, typed: Typed): DistributedError {
  const { command } = typed;
  const written = /^--?[A-Za-z][\w-]*/.exec(raw)?.[0] ?? raw;
  const jestFlag = jestFlagOf(written);
  if (jestFlag !== null && command.takesJestArguments) {
    const long = written.startsWith('--') ? '' : ` (--${jestFlag})`;
    return usage(
      'FLAG_UNKNOWN',
      `${written}${long} is a flag of Jest, but is placed among those of jest-distributed ${command.name}.`,
      putBehindDashes(typed),
    );
  }
  const ours = findMeant(toKebab(written.replace(/^--?(no-)?/, '')), Object.keys(helpFlagsOf(command)));
  const name = written.replace(/^--?/, '');
  const ofJest =
    ours.length === 0 && command.takesJestArguments ? findNearest(name, jestFlagNames, slipOf(name)) : null;
  const meant = ofJest === null ? ours.map((one) => `--${one}`) : [`Jest's --${ofJest}`];
  const asked = meant.length === 0 ? '' : `Did you mean ${meant.join(', ').replace(/, ([^,]*)$/, ' or $1')}? `;
  const dashes = command.takesJestArguments && ours.length === 0 ? 'Arguments of Jest go after "--". ' : '';
  return usage(
    'FLAG_UNKNOWN',
    `jest-distributed ${command.name} has no flag ${hideSecrets(written)}.`,
    asked + dashes + seeHelp(command),
  );
}

function tooMany(word: string, typed: Typed): DistributedError {
  const { command } = typed;
  const isForJest = command.takesJestArguments && command.positional === undefined;
  return usage(
    'USAGE',
    `jest-distributed ${command.name} does not take the argument "${hideSecrets(word)}".`,
    isForJest ? putBehindDashes(typed) : `${runIdHint(word, command)}${seeHelp(command)}`,
  );
}

/** A run is what most people name first of a command about one. */
const runIdHint = (word: string, command: Command): string =>
  command.positional === undefined && command.options?.includes('runId')
    ? `Did you mean --run-id ${hideSecrets(word)}? `
    : '';

function valueMissing(name: string, { value }: Flag, command: Command): DistributedError {
  return usage('USAGE', `--${name} needs a value: --${name} ${value}`, seeHelp(command));
}

/** How an option is set, as people name it; null where it is not. */
function setBy(option: OptionName, given: ReadonlyMap<string, unknown>): string | null {
  const { flag, variable } = optionRow(option);
  if (given.has(flag)) return `--${flag}`;
  return process.env[variable] === undefined ? null : variable;
}

function checkTogether(given: ReadonlyMap<string, unknown>, flags: Flags, command: Command, typed: Arguments): void {
  for (const [name, { needs, impliedBy, excludes, isRequired }] of Object.entries(flags)) {
    if (isRequired && !given.has(name)) {
      throw usage('USAGE', `jest-distributed ${command.name} needs --${name}.`, exampleOf(command));
    }
    if (!given.has(name) || given.get(name) === false) continue;
    if (needs !== undefined && (given.get(needs) ?? false) === false) {
      const implied = (impliedBy ?? []).map((option) => setBy(option, given)).find((by) => by !== null) ?? null;
      const other = flags[needs]?.excludes;
      // Both together would be refused next.
      if (implied === null && other !== undefined && given.has(other)) throw excludeEachOther(name, other);
      throw usage(
        'USAGE',
        `--${name} requires --${needs}.`,
        implied === null
          ? `Give both: ${sameCommand(typed, [`--${needs}`])}`
          : `Remove --${name}: ${implied} is set, so the nodes pull from a ${name} without it.`,
      );
    }
    if (excludes !== undefined && given.has(excludes)) {
      throw excludeEachOther(name, excludes);
    }
  }
}

const excludeEachOther = (one: string, other: string): DistributedError =>
  usage('USAGE', `--${one} and --${other} exclude each other.`, 'Remove one of the two.');

const exampleOf = (command: Command): string => {
  const [example] = command.examples;
  return example === undefined ? seeHelp(command) : `For example: npx jest-distributed ${example[0]}`;
};

/** Whether a word asks for the help or the version, of which flags that do not exist must not keep people. */
export const asksFor = (args: readonly string[], long: string, short: string): boolean => {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((word) => word === long || word === short);
};

/**
 * @param args what follows the name of the command.
 * @throws DistributedError `FLAG_UNKNOWN`, `USAGE`, `OPTION_REPEATED`.
 */
export function parseArguments(args: readonly string[], command: Command): Arguments {
  const flags = flagsOf(command);
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const behind = end === -1 ? undefined : args.slice(end + 1);
  if (behind !== undefined && !command.takesJestArguments) {
    throw usage('USAGE', `jest-distributed ${command.name} takes no arguments after "--".`, seeHelp(command));
  }
  const typed: Typed = { own, behind: behind ?? [], command };
  const { tokens } = parseArgs({
    // A switch of the table may be given as --name=1 too; whoever reads its value says what it may be.
    args: own.map((word) => word.replace(/^--([A-Za-z][\w-]*)/, (_, name: string) => `--${toKebab(name)}`)),
    options: Object.fromEntries(
      Object.entries(flags).map(
        ([name, { value }]) => [name, { type: value === null ? 'boolean' : 'string' }] as const,
      ),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, unknown>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const negated = token.name.replace(/^no-/, '');
    const isNegative = !Object.hasOwn(flags, token.name) && flags[negated]?.value === null;
    const name = isNegative ? negated : token.name;
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw unknownFlag(own[token.index] ?? token.rawName, typed);
    if (flag.value === null) {
      const text = token.value ?? 'true';
      given.set(name, text === 'true' ? !isNegative : text === 'false' ? isNegative : text);
      continue;
    }
    const isNext = token.inlineValue === false;
    if (token.value === undefined || (isNext && /^-\D/.test(token.value))) throw valueMissing(name, flag, command);
    const before = given.get(name);
    // Whoever reads the value of an option refuses a second one by itself, with both values.
    given.set(name, before === undefined ? token.value : [before, token.value].flat());
  }
  for (const [name, value] of given) {
    if (Array.isArray(value) && command.flags?.[name] !== undefined) {
      throw usage('OPTION_REPEATED', `--${name} is given ${value.length} times.`, 'Give it once.');
    }
    if (flags[name]?.value === null && typeof value === 'string' && command.flags?.[name] !== undefined) {
      throw usage('USAGE', `--${name} takes no value, but is given ${JSON.stringify(value)}.`, seeHelp(command));
    }
  }
  const { positional } = command;
  const taken = positional === undefined ? [] : positional.isList ? positionals : positionals.slice(0, 1);
  const stray = positionals[taken.length];
  if (stray !== undefined) throw tooMany(stray, typed);
  if (positional?.isRequired && taken.length === 0) {
    throw usage(
      'USAGE',
      `jest-distributed ${command.name} needs <${positional.name}>: ${positional.describe}.`,
      exampleOf(command),
    );
  }
  const values: Record<string, unknown> = {};
  const defaults = Object.entries(flags).flatMap(([name, flag]) =>
    flag.default === undefined ? [] : [[name, flag.default] as const],
  );
  for (const [name, value] of [...defaults, ...given]) {
    values[name] = value;
    values[toCamel(name)] = value;
  }
  if (positional !== undefined && taken.length > 0) values[positional.name] = positional.isList ? taken : taken[0];
  const parsed = { ...values, _: command.name.split(' '), typed: own, ...(behind !== undefined && { '--': behind }) };
  checkTogether(given, flags, command, parsed);
  return parsed;
}
