/** The thread that `local-parent.ts` starts: it waits for the end of a pipe whose other end is the parent's. */
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

/** What the process and its workers get to end by themselves. */
const GRACE_MS = 1_500;

function end(signal: NodeJS.Signals): void {
  try {
    // The node leads a process group, so this reaches its workers too.
    process.kill(process.platform === 'win32' ? process.pid : -process.pid, signal);
  } catch {
    // It leads none: then this process alone.
    process.kill(process.pid, signal);
  }
}

let isOver = false;

function parentGone(): void {
  if (isOver) return;
  isOver = true;
  end('SIGTERM');
  setTimeout(() => end('SIGKILL'), GRACE_MS);
}

const pipe = new Socket({ fd: workerData as number, readable: true, writable: false });
pipe.on('error', parentGone).on('close', parentGone).resume();
