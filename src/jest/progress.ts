/**
 * How a node of `run --local` tells its parent what it is doing: JSON lines on a pipe of their own.
 *
 * Not Node's IPC channel: a channel on the process that runs Jest would change `process.send` for the code under test
 * that runs in band.
 */
import { writeSync } from 'node:fs';
import { INTERNAL_PREFIX } from './environment';

export const PROGRESS_FD_VARIABLE = `${INTERNAL_PREFIX}PROGRESS_FD`;

export type ProgressEvent =
  /** Null where nobody knows how many it will be: nodes of a queue. */
  | { readonly kind: 'start'; readonly files: number | null }
  | { readonly kind: 'file-start'; readonly file: string }
  | {
      readonly kind: 'file-end';
      readonly file: string;
      readonly passed: number;
      readonly failed: number;
      readonly skipped: number;
      /** The file failed as a whole or one of its tests did. */
      readonly ok: boolean;
    };

/** Sends events where a parent listens, and does nothing anywhere else. */
export function openProgress(
  environment: Readonly<Record<string, string | undefined>>,
): (event: ProgressEvent) => void {
  const fd = Number(environment[PROGRESS_FD_VARIABLE] ?? Number.NaN);
  if (!Number.isInteger(fd)) return () => undefined;
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
