/**
 * How a node of `run --local` reports to its parent what it is doing: JSON lines on a pipe of their own.
 *
 * Not Node's IPC channel: a channel on the process that runs Jest would change `process.send` for the code under test
 * that runs in band.
 */
import { writeSync } from 'node:fs';
import type { NodeEvent } from '../../reports/live/events';
import { readVariable } from './environment';

export type ProgressEvent =
  | NodeEvent
  /** Jest is through with everything, its globalTeardown too. */
  | { readonly kind: 'jest-end' }
  /** The process would not end by itself after that: something that a test opened keeps it. */
  | { readonly kind: 'left-open' };

function descriptor(name: 'PROGRESS_FD' | 'PARENT_FD'): number | null {
  const fd = Number(readVariable(name) ?? Number.NaN);
  return Number.isInteger(fd) ? fd : null;
}

/** Descriptor of the pipe on which nothing comes and that ends with the parent; null where this is no node of `run --local`. */
export const parentDescriptor = (): number | null => descriptor('PARENT_FD');

/** Whether this process is a node of `run --local`. */
export const isLocalNode = (): boolean => descriptor('PROGRESS_FD') !== null;

/** Sends events where a parent listens, and does nothing anywhere else. */
export function openProgress(): (event: ProgressEvent) => void {
  const fd = descriptor('PROGRESS_FD');
  if (fd === null) return () => undefined;
  return (event) => {
    try {
      writeSync(fd, `${JSON.stringify(event)}\n`);
    } catch {
      // The parent is gone; this node's own result still counts.
    }
  };
}
