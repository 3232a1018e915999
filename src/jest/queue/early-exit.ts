/**
 * A node that leaves with files of its run open is never green: a test in band may end the process with code 0, and so
 * does an event loop that has nothing left to wait for.
 */

import { writeSync } from 'node:fs';
import { stderrTerminal } from '../../files/standard-terminals';
import { noticeLines } from '../../reports/node/share-lines';
import { endedEarlyNotice } from './queue-errors';
import type { ActiveRun } from './queue-run';

const STDERR = 2;

/** Turns an exit code of 0 into 1, with a line that says so, until the returned function is called. */
export function refuseEarlyExit(active: ActiveRun): () => void {
  const refuse = (code: number): void => {
    if (code !== 0) return;
    process.exitCode = 1;
    const running = [...active.running.values()].map(({ item }) => item.key);
    const notice = endedEarlyNotice(active.joined.session, running);
    const lines = noticeLines(notice, stderrTerminal());
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
