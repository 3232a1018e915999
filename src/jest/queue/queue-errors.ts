/** Errors and notices of a queue run. */

import { errorLine } from '../../blob/error-line';
import { keyName } from '../../blob/item-name';
import { DistributedError } from '../../errors';
import type { AcceptedResult, QueueSession, Waiting } from '../../queue/queue';
import { failedElsewhereTexts, finishedText } from '../../reports/node/queue-end-lines';
import { countOf, formatCount, formatDuration } from '../../reports/terminal/format';
import type { QueueRun } from './published-run';

export function cancelledError({ runId, pipeline }: QueueSession, by: string): DistributedError {
  return new DistributedError({
    code: 'QUEUE_CANCELLED',
    message: `Run ${runId} of ${pipeline} was cancelled by ${by}, so not every file ran.`,
    remedy: 'Every node of a cancelled run is red. Re-run the failed jobs to go on where it stopped.',
  });
}

/** One line: what a node without work waits for. */
export function waitingNotice({ items, open, running }: Waiting): string {
  const named = running.map(
    ({ key, node, runningMs }) => `${keyName(key)} on node ${node} (for ${formatDuration(runningMs)})`,
  );
  const unnamed = open - running.length;
  if (unnamed > 0) named.push(`${formatCount(unnamed)} more`);
  return `waiting for ${formatCount(open)} of ${countOf(items, 'file')}: ${named.join(', ')}`;
}

const TESTS_NAMED = 3;

interface FailedResult {
  readonly testResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages?: readonly string[] | null;
  }[];
  readonly failureMessage?: string | null;
}

/** One line: a failure that is in no report of this node, and why it happened. */
export function retriedNotice(key: string, { testResults, failureMessage }: FailedResult): string {
  const failed = testResults.filter(({ status }) => status === 'failed');
  const named = failed
    .slice(0, TESTS_NAMED)
    .map(({ fullName, failureMessages }) => `${fullName}: ${errorLine(failureMessages?.[0] ?? '')}`);
  const unnamed = failed.length - named.length;
  if (unnamed > 0) named.push(`${countOf(unnamed, 'more test')}`);
  const why = failed.length === 0 ? errorLine(failureMessage ?? '') : named.join('; ');
  return `${keyName(key)} failed here and runs again on another node (on this one if no other is left): ${why}`;
}

/** For the log of a node without our reporter that came when all was done: Jest prints nothing about the files it found. */
export function nothingLeftNotices({ runId, node, found, finishedAgoMs, failedElsewhere }: QueueRun): string[] {
  return [
    `node ${node} found nothing left to run of ${countOf(found, 'file')} in run ${runId}`,
    ...(finishedAgoMs === null ? [] : [finishedText(runId, finishedAgoMs)]),
    ...failedElsewhereTexts(failedElsewhere),
  ];
}

export function unwalkedError(runner: string): DistributedError {
  return new DistributedError({
    code: 'QUEUE_RUNNER_UNSUPPORTED',
    message: `The runner ${runner} does not run tests as jest-runner does, so it cannot run files from the queue.`,
    remedy:
      'The queue works with jest-runner and runners that extend it. Use a static share for this project (no --database-url).',
  });
}

export function undrainedError({ runId }: QueueSession): DistributedError {
  return new DistributedError({
    code: 'QUEUE_NOT_DRAINED',
    message: `Jest ended before run ${runId} was finished: some files have no accepted result.`,
    remedy: 'Re-run this node; if it happens again, please report it with the output of --verbose.',
  });
}

export function unknownItemError({ runId, node }: QueueSession, key: string): DistributedError {
  return new DistributedError({
    code: 'QUEUE_ITEM_NOT_HERE',
    message: `Node ${node} was given ${keyName(key)} in run ${runId}, but its Jest found no such file.`,
    remedy: 'All nodes of a run must check out the same commit and run with the same Jest arguments.',
  });
}

/** What a reporter shows for a failure that this node owns and that did not happen in this process. */
export function inheritedFailure({ outcome, node, claimNumber, attempt }: AcceptedResult): Error {
  const again = `--attempt ${attempt + 1} (JEST_DISTRIBUTED_ATTEMPT) runs it again.`;
  const text =
    outcome === 'poison'
      ? `jest-distributed: every node that ran this file died; the last was node ${node}, claim ${claimNumber}. It ran out of memory, ended the process, or its machine was lost: run it alone to see. ${again}`
      : `jest-distributed: this file failed on node ${node} in an earlier process of this run; see the output of that one. ${again}`;
  const error = new Error(text);
  error.stack = text;
  return error;
}
