/**
 * Flags of this package among the arguments of Jest, which knows none of them.
 *
 * Jest refuses `--nodes 4` as an unknown option, but takes `--nodes=4` and `--no-split-local` without a word: then every
 * node would run all files.
 */
import { DistributedError } from '../errors';
import { jestFlagNames, jestFlagOf } from '../shell/jest-flags';
import { commandText } from '../shell/quote';
import { hideSecrets } from './hide-secrets';
import { findNearest } from './nearest';
import { type OptionRow, optionNames, optionRow } from './table';

/** Of the command `run` itself. */
const RUN_FLAGS = ['local', 'queue', 'sequential'];

const ownFlags = new Set([...optionNames.map((name) => optionRow(name).flag), ...RUN_FLAGS]);

const toKebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * @param args what Jest was given; what stands behind `--` are path patterns.
 * @returns the flags of ours as they were written, without their values (one may hold a password), each once.
 */
export function misplacedFlags(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const found = args.slice(0, end === -1 ? undefined : end).flatMap((arg) => {
    const written = /^--[A-Za-z][A-Za-z-]*/.exec(arg)?.[0];
    if (written === undefined) return [];
    const name = toKebab(written.slice(2));
    return ownFlags.has(name) || ownFlags.has(name.replace(/^no-/, '')) ? [written] : [];
  });
  return [...new Set(found)];
}

/**
 * @param args of a `jest` that loaded this package by `testSequencer`.
 * @throws DistributedError `FLAG_GIVEN_TO_JEST`.
 */
export function refuseFlagsOfOurs(args: readonly string[]): void {
  const flags = misplacedFlags(args);
  if (flags.length === 0) return;
  const variables = optionNames
    .map(optionRow)
    .filter(({ flag }) => flags.some((written) => toKebab(written.slice(2)).replace(/^no-/, '') === flag))
    .map(({ variable }) => variable);
  const meant = meantCommand(args, 'run', []);
  const start =
    meant === null
      ? 'Start Jest through this package, with them before two dashes'
      : `Start Jest through this package: ${meant}`;
  // On a line of its own: nothing may stand behind a command that is to be copied.
  const setThem = variables.length === 0 ? '' : `\n  Or set ${variables.join(' and ')}.`;
  throw new DistributedError({
    code: 'FLAG_GIVEN_TO_JEST',
    message: `${describe(flags)} of jest-distributed, and Jest itself ignores ${flags.length === 1 ? 'it' : 'them'}.`,
    remedy: `${start}${setThem}`,
  });
}

/**
 * A flag that is neither Jest's nor ours, but nearly one of ours: Jest would take `--node=4` without a word.
 *
 * @returns what was written, and ours.
 */
function misspelledFlag(args: readonly string[]): { readonly written: string; readonly meant: string } | null {
  const end = args.indexOf('--');
  for (const arg of args.slice(0, end === -1 ? undefined : end)) {
    const written = /^--[A-Za-z][A-Za-z-]*/.exec(arg)?.[0];
    if (written === undefined || jestFlagOf(written) !== null) continue;
    const name = toKebab(written.slice(2)).replace(/^no-/, '');
    const meant = findNearest(name, [...ownFlags, ...jestFlagNames.map(toKebab)], 2);
    if (meant !== null && ownFlags.has(meant)) return { written, meant: `--${meant}` };
  }
  return null;
}

/** The command as it was meant; null where that would repeat what may be a password. */
function meantCommand(args: readonly string[], command: string, typed: readonly string[]): string | null {
  const ours: string[] = [];
  const others: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as string;
    const [written] = misplacedFlags([word]);
    const row = written === undefined ? undefined : rowOf(written);
    if (written === undefined) others.push(word);
    else if (row === undefined || row.type.kind === 'boolean' || word.includes('=')) ours.push(word);
    else ours.push(word, ...args.slice(++index, index + 1));
  }
  const words = ['npx', 'jest-distributed', ...command.split(' '), ...typed, ...ours];
  const text = commandText([...words, ...(others.length === 0 ? [] : ['--', ...others])], 'posix');
  return hideSecrets(text) === text ? text : null;
}

const rowOf = (written: string): OptionRow | undefined =>
  optionNames.map(optionRow).find(({ flag }) => flag === toKebab(written.slice(2)).replace(/^no-/, ''));

/**
 * @param args what stands behind the two dashes of a command of ours.
 * @param command such as `run`.
 * @param typed what stands before the dashes.
 * @throws DistributedError `FLAG_GIVEN_TO_JEST`.
 */
export function refuseFlagsBehindDashes(args: readonly string[], command: string, typed: readonly string[] = []): void {
  const flags = misplacedFlags(args);
  if (flags.length === 0) {
    const misspelled = misspelledFlag(args);
    if (misspelled === null) return;
    const { written, meant } = misspelled;
    throw new DistributedError({
      code: 'FLAG_GIVEN_TO_JEST',
      message: `${written} stands behind the two dashes, where Jest's own arguments go, and Jest has no such flag.`,
      remedy: `Did you mean ${meant}? It goes before the two dashes.`,
    });
  }
  const meant = meantCommand(args, command, typed);
  throw new DistributedError({
    code: 'FLAG_GIVEN_TO_JEST',
    message: `${describe(flags)} of jest-distributed, but ${flags.length === 1 ? 'stands' : 'stand'} behind the two dashes, where Jest's own arguments go.`,
    remedy: `Give ${flags.length === 1 ? 'it' : 'them'} before the two dashes${meant === null ? '.' : `: ${meant}`}`,
  });
}

function describe(flags: readonly string[]): string {
  return flags.length === 1 ? `${flags[0]} is a flag` : `${flags.join(' and ')} are flags`;
}
