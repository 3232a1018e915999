/**
 * What was tried more than once, as terminal, markdown and pages show it: "flaky" always stands beside a name and the
 * first error.
 */
import { errorLine } from '../../blob/error-line';
import { fileName } from '../../plan/item';
import { countOf, formatCount, formatDuration } from '../terminal/format';
import { hasOwnName } from './node-name';
import type { ReportNode, ReportRetry, ReportTry, RunReport } from './run-report';

/** As much of a report as is needed here. */
export type TriesReport = Pick<RunReport, 'retries' | 'files' | 'nodes' | 'omitted'>;

/** `src/cart.test.js: cart › adds`; a file as a whole by its name alone. */
export function retryName(retry: Pick<ReportRetry, 'project' | 'path' | 'titles'>): string {
  return retry.titles === null ? fileName(retry) : `${fileName(retry)}: ${retry.titles.join(' › ')}`;
}

/** Those that passed only on a later try. */
export function flakyRetries({ retries }: Pick<RunReport, 'retries'>): readonly ReportRetry[] {
  return retries.filter(({ isFlaky }) => isFlaky);
}

/** In one line, why the first failed try failed. */
export function firstError({ tries }: Pick<ReportRetry, 'tries'>): string {
  const failed = tries.filter(({ outcome }) => outcome === 'failed');
  const first = failed.find(({ messages }) => messages.length > 0);
  return first === undefined ? 'its error was not kept' : errorLine(first.messages[0] ?? '');
}

/** `flaky: 2 tests and 1 file passed only on a later try`, or null where nothing was. */
export function flakyHeadline(report: Pick<RunReport, 'retries' | 'omitted'>): string | null {
  const flaky = flakyRetries(report);
  if (flaky.length === 0) return null;
  const files = flaky.filter(({ titles }) => titles === null).length;
  const tests = flaky.length - files;
  const counted = [...(tests > 0 ? [countOf(tests, 'test')] : []), ...(files > 0 ? [countOf(files, 'file')] : [])].join(
    ' and ',
  );
  const more = report.omitted.retries > 0 ? ` (and ${formatCount(report.omitted.retries)} more are not listed)` : '';
  return `flaky: ${counted} passed only on a later try${more}`;
}

/** `node 2`, `node 2 (ann)`; a node without a blob by its name alone. */
function nodeLabel(nodes: readonly ReportNode[], number: number | null, name: string | null): string {
  const known = number === null ? undefined : nodes[number - 1];
  if (known === undefined) return name === null ? 'an unknown node' : `node ${name}`;
  return hasOwnName(known) ? `node ${known.number} (${known.name})` : `node ${known.number}`;
}

/** Where the execution that counts was, or null where none does. */
function countedNode({ files, nodes }: TriesReport, { file }: ReportRetry): string | null {
  const run = file === null ? undefined : files[file];
  return run === undefined ? null : nodeLabel(nodes, run.node, null);
}

/** `passed at try 3 on node 2 (bob)`; where nothing counts, how often it was tried. */
export function outcomeText(report: TriesReport, retry: ReportRetry): string {
  const node = countedNode(report, retry);
  if (node === null) return countOf(retry.executions, 'try', 'tries');
  return retry.isFlaky
    ? `passed at try ${retry.executions} on ${node}`
    : `${countOf(retry.executions, 'try', 'tries')}, the last on ${node}`;
}

const KINDS: Readonly<Record<ReportTry['kind'], string>> = {
  rerun: '',
  retried: 'sent on',
  superseded: 'too late, another result counts',
  replaced: 'replaced by a later attempt of the job',
  lost: 'the node ended before it had a result',
};

/** `try 1: failed on node 1 (ann) after 0.4 s, sent on`. @param place 0-based */
export function tryText({ nodes }: Pick<RunReport, 'nodes'>, one: ReportTry, place: number): string {
  const { outcome, node, nodeName, durationMs, kind } = one;
  const took = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`;
  const why = KINDS[kind] === '' ? '' : `, ${KINDS[kind]}`;
  return `try ${place + 1}: ${outcome} on ${nodeLabel(nodes, node, nodeName)}${took}${why}`;
}

/** Nobody has printed what the queue sent on; Jest's own tries get one line. */
export function isPrintedInFull({ kind, outcome }: ReportTry): boolean {
  return kind !== 'rerun' && outcome === 'failed';
}
