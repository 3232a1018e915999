/** The nodes of a run as the report shows them. */

import type { BlobMetadata, EndRecord, ExitRecord } from '../../results/blob';
import { repeatShare } from '../../shell/repeat-share';
import { PLAIN_REPEAT } from '../../shell/repeat-tests';
import { plannedMsOf } from '../node-time';
import type { NodeState, ReportNode, TestTotals } from './run-report';

/** What is known of one node once its blob was read. */
export interface NodeFacts {
  readonly metadata: BlobMetadata;
  /** Null where the blob was cut short; undefined while nothing was said. */
  readonly end: EndRecord | null;
  readonly exit: ExitRecord | null;
  readonly counts: TestTotals;
  readonly files: number;
  readonly failedFiles: number;
  /** End of its last file, or its start. */
  readonly lastMs: number;
}

export function nodeEndMs({ metadata, end, lastMs }: NodeFacts): number {
  return end === null ? Math.max(lastMs, metadata.startMs) : metadata.startMs + end.wallMs;
}

function stateOf({ metadata, end, exit }: NodeFacts): NodeState {
  if (metadata.disabled !== null) return 'disabled';
  return end === null || exit === null ? 'incomplete' : end.state;
}

function seatName({ queue, run }: BlobMetadata): string | null {
  if (!queue) return null;
  return run.attempt > 1 ? `${queue.node}, attempt ${run.attempt}` : queue.node;
}

export function reportNode(facts: NodeFacts, runStartMs: number): ReportNode {
  const { metadata, end, exit, counts } = facts;
  const { number } = metadata.node;
  // The plan of a queue's node says where files are at home, and not what it was to run.
  const planned = metadata.queue ? undefined : metadata.plan?.nodes.find(({ node }) => node === number);
  return {
    number,
    name: seatName(metadata),
    state: stateOf(facts),
    attempt: metadata.run.attempt,
    host: metadata.host,
    platform: metadata.platform,
    startOffsetMs: metadata.startMs - runStartMs,
    plannedMs: planned && metadata.plan ? plannedMsOf(metadata.plan, planned) : null,
    plannedFiles: planned ? new Set(planned.items.map(({ project, file }) => `${project}\0${file}`)).size : null,
    realMs: nodeEndMs(facts) - metadata.startMs,
    ...counts,
    files: facts.files,
    failedFiles: facts.failedFiles,
    errors: [...(end?.errors.map(({ stack, message }) => stack || message) ?? []), ...(exit?.reasons ?? [])],
    repeat: repeatOf(metadata, number),
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
    repeat: like === undefined ? null : repeatOf(like, number),
  };
}

function repeatOf(
  { node: { nodes }, plan, planPath = null, queue, repeat }: BlobMetadata,
  node: number,
): string[] | null {
  if (queue) return null;
  const { placing, jestArgs } = repeat ?? PLAIN_REPEAT;
  return repeatShare({ node, nodes, plan, planPath, placing, jestArgs });
}
