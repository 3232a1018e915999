/**
 * The bin: flags → one command. Everything a command needs to know of the outside comes from here.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import yargs from 'yargs';
import { isDistributedError } from '../errors';
import { hideSecrets } from '../options/hide-secrets';
import { printable } from '../reports/cells';
import { cancelCommand } from './commands/cancel';
import { dbCommand } from './commands/db';
import { explainCommand } from './commands/explain';
import { flakyCommand } from './commands/flaky';
import { historyCommand } from './commands/history';
import { mergeCommand } from './commands/merge';
import { planCommand } from './commands/plan';
import { runCommand } from './commands/run';
import { slowCommand } from './commands/slow';
import { timingsCommand } from './commands/timings';
import { verifyCommand } from './commands/verify';

const COMMANDS = [
  ...[runCommand, planCommand, explainCommand, mergeCommand, verifyCommand, timingsCommand],
  ...[dbCommand, historyCommand, flakyCommand, slowCommand, cancelCommand],
];

function version(): string {
  const file = path.join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/**
 * Runs the command line.
 *
 * @returns the exit code, or undefined where Jest runs in this process and sets it itself.
 */
export async function main(args: readonly string[]): Promise<number | undefined> {
  let exitCode: number | undefined = 0;
  const parser = yargs([...args])
    .scriptName('jest-distributed')
    .usage('$0 <command> [options] [-- jest arguments]\n\nRuns one Jest suite over many machines.')
    // What follows `--` is Jest's, untouched.
    .parserConfiguration({ 'populate--': true })
    .demandCommand(1, 'A command is missing.')
    .strict()
    .recommendCommands()
    .version(version())
    .alias('version', 'v')
    .help()
    .alias('help', 'h')
    .wrap(Math.min(80, process.stdout.columns ?? 80))
    .exitProcess(false)
    .fail((message, error) => {
      // yargs makes an error of its own where a flag lacks its value.
      if (error && error.name !== 'YError') throw error;
      throw new UsageError(message ?? error?.message ?? 'The command line cannot be read.');
    });
  for (const command of COMMANDS) {
    parser.command({
      command: command.command,
      describe: command.describe,
      builder: command.build,
      handler: async (argv) => {
        exitCode = await command.execute(argv);
      },
    });
  }
  try {
    await parser.parseAsync();
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(
        `jest-distributed: ${hideSecrets(error.message)}${jestArgumentHint(error.message, args[0])}\n`,
      );
      return 1;
    }
    if (isDistributedError(error)) {
      // Line by line: a message may hold a name out of a blob.
      process.stderr.write(`${error.message.split('\n').map(printable).join('\n')}\n`);
      return 1;
    }
    throw error;
  }
  return exitCode;
}

class UsageError extends Error {}

const WITH_JEST_ARGUMENTS = new Set(['run', 'plan', 'explain', 'merge']);

function jestArgumentHint(message: string, command = ''): string {
  const verbs = COMMANDS.map((one) => one.command.split(' ')[0] as string);
  if (!verbs.includes(command)) return `\n  Commands: ${verbs.join(', ')}. See: jest-distributed --help`;
  const isAboutJest = message.startsWith('Unknown argument') && WITH_JEST_ARGUMENTS.has(command);
  if (!isAboutJest) return `\n  See: jest-distributed ${command} --help`.replace(/ {2,}--/, ' --');
  return `\n  Jest's own arguments go behind two dashes: jest-distributed ${command} -- --coverage src`;
}
