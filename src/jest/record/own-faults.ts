/**
 * Errors of ours during Jest's run: they are printed and make the process fail, and Jest goes on and reports as ever.
 */
import { channel } from '../channels/channel';
import { printLines } from '../planning/print-share';

let isRed = false;

/** The process ends with an exit code, whatever Jest makes of its tests, and however it is ended. */
export function failAtExit(): void {
  if (isRed) return;
  isRed = true;
  const redden = () => {
    if (process.exitCode === undefined || Number(process.exitCode) === 0) process.exitCode = 1;
  };
  // The last listeners of all may be the ones that fail.
  redden();
  // Jest sets the code of a green run too, where forceExit is set.
  process.once('exit', redden);
}

const problems = channel<string[]>('own-problems', () => []);

/** Why this node ends red although Jest is content, a clause each. */
export const readOwnProblems = problems.read;

/** Makes this process end red, for these reasons. */
export function endRedFor(clauses: readonly string[]): void {
  if (clauses.length === 0) return;
  problems.read().push(...clauses);
  failAtExit();
}

/** @param what was not done, as the beginning of a sentence: `the reporter could not begin`. */
function reportFault(what: string, error: unknown): void {
  const text = error instanceof Error ? error.message.replace(/^jest-distributed: /, '') : String(error);
  printLines([
    `jest-distributed: ${what}: ${text}`,
    '  The results of this node are incomplete, so it ends with exit code 1.',
  ]);
  failAtExit();
}

/** Does one thing of ours; what it meets is nobody else's concern. */
export async function guarded(what: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    reportFault(what, error);
  }
}
