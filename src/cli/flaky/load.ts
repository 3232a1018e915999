/** Processes that keep processors busy while a probe runs. */
import { type ChildProcess, spawn } from 'node:child_process';

// Ends with its parent, however that ends, and after ten minutes in any case.
const BUSY = `
const parent = process.ppid;
const end = Date.now() + 600_000;
while (process.ppid === parent && Date.now() < end) for (let n = 0; n < 5e6; n++);
`;

/** @returns ends them. */
export function startLoad(processes: number): () => void {
  const children = Array.from(
    { length: processes },
    (): ChildProcess => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }),
  );
  for (const child of children) child.on('error', () => undefined);
  return () => {
    for (const child of children) child.kill('SIGKILL');
  };
}
