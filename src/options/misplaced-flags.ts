/**
 * Flags of this package among the arguments of Jest, which knows none of them.
 *
 * Jest refuses `--nodes 4` as an unknown option, but takes `--nodes=4` and `--no-split-local` without a word: then every
 * node would run all files.
 */
import { DistributedError } from '../errors';
import { jestFlagNames, jestFlagOf } from '../shell/jest-flags';
import { commandText } from '../shell/quote';
import { findNearest, slipOf } from './did-you-mean';
import { hideSecrets } from './hide-secrets';
import { type OptionRow, optionNames, optionRow } from './table';

/** Of the command `run` itself. */
const RUN_FLAGS = ['local', 'queue', 'sequential'];

const ownFlags = new Set([...optionNames.map((name) => optionRow(name).flag), ...RUN_FLAGS]);

const toKebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `--nodes` of `--nodes=4`; null where a word is no long flag. */
const writtenFlag = (word: string): string | null => /^--[A-Za-z][A-Za-z-]*/.exec(word)?.[0] ?? null;

const isOurs = (written: string): boolean => {
  const name = toKebab(written.slice(2));
  return ownFlags.has(name) || ownFlags.has(name.replace(/^no-/, ''));
};

/** Arguments of Jest without what stands behind two dashes: path patterns. */
const flagsAmong = (args: readonly string[]): readonly string[] => {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end);
};

/**
 * @param args what Jest was given; what stands behind `--` are path patterns.
 * @returns the flags of ours as they were written, without their values (one may hold a password), each once.
 */
export function misplacedFlags(args: readonly string[]): string[] {
  const found = flagsAmong(args).flatMap((word) => {
    const written = writtenFlag(word);
    return written !== null && isOurs(written) ? [written] : [];
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
      ? 'Start Jest through this package, with them before "--"'
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
 * @returns ours, or null where it is none.
 */
function misspelledFlag(word: string): string | null {
  const written = writtenFlag(word);
  if (written === null || jestFlagOf(written) !== null || isOurs(written)) return null;
  const name = toKebab(written.slice(2));
  const bare = name.replace(/^no-/, '');
  const meant = findNearest(bare, [...ownFlags, ...jestFlagNames.map(toKebab)], slipOf(bare));
  return meant !== null && ownFlags.has(meant) ? `--${name.startsWith('no-') ? 'no-' : ''}${meant}` : null;
}

/** The command as it was meant; null where that would repeat what may be a password. */
function meantCommand(args: readonly string[], command: string, typed: readonly string[]): string | null {
  const ours: string[] = [];
  const others: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const given = args[index] as string;
    const written = writtenFlag(given);
    const meant = written === null ? null : isOurs(written) ? written : misspelledFlag(given);
    if (given === '--' || meant === null || written === null) {
      // What stands behind two more dashes is all Jest's.
      others.push(...(given === '--' ? args.slice(index) : [given]));
      if (given === '--') break;
      continue;
    }
    const row = rowOf(meant);
    ours.push(meant + given.slice(written.length));
    if (row !== undefined && row.type.kind !== 'boolean' && !given.includes('='))
      ours.push(...args.slice(++index, index + 1));
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
  const slips = flagsAmong(args).flatMap((word) => {
    const meant = misspelledFlag(word);
    return meant === null ? [] : [{ written: writtenFlag(word) as string, meant }];
  });
  const count = flags.length + slips.length;
  if (count === 0) return;
  const whole = meantCommand(args, command, typed);
  const facts = [
    ...(flags.length === 0
      ? []
      : [
          `${describe(flags)} of jest-distributed, but ${flags.length === 1 ? 'is' : 'are'} after "--", where Jest's own arguments go.`,
        ]),
    ...slips.map(
      ({ written }) => `${written} is after "--", where Jest's own arguments go, and Jest has no such flag.`,
    ),
  ];
  const asked = slips.map(({ meant }) => `Did you mean ${meant}? `).join('');
  throw new DistributedError({
    code: 'FLAG_GIVEN_TO_JEST',
    message: facts.join(' '),
    remedy: `${asked}Give ${count === 1 ? 'it' : 'them'} before "--"${whole === null ? '.' : `: ${whole}`}`,
  });
}

function describe(flags: readonly string[]): string {
  return flags.length === 1 ? `${flags[0]} is a flag` : `${flags.join(' and ')} are flags`;
}
