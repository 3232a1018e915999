/** The runs of a file joined: a file that is split over nodes takes what all its parts take. */
import { fileKey } from '../../plan/item';
import type { ReportFile, RunReport } from './run-report';

export interface WholeFile {
  /** Index of its first run in `files` of the report. */
  readonly first: number;
  /** Of all its runs together. */
  readonly durationMs: number;
  /** Nodes (1-based) that ran it or a part of it, in order. */
  readonly nodes: readonly number[];
}

/** Each file once, in the order of first runs. */
export function joinRuns(files: readonly Pick<ReportFile, 'project' | 'path' | 'node' | 'durationMs'>[]): WholeFile[] {
  const joined = new Map<string, { first: number; durationMs: number; nodes: Set<number> }>();
  for (const [index, file] of files.entries()) {
    const key = fileKey(file);
    const known = joined.get(key);
    if (known === undefined)
      joined.set(key, { first: index, durationMs: file.durationMs, nodes: new Set([file.node]) });
    else {
      known.durationMs += file.durationMs;
      known.nodes.add(file.node);
    }
  }
  return [...joined.values()].map(({ nodes, ...file }) => ({ ...file, nodes: [...nodes].sort((a, b) => a - b) }));
}

/** The slowest files, each once. */
export function slowestWholeFiles({ slowest, files }: RunReport, count: number): WholeFile[] {
  const byFirst = new Map(joinRuns(files).map((file) => [file.first, file]));
  return slowest.files.slice(0, count).flatMap((index) => byFirst.get(index) ?? []);
}
