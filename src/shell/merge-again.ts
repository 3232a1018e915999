/** The command that merges the nodes of one Jest call. */
import { projectWords, settingWords } from './jest-flags';
import { commandText, inOneLine, shellOf } from './quote';

/** Of the nodes' arguments those that a merge must be given too. Only settings are taken from a blob, to be printed. */
export const mergeArguments = (jestArgs: readonly string[]): string[] =>
  [...settingWords(jestArgs), ...projectWords(jestArgs)].map(inOneLine);

/**
 * For the shell of this machine.
 *
 * @param jestArgs what Jest was given on the nodes.
 */
export function mergeAgain(label: string | null, jestArgs: readonly string[]): string {
  const args = mergeArguments(jestArgs);
  return commandText(
    [
      ...['npx', 'jest-distributed', 'merge'],
      ...(label === null ? [] : ['--label', inOneLine(label)]),
      ...(args.length === 0 ? [] : ['--', ...args]),
    ],
    shellOf(process.platform, process.env),
  );
}
