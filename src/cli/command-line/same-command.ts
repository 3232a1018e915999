/** The command that was typed, with something more in it: what a remedy says to type. */
import { hideSecrets } from '../../options/hide-secrets';
import { commandText, shellOf } from '../../shell/quote';
import type { Arguments } from './command';

/** A command within a sentence, for the shell of this machine. */
export const inText = (words: readonly string[]): string => commandText(words, shellOf(process.platform, process.env));

/** @returns the command, without what was typed where that may hold a password. */
export function sameCommand({ _: name, typed, '--': behind }: Arguments, more: readonly string[]): string {
  const start = ['npx', 'jest-distributed', ...name];
  const whole = inText([...start, ...typed, ...more, ...(behind === undefined ? [] : ['--', ...behind])]);
  return hideSecrets(whole) === whole ? whole : inText([...start, ...more]);
}

/** Plain Jest with the arguments that stood behind the dashes. */
export const plainJest = (args: readonly string[]): string => inText(['npx', 'jest', ...args]);
