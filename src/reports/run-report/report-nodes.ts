/** The nodes of a run as the report shows them. */
import type { BlobMetadata, EndRecord } from '../../results/blob';
import { timeOf } from '../node-time';
import type { NodeState, ReportNode, TestTotals } from './run-report';

/** What is known of one node once its blob was read. */
export interface NodeFacts {
  readonly metadata: BlobMetadata;
  /** Null where the blob was cut short; undefined while nothing was said. */
  readonly end: EndRecord | null;
  readonly counts: TestTotals;
  readonly files: number;
  readonly failedFiles: number;
  /** End of its last file, or its start. */
  readonly lastMs: number;
}

export function nodeEndMs({ metadata, end, lastMs }: NodeFacts): number {
  return end === null ? Math.max(lastMs, metadata.startMs) : metadata.startMs + end.wallMs;
}

function stateOf({ metadata, end }: NodeFacts): NodeState {
  if (metadata.disabled !== null) return 'disabled';
  return end === null ? 'incomplete' : end.state;
}

export function reportNode(facts: NodeFacts, runStartMs: number): ReportNode {
  const { metadata, end, counts } = facts;
  const { number, nodes } = metadata.node;
  const planned = metadata.plan?.nodes.find(({ node }) => node === number);
  return {
    number,
    state: stateOf(facts),
    attempt: metadata.run.attempt,
    host: metadata.host,
    platform: metadata.platform,
    startOffsetMs: metadata.startMs - runStartMs,
    plannedMs: planned && metadata.plan?.unit === 'ms' ? timeOf(planned, metadata.plan.workers) : null,
    plannedFiles: planned ? new Set(planned.items.map(({ project, file }) => `${project}\0${file}`)).size : null,
    realMs: nodeEndMs(facts) - metadata.startMs,
    ...counts,
    files: facts.files,
    failedFiles: facts.failedFiles,
    errors: end?.errors.map(({ stack, message }) => stack || message) ?? [],
    repeat: repeatShare(number, nodes),
  };
}

export function missingNode(number: number, nodes: number): ReportNode {
  return {
    number,
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
    repeat: repeatShare(number, nodes),
  };
}

function repeatShare(number: number, nodes: number): string[] {
  return ['npx', 'jest-distributed', 'run', '--nodes', String(nodes), '--node-number', String(number)];
}
