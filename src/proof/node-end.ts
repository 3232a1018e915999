/**
 * How one node ended, as its blob says it.
 */
import type { EndRecord, ExitRecord, StoredError } from '../blob/blob';
import type { BlobSummary } from '../blob/blob-summary';
import { countOf, EXIT_HINT, type Finding, listNames, RUN_MISSING_HINT } from './finding';

/** What a node of a queue saw of it. */
function reportQueueEnd(node: number, { queue }: EndRecord): Finding[] {
  if (queue?.cancelledBy == null) return [];
  return [
    {
      code: 'queue-cancelled',
      severity: 'error',
      message: `The run was cancelled by ${queue.cancelledBy}, as node ${node} saw.`,
      remedy: 'Run the failed jobs again to go on where it stopped.',
      nodes: [node],
      items: [],
    },
  ];
}

/** The error that ends every node of a cancelled run, which a finding of its own reports. */
const isCancellation = ({ message }: StoredError, { queue }: EndRecord): boolean =>
  queue?.cancelledBy != null && message.includes(`was cancelled by ${queue.cancelledBy}`);

/** Why a blob counts as cut short, or undefined where it is whole. */
function cutOf({ end, exit, isTruncated }: BlobSummary): string | undefined {
  if (end !== null && exit !== null) return undefined;
  if (exit !== null) return `its process ended ${howEnded(exit)} ${duringText(exit)}`;
  const causes = '(killed, out of memory, out of time, or a broken upload)';
  if (isTruncated) return `the last line of its blob is cut off ${causes}`;
  if (end === null) return `its blob has no end ${causes}`;
  return `its tests were over, but its process did not end by itself ${causes}`;
}

const duringText = ({ running = [] }: ExitRecord): string =>
  running.length > 0 ? `while it ran ${listNames(running)}` : 'during its run';

/** Exit codes from here on stand for signals: 130 is Ctrl-C. */
const FIRST_SIGNAL_CODE = 128;

/** Whether something ended its process from within, before its files had run. */
function endedItself({ end, exit }: BlobSummary): boolean {
  if (end !== null || exit === null || exit.code === null || exit.code >= FIRST_SIGNAL_CODE) return false;
  return exit.code === 0 || (exit.running ?? []).length > 0;
}

/** What ran when the node's process ended itself. */
export const runningAtExit = (blob: BlobSummary): readonly string[] =>
  endedItself(blob) ? (blob.exit?.running ?? []) : [];

/** `with exit code 1`, `by SIGTERM`. */
function howEnded({ code, signal }: ExitRecord): string {
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}

/** It ended badly, and not only for a failed test. */
function reportRed({ path, metadata, end, exit, failedFiles }: BlobSummary): Finding[] {
  // Of one that was stopped before its end there is more to say.
  if (exit === null || end === null || exit.code === 0 || end.state !== 'complete' || end.errors.length > 0) return [];
  const { code, signal, reasons } = exit;
  if (failedFiles > 0 && reasons.length === 0 && signal === null) return [];
  const { number: node } = metadata.node;
  const tests = failedFiles > 0 ? 'not only for its failed tests' : 'although none of its tests failed';
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return [
    {
      code: 'node-red',
      severity: 'error',
      message: `Node ${node} ${how}, ${tests}${why}${/[.!?]$/.test(why) ? '' : '.'}`,
      remedy: reasons.length === 0 ? 'Look for the reason in its log.' : 'Look for details in its log.',
      nodes: [node],
      items: [path],
    },
  ];
}

/** How one node ended. */
export function reportEnd(blob: BlobSummary): Finding[] {
  if (blob.isRecovered) return [];
  const { path, metadata, end, exit, runs, files, miscounted, tree } = blob;
  const { number: node } = metadata.node;
  // A queue gives to others what a node leaves behind; what nobody ran is missing all the same. That is for a node that
  // was killed: one that ended itself, or did not end after its tests, was red for a reason that no other node has.
  const wasKilled = end === null && (exit === null || exit.signal !== null);
  const isCovered = Boolean(metadata.queue) && (wasKilled || end?.state === 'interrupted');
  const about = { severity: 'error', nodes: [node], items: [path] } as const;
  const leaving = isCovered ? ({ ...about, severity: 'warning' } as const) : about;
  const remedy = isCovered
    ? 'No test is lost if there is no other error: the queue gave its files to other nodes.'
    : RUN_MISSING_HINT;
  const done = `it had finished ${countOf(runs.length, 'file')}`;
  const findings: Finding[] = [];
  if (miscounted.length > 0) {
    findings.push({
      code: 'counts-differ',
      message: `The blob of node ${node} counts fewer failed tests than it contains: ${listNames(miscounted)}.`,
      remedy: 'Download the artifact of this node again; if it is the same, run the node again.',
      ...about,
    });
  }
  const cut = cutOf(blob);
  if (cut !== undefined) {
    findings.push({
      code: 'incomplete',
      message: `Node ${node} was cut short: ${cut}; ${done}.`,
      remedy: endedItself(blob) ? EXIT_HINT : remedy,
      ...leaving,
    });
  }
  // A node writes it before its end, whatever else it meets.
  if (cut === undefined && tree === null) {
    findings.push({
      code: 'lost-lines',
      message: `The blob of node ${node} has no line with the contents of its checkout (tree).`,
      remedy: 'Download the artifact of this node again; if it is the same, run the node again.',
      ...about,
    });
  }
  if (end === null) return findings;
  findings.push(...reportQueueEnd(node, end), ...reportRed(blob));
  if (end.files !== files) {
    findings.push({
      code: 'lost-lines',
      message: `The blob of node ${node} holds ${countOf(files, 'file')}, but its end counts ${end.files}.`,
      remedy: 'Download the artifact of this node again; if it is the same, run the node again.',
      ...about,
    });
  }
  if (end.state === 'interrupted') {
    findings.push({ code: 'interrupted', message: `Node ${node} was interrupted; ${done}.`, remedy, ...leaving });
  }
  if (end.state === 'bailed') {
    findings.push({
      code: 'bailed',
      message: `Node ${node} stopped early because of --bail; ${done}.`,
      remedy: 'The results of the other files are unknown: correct the failure, or run without --bail.',
      ...about,
    });
  }
  for (const { message } of end.errors.filter((error) => !isCancellation(error, end))) {
    findings.push({
      code: 'run-error',
      message: `Node ${node} met an error outside any test file: ${message.replace(/\s*\n\s*/g, ' ')}`,
      remedy: "Look at that node's log.",
      ...about,
    });
  }
  return findings;
}
