/**
 * A node that leaves with files of its run open is never green: a test in band may end the process with code 0, and so
 * does an event loop that has nothing left to wait for.
 */

import { writeSync } from 'node:fs';
import { stderrTerminal } from '../../files/standard-terminals';
import { noticeLines } from '../../reports/node/share-lines';

const STDERR = 2;

/** A run that is not over yet. */
export interface OpenRun {
  /** As the subject of a sentence: `the process of node ann`. */
  readonly who: string;
  /** What was still to come, as a clause: `run r7 was finished`. */
  readonly before: string;
  /** What runs now, as people read it. */
  running(): readonly string[];
  /** Whether nothing is open any more, although nobody has released this. */
  isOver?(): boolean;
}

/** For the log of a node whose process ended in the middle of its run. */
export function earlyExitNotice({ who, before }: Pick<OpenRun, 'who' | 'before'>, running: readonly string[]): string {
  const during = running.length > 0 ? ` while it ran ${running.join(', ')}` : '';
  return `${who} ended with exit code 0${during}, before ${before}; the exit code is now 1. Look for process.exit() in tests and in the code they run.`;
}

/** Turns an exit code of 0 into 1, with a line that says so, until the returned function is called. */
export function refuseEarlyExit(run: OpenRun): () => void {
  const refuse = (code: number): void => {
    if (code !== 0 || run.isOver?.()) return;
    process.exitCode = 1;
    const lines = noticeLines(earlyExitNotice(run, run.running()), stderrTerminal());
    try {
      // Jest's reporters hold back what is written to the stream; nobody would write it any more.
      writeSync(STDERR, `${lines.join('\n')}\n`);
    } catch {
      // Nobody reads it: the exit code is what counts.
    }
  };
  process.on('exit', refuse);
  return () => void process.off('exit', refuse);
}
