/** The progress of `run --local` where lines stay (CI logs, pipes): one line for each thing that happened. */
import { cutEnd } from './cells';
import { countOf, formatCount, formatDuration } from './durations';
import { paintOf } from './progress-lines';
import { colorsOf, signsOf, type Terminal } from './terminal';

export type ProgressEvent =
  | { readonly kind: 'started'; readonly node: number; readonly nodes: number; readonly files: number | null }
  | {
      readonly kind: 'advanced';
      readonly node: number;
      readonly filesDone: number;
      readonly filesTotal: number;
      readonly testsFailed: number;
      readonly elapsedMs: number;
    }
  | {
      readonly kind: 'finished';
      readonly node: number;
      readonly state: 'passed' | 'failed' | 'killed';
      readonly filesDone: number;
      readonly filesTotal: number | null;
      readonly testsFailed: number;
      readonly elapsedMs: number;
      /** Null where a signal ended the node. */
      readonly exitCode: number | null;
      readonly signal: string | null;
    };

/** Exactly one line. */
export function progressEventLine(event: ProgressEvent, terminal: Terminal): string {
  const text = cutEnd(`node ${event.node}: ${eventText(event)}`, terminal.columns, signsOf(terminal).ellipsis);
  return event.kind === 'finished' ? paintOf(event.state, colorsOf(terminal))(text) : text;
}

function eventText(event: ProgressEvent): string {
  switch (event.kind) {
    case 'started':
      return event.files === null ? 'started' : `started with ${countOf(event.files, 'file')}`;
    case 'advanced':
      return `${formatCount(event.filesDone)} of ${countOf(event.filesTotal, 'file')}${failedText(event.testsFailed)}, ${formatDuration(event.elapsedMs)}`;
    case 'finished': {
      const files =
        event.filesTotal === null
          ? countOf(event.filesDone, 'file')
          : `${formatCount(event.filesDone)} of ${countOf(event.filesTotal, 'file')}`;
      return `${event.state}${exitText(event)}: ${files}${failedText(event.testsFailed)}, ${formatDuration(event.elapsedMs)}`;
    }
  }
}

function failedText(testsFailed: number): string {
  return testsFailed > 0 ? `, ${countOf(testsFailed, 'test')} failed` : '';
}

function exitText({ exitCode, signal }: { readonly exitCode: number | null; readonly signal: string | null }): string {
  if (signal !== null) return ` by ${signal}`;
  return exitCode === null || exitCode === 0 ? '' : ` with exit code ${exitCode}`;
}

/**
 * Whether a node that has just finished a file should say so: about every tenth of its files, so that a log gets ten
 * lines a node whatever its size. Not at the last file, which the end of the node reports.
 */
export function isProgressDue(filesDone: number, filesTotal: number): boolean {
  if (filesDone <= 0 || filesDone >= filesTotal) return false;
  const step = (done: number) => Math.floor((done * 10) / filesTotal);
  return filesTotal > 10 ? step(filesDone) > step(filesDone - 1) : filesDone % 5 === 0;
}
