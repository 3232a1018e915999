/** What a probe runs, from `grind` and `bisect` to the process that does it. */
import { channel } from '../channels/channel';

/** The descriptor that results go to, a line for each file. */
export const PROBE_FD = 3;

export interface ProbeOrder {
  /** Absolute paths in the order in which they are started. */
  readonly files: readonly string[];
  /** Processes that keep a processor busy while they run. */
  readonly load: number;
}

/** One line of results. */
export type ProbeLine =
  | {
      readonly kind: 'file';
      /** Absolute. */
      readonly path: string;
      /** Its name, as in a blob. */
      readonly project: string | null;
      /** What kept the file from running; null where nothing did. */
      readonly error: string | null;
      /** Milliseconds since 1970; 0 where it did not run. */
      readonly startMs: number;
      readonly endMs: number;
      readonly tests: readonly ProbeTestLine[];
    }
  /** Jest is at its end; its error where it had one. */
  | { readonly kind: 'end'; readonly error: string | null };

export interface ProbeTestLine {
  readonly name: string;
  readonly hasFailed: boolean;
  /** It did not run. */
  readonly isSkipped: boolean;
  readonly durationMs: number | null;
  readonly error: string | null;
}

const current = channel<ProbeOrder | undefined>('probe', () => undefined);

export const publishProbe = current.publish;

export const readProbe = current.read;
