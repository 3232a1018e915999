/** What a CI can show of a problem beside its log: annotations, sections. One file for each CI, with its escaping. */
import type { Provider } from '../../node/providers/provider';

/** Where in the repository. */
export interface CiPlace {
  /** From the root of the repository, POSIX. */
  readonly path: string;
  /** 1-based; null where it is not known. */
  readonly line: number | null;
}

/** Texts are those of tests and files, as they are: each CI's file makes them inert. */
export interface CiProblem {
  readonly severity: 'error' | 'warning';
  /** One line that stands alone. */
  readonly title: string;
  /** Further lines, without colours. */
  readonly lines: readonly string[];
  /** In one line, for the shell of this machine; null where nothing is run again. */
  readonly command: string | null;
  readonly place: CiPlace | null;
  /** What the problem is of, equal when it is reported again: `node-2`, `merge`. */
  readonly topic: string;
}

/** A program of the CI, which may be missing. */
export interface CiProgram {
  readonly words: readonly string[];
  /** For its standard input. */
  readonly input: string;
}

export interface CiLog {
  readonly provider: Provider;
  /** The stream on which this CI reads commands. */
  readonly stream: 'stdout' | 'stderr';
  /** Lines of the log, set off from what stands around them. */
  readonly frame?: (lines: readonly string[], title: string, atMs: number) => readonly string[];
  /** One line of the log for each problem; the CI shows it elsewhere too. */
  readonly annotate?: (problem: CiProblem) => string;
  /** Shows problems outside of the log. */
  readonly program?: (problems: readonly CiProblem[]) => CiProgram;
}
