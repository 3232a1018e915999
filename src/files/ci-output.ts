/** Problems → the CI that this process is a job of. */
import { spawn } from 'node:child_process';
import type { CiLog, CiProblem, CiProgram } from '../reports/ci-log/ci-log';

/** CIs show the first ten of a step, and nobody reads more. */
const MOST_SHOWN = 10;

export interface CiStreams {
  readonly writeStderr: (text: string) => unknown;
  /** Standard output is free for lines of ours. */
  readonly hasStdout: boolean;
}

/** Where the program is not there, or the CI does not take it, the log has the same. */
function startProgram({ words: [name, ...args], input }: CiProgram): void {
  if (name === undefined) return;
  const child = spawn(name, args, { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  child.unref();
}

export function printForCi(log: CiLog, problems: readonly CiProblem[], { writeStderr, hasStdout }: CiStreams): void {
  const shown = problems.slice(0, MOST_SHOWN);
  if (shown.length === 0) return;
  if (log.program !== undefined) startProgram(log.program(shown));
  const { annotate } = log;
  if (annotate === undefined) return;
  const text = shown.map((problem) => `${annotate(problem)}\n`).join('');
  if (log.stream === 'stderr') writeStderr(text);
  else if (hasStdout) process.stdout.write(text);
}
