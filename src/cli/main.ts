/**
 * The bin: words → one command. Everything a command needs to know of the outside comes from here.
 */
import { DistributedError, isDistributedError } from '../errors';
import { findRunner } from '../files/package-manager';
import { packageVersion } from '../files/package-version';
import { findNearest, slipOf } from '../options/did-you-mean';
import { hideSecrets } from '../options/hide-secrets';
import { printable } from '../reports/terminal/text-width';
import { jestFlagOf } from '../shell/jest-flags';
import { commandText, shellOf } from '../shell/quote';
import { publishRunner } from '../shell/runner';
import type { Command } from './command-line/command';
import { asksFor, parseArguments } from './command-line/parse-arguments';
import { COMMANDS } from './commands';
import { help } from './help';

const firstWords = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] as string))];

/** Words of which a command's name is made and that begin like this one: `db` has three. */
const beginningWith = (word: string | undefined): Command[] =>
  COMMANDS.filter(({ name }) => name.startsWith(`${word} `));

/** What other programs call it. */
const OTHER_WORDS: Readonly<Record<string, string | undefined>> = {
  ...{ version: '--version', test: 'run', tests: 'run', jest: 'run', start: 'run', report: 'merge' },
};

const listWords = (words: readonly string[]): string => words.join(', ');

/** A run with these arguments of Jest, unless one may be a password. */
function runWith(args: readonly string[]): string {
  const text = commandText(['npx', 'jest-distributed', 'run', '--', ...args], shellOf(process.platform, process.env));
  return hideSecrets(text) === text ? `: ${text}` : '.';
}

/** @throws DistributedError `COMMAND_MISSING`, `COMMAND_UNKNOWN`. */
function findCommand(args: readonly string[]): Command {
  const [first, second] = args;
  const found =
    COMMANDS.find(({ name }) => name === `${first} ${second}`) ?? COMMANDS.find(({ name }) => name === first);
  if (found !== undefined) return found;
  const group = beginningWith(first);
  const seconds = group.map(({ name }) => name.slice(`${first} `.length));
  const remedy = 'See: npx jest-distributed help';
  if (group.length > 0 && (second === undefined || second.startsWith('-'))) {
    throw new DistributedError({
      code: 'COMMAND_MISSING',
      message: `jest-distributed ${first} needs a subcommand.`,
      remedy: `Use ${listWords(seconds.map((word) => `"${first} ${word}"`))}. ${remedy} ${first}`,
    });
  }
  if (first === undefined) {
    throw new DistributedError({
      code: 'COMMAND_MISSING',
      message: 'No command is given.',
      remedy: `Commands: ${listWords(firstWords)}. ${remedy}`,
    });
  }
  const written = group.length > 0 ? (second as string) : first;
  const isFirst = group.length === 0;
  const nearest =
    (isFirst ? OTHER_WORDS[written] : undefined) ??
    findNearest(written, isFirst ? [...firstWords, 'help'] : seconds, slipOf(written));
  const known = group.length > 0 ? seconds : firstWords;
  const prefix = group.length > 0 ? `${first} ` : '';
  if (written.startsWith('-')) {
    const isJest = jestFlagOf(written) !== null;
    throw new DistributedError({
      code: 'COMMAND_MISSING',
      message: `A command must come before ${hideSecrets(written)}.`,
      remedy: isJest
        ? `It is a flag of Jest. Arguments of Jest go after "--"${runWith(args)}`
        : `Commands: ${listWords(firstWords)}. ${remedy}`,
    });
  }
  throw new DistributedError({
    code: 'COMMAND_UNKNOWN',
    message: `There is no command "${hideSecrets(prefix + written)}".`,
    remedy: `${nearest === null ? '' : `Did you mean "${prefix}${nearest}"? `}Commands: ${listWords(known.map((word) => prefix + word))}. ${remedy}`,
  });
}

async function execute(args: readonly string[]): Promise<number | undefined> {
  const [first = '', second = ''] = args;
  if (first === 'help') return help(args.slice(1));
  if (asksFor(args, '--version', '-v')) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  if (asksFor(args, '--help', '-h')) {
    const names = [first, second].filter((word) => word !== '' && !word.startsWith('-'));
    const isTwo = names.length === 2 && COMMANDS.some(({ name }) => name === names.join(' '));
    return help(names.length === 0 ? [] : isTwo ? [names.join(' ')] : names.slice(0, 1));
  }
  const command = findCommand(args);
  return command.execute(parseArguments(args.slice(command.name.split(' ').length), command));
}

/**
 * Runs the command line.
 *
 * @returns the exit code, or undefined where Jest runs in this process and sets it itself.
 */
export async function main(args: readonly string[]): Promise<number | undefined> {
  publishRunner(findRunner(process.cwd()));
  try {
    return await execute(args);
  } catch (error) {
    if (!isDistributedError(error)) throw error;
    // Line by line: a message may hold a name out of a blob.
    process.stderr.write(`${(error.stack ?? error.message).split('\n').map(printable).join('\n')}\n`);
    return 1;
  }
}
