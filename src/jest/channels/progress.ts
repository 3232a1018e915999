/**
 * How a node of `run --local` tells its parent what it is doing: JSON lines on a pipe of their own.
 *
 * Not Node's IPC channel: a channel on the process that runs Jest would change `process.send` for the code under test
 * that runs in band.
 */
import { writeSync } from 'node:fs';
import type { NodeEvent } from '../../reports/live/events';
import { INTERNAL_PREFIX } from './environment';

export const PROGRESS_FD_VARIABLE = `${INTERNAL_PREFIX}PROGRESS_FD`;
/** A pipe on which nothing comes: its end is the end of the parent. */
export const PARENT_FD_VARIABLE = `${INTERNAL_PREFIX}PARENT_FD`;

export type ProgressEvent =
  | NodeEvent
  /** Jest is through with everything, its globalTeardown too. */
  | { readonly kind: 'jest-end' }
  /** The process would not end by itself after that: something that a test opened keeps it. */
  | { readonly kind: 'left-open' };

type Variables = Readonly<Record<string, string | undefined>>;

function descriptorOf(variables: Variables, name: string): number | null {
  const fd = Number(variables[name] ?? Number.NaN);
  return Number.isInteger(fd) ? fd : null;
}

/** Descriptor of the pipe that ends with the parent; null where this is no node of `run --local`. */
export const parentDescriptor = (variables: Variables): number | null => descriptorOf(variables, PARENT_FD_VARIABLE);

/** Whether this process is a node of `run --local`. */
export const isLocalNode = (variables: Variables): boolean => descriptorOf(variables, PROGRESS_FD_VARIABLE) !== null;

/** Sends events where a parent listens, and does nothing anywhere else. */
export function openProgress(variables: Variables): (event: ProgressEvent) => void {
  const fd = descriptorOf(variables, PROGRESS_FD_VARIABLE);
  if (fd === null) return () => undefined;
  return (event) => {
    try {
      writeSync(fd, `${JSON.stringify(event)}\n`);
    } catch {
      // The parent is gone; this node's own result still counts.
    }
  };
}

/** Splits chunks of a stream into events; a half line waits for its rest. */
export function progressParser(onEvent: (event: ProgressEvent) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onEvent(JSON.parse(line) as ProgressEvent);
  };
}
