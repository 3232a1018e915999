/**
 * Which run is meant. Only outside a CI may that be the newest one: a folder that was kept, or a wrong artifact, must
 * not pass for today's run.
 */

import type { BlobSummary } from '../blob/blob-summary';
import { SET_RUN_ID } from '../node/run';
import { countOf, type Finding, listNames } from './finding';

export interface RunExpectation {
  /** The run that is meant, where somebody or the CI says it. */
  readonly runId?: string;
  /** What says `runId`, for messages. */
  readonly runSource?: string;
  /** By what a CI was recognised that does not say which run it is in. */
  readonly unknownIn?: string | null;
}

export interface RunChoice {
  readonly blobs: readonly BlobSummary[];
  readonly findings: readonly Finding[];
}

const runOf = ({ metadata }: BlobSummary): string => metadata.run.id;

function newestRun(blobs: readonly BlobSummary[]): string | undefined {
  const newest = blobs.reduce<BlobSummary | undefined>(
    (best, blob) => (best === undefined || blob.metadata.startMs > best.metadata.startMs ? blob : best),
    undefined,
  );
  return newest && runOf(newest);
}

function staleRun(id: string, blobs: readonly BlobSummary[], merged: string): Finding {
  return {
    code: 'stale-blob',
    severity: 'warning',
    message: `${countOf(blobs.length, 'blob')} of another run (${id}) ignored: ${listNames(blobs.map(({ path }) => path))}. Run ${merged} is merged.`,
    remedy: 'Empty the folder before the artifacts are fetched, or name the run with --run-id.',
    nodes: blobs.map(({ metadata }) => metadata.node.number),
    items: blobs.map(({ path }) => path),
  };
}

function unknownRun(where: string, paths: readonly string[]): Finding {
  return {
    code: 'run-unknown',
    severity: 'error',
    message: `This is a CI job (${where}) without a run id, so it could merge blobs of an earlier run.`,
    remedy: SET_RUN_ID,
    nodes: [],
    items: paths,
  };
}

/** Takes the blobs of one run, and names those of others. */
export function chooseRun(blobs: readonly BlobSummary[], expectation: RunExpectation): RunChoice {
  const { runId, runSource, unknownIn = null } = expectation;
  const chosen = runId ?? newestRun(blobs);
  if (chosen === undefined) return { blobs: [], findings: [] };
  const own = blobs.filter((blob) => runOf(blob) === chosen);
  const others = blobs.filter((blob) => runOf(blob) !== chosen);
  const merged = `${chosen}${runId === undefined ? ', the newest' : runSource === undefined ? '' : ` (from ${runSource})`}`;
  const findings = [...new Set(others.map(runOf))].map((id) =>
    staleRun(
      id,
      others.filter((blob) => runOf(blob) === id),
      merged,
    ),
  );
  const nameless = own.filter(({ metadata }) => metadata.run.unknownIn !== null);
  if (runId === undefined && unknownIn !== null) findings.push(unknownRun(unknownIn, []));
  else if (nameless.length > 0) {
    const [{ metadata }] = nameless as [BlobSummary, ...BlobSummary[]];
    findings.push(unknownRunOfNodes(metadata.run.unknownIn as string, nameless));
  }
  return { blobs: own, findings };
}

function unknownRunOfNodes(where: string, blobs: readonly BlobSummary[]): Finding {
  return {
    ...unknownRun(
      where,
      blobs.map(({ path }) => path),
    ),
    message: `Nodes ran in a CI (${where}) without a run id, so blobs of different runs cannot be distinguished.`,
    nodes: blobs.map(({ metadata }) => metadata.node.number),
  };
}
