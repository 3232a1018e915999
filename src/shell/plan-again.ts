/** The command that writes the plan of a run for all its nodes. */
import { repeatableWords } from './jest-flags';
import { commandText, inOneLine, shellOf } from './quote';

/**
 * For the shell of this machine, to stand in a sentence.
 *
 * @param jestArgs what Jest was given: a plan of other files would not be that of this run.
 */
export function planAgain(nodes: number, jestArgs: readonly string[]): string {
  const words = repeatableWords(jestArgs).map(inOneLine);
  return commandText(
    [
      ...['npx', 'jest-distributed', 'plan', '--nodes', String(nodes), '--out', 'plan.json'],
      ...(words.length === 0 ? [] : ['--', ...words]),
    ],
    shellOf(process.platform, process.env),
  );
}
