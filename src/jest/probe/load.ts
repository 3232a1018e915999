/**
 * Processes that keep processors busy while the files of a probe run.
 *
 * Children of the Jest that they slow down: many systems share processors between sessions first, and a load in another
 * session would take no more than one process does.
 */
import { type ChildProcess, spawn } from 'node:child_process';

// Ends with its parent, however that ends, and after ten minutes in any case.
const BUSY = `
const parent = process.ppid;
const end = Date.now() + 600_000;
while (process.ppid === parent && Date.now() < end) for (let n = 0; n < 5e6; n++);
`;

/** They end with this process. */
export function startLoad(processes: number): void {
  const children = Array.from(
    { length: processes },
    (): ChildProcess => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }),
  );
  for (const child of children) child.on('error', () => undefined);
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
}
