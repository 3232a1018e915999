/** The nodes of a run as the report shows them. */
import type { BlobMetadata, EndRecord, ExitRecord } from '../../blob/blob';
import { repeatNode } from '../../proof/rerun-node';
import { plannedMsOf } from '../plan/node-time';
import { countFiles } from '../plan/plan-table';
import type { NodeState, ReportNode, TestTotals } from './run-report';

/** One start of a node: a re-run is another one, and so is a process that followed one that died. */
export interface StartFacts {
  readonly metadata: BlobMetadata;
  /** Null where the blob was cut short, and while it is not known. */
  readonly end: EndRecord | null;
  readonly exit: ExitRecord | null;
  /** End of its last file, or its start. */
  readonly lastMs: number;
  /** Only what the queue's database had kept of it: how it ended is not known. */
  readonly isRecovered: boolean;
  /** A later attempt is there, so how this one ended decides nothing. */
  readonly isReplaced: boolean;
}

/** What is known of one node once its blobs were read. */
export interface NodeFacts {
  /** In the order of time; at least one. */
  readonly starts: readonly StartFacts[];
  readonly counts: TestTotals;
  readonly files: number;
  readonly failedFiles: number;
}

export function startEndMs({ metadata, end, lastMs }: StartFacts): number {
  return end === null ? Math.max(lastMs, metadata.startMs) : metadata.startMs + end.wallMs;
}

/** The start that says how the node is: the last whose blob is there. */
function lastStart({ starts }: NodeFacts): StartFacts {
  return (starts.findLast(({ isRecovered }) => !isRecovered) ?? starts.at(-1)) as StartFacts;
}

function stateOf({ metadata, end, exit, isRecovered }: StartFacts): NodeState {
  if (metadata.disabled !== null) return 'disabled';
  if (isRecovered) return 'recovered';
  return end === null || exit === null ? 'incomplete' : end.state;
}

/** @param clock time of the run, see `createRunClock`. */
export function reportNode(facts: NodeFacts, clock: (atMs: number) => number): ReportNode {
  const last = lastStart(facts);
  const { metadata } = last;
  const { number } = metadata.node;
  // The plan of a queue's node says where files are at home, and not what it was to run.
  const planned = metadata.queue ? undefined : metadata.plan?.nodes.find(({ node }) => node === number);
  const firstMs = Math.min(...facts.starts.map((start) => start.metadata.startMs));
  const deciding = facts.starts.filter(({ isReplaced }) => !isReplaced);
  return {
    number,
    name: metadata.queue?.host ?? metadata.queue?.node ?? null,
    state: stateOf(last),
    attempt: metadata.run.attempt,
    host: metadata.host,
    platform: metadata.platform,
    startOffsetMs: clock(firstMs),
    plannedMs: planned && metadata.plan ? plannedMsOf(metadata.plan, planned) : null,
    plannedFiles: planned ? countFiles(planned.items) : null,
    realMs: facts.starts.reduce((sum, start) => sum + startEndMs(start) - start.metadata.startMs, 0),
    ...facts.counts,
    files: facts.files,
    failedFiles: facts.failedFiles,
    errors: deciding.flatMap(({ end, exit }) => [
      ...(end?.errors.map(({ stack, message }) => stack || message) ?? []),
      ...(exit?.reasons ?? []),
    ]),
    repeat: repeatNode(metadata, number),
  };
}

/** @param like metadata of another node of the run, where there is one. */
export function missingNode(number: number, like: BlobMetadata | undefined): ReportNode {
  return {
    number,
    name: null,
    state: 'missing',
    attempt: null,
    host: null,
    platform: null,
    startOffsetMs: null,
    plannedMs: null,
    plannedFiles: null,
    realMs: null,
    ...{ tests: 0, passed: 0, failed: 0, skipped: 0, todo: 0, flaky: 0, files: 0, failedFiles: 0 },
    errors: [],
    repeat: like === undefined ? null : repeatNode(like, number),
  };
}
