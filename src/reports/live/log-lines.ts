/**
 * A run where lines stay (CI logs, pipes): a few for each thing that happened. Failures are told like this on a terminal
 * too, above what is drawn over.
 */

import { errorLine } from '../../blob/error-line';
import { fileName } from '../../plan/item';
import { repeatTests } from '../../shell/reproduce-tests';
import { commandLines } from '../terminal/command-lines';
import { countOf, formatCount, formatDuration } from '../terminal/format';
import { firstNames, runningNames } from '../terminal/running-names';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable, wrapText } from '../terminal/text-width';
import type { LiveEvent, RunningItem } from './events';
import { paintOf, totalText } from './live-lines';
import { nodeLabel, nodeLabelOf } from './node-label';
import type { LiveFailure, LiveNode, LiveState } from './state';

/** Failures that are told as they come; when everything fails, the summary at the end says it better. */
const failuresPrinted = 30;

function itemName({ file, part }: RunningItem): string {
  return part === null ? fileName(file) : `${fileName(file)} (${part})`;
}

/**
 * @example
 * 'node 2: failed: src/cart.test.js › cart adds'
 * '  Error: expect(received).toBe(expected) Expected: 2 Received: 1'
 */
function failureLines(state: LiveState, failure: LiveFailure, terminal: Terminal): string[] {
  const { node, file, part, test, error } = failure;
  const { red } = colorsOf(terminal);
  const { pointer } = signsOf(terminal);
  const { repeat } = state.run;
  const what =
    test === null
      ? `failed to run: ${itemName({ file, part })}`
      : `failed: ${itemName({ file, part: null })} ${pointer} ${test}`;
  return [
    ...wrapText(`${nodeLabelOf(state, node, terminal)}: ${printable(what)}`, terminal.columns, { others: '  ' }).map(
      red,
    ),
    ...wrapText(printable(errorLine(error)), terminal.columns, { first: '  ', others: '    ' }),
    ...(repeat === undefined ? [] : commandLines(repeatTests([{ file, name: test }], repeat), terminal, '    ')),
  ];
}

/** What a failure that came or went is worth saying of. */
export function troubleEventLines(before: LiveState, after: LiveState, terminal: Terminal): string[] {
  const { yellow } = colorsOf(terminal);
  const added = after.failures.slice(before.failures.length);
  const lines = added.flatMap((failure, index) => {
    const place = before.failures.length + index;
    if (place > failuresPrinted) return [];
    if (place < failuresPrinted) return failureLines(after, failure, terminal);
    return wrapText(
      `${failuresPrinted} failures were printed; all of them are listed at the end`,
      terminal.columns,
    ).map(yellow);
  });
  const recovered = after.failures.filter(
    (one, index) => one.isRecovered && before.failures[index]?.isRecovered === false,
  );
  const stopping = after.stopping === before.stopping ? [] : stoppingLines(after, terminal);
  const lost = after.nodes.filter(
    (node) => node.state === 'lost' && before.nodes.find(({ number }) => number === node.number)?.state !== 'lost',
  );
  return [
    ...lost.flatMap((node) => lostLines(before, node, terminal)),
    ...lines,
    ...recovered.slice(0, failuresPrinted).flatMap((one) => recoveredLines(after, one, terminal)),
    ...stopping,
  ];
}

function lostLines(before: LiveState, node: LiveNode, terminal: Terminal): string[] {
  const running = before.running.filter((file) => file.node === node.number);
  const files = running.length === 0 ? '' : `; it was running ${running.map(itemName).join(', ')}`;
  const host = node.host === null ? '' : ` on ${node.host}`;
  const text = `${nodeLabel(node, terminal)}${printable(host)}: lost: no sign of life${printable(files)}`;
  return wrapText(text, terminal.columns, { others: '  ' }).map(colorsOf(terminal).red);
}

function stoppingLines({ stopping }: LiveState, terminal: Terminal): string[] {
  if (stopping === null) return [];
  const { signal, times } = stopping;
  const again = signal === 'SIGINT' ? 'Ctrl-C once more kills them' : `another ${signal} kills them`;
  const text = times > 1 ? `${signal} again: the nodes are killed` : `${signal}: the nodes are ended; ${again}`;
  return wrapText(text, terminal.columns).map(colorsOf(terminal).yellow);
}

function recoveredLines(state: LiveState, failure: LiveFailure, terminal: Terminal): string[] {
  const { node, file, part, test } = failure;
  const { yellow } = colorsOf(terminal);
  const { pointer } = signsOf(terminal);
  const what = test === null ? itemName({ file, part }) : `${itemName({ file, part: null })} ${pointer} ${test}`;
  const text = `passed on a later try, after it failed on ${nodeLabelOf(state, node, terminal)}: ${printable(what)}`;
  return wrapText(text, terminal.columns, { others: '  ' }).map(yellow);
}

/** What a log says of an event. */
export function logLines(before: LiveState, event: LiveEvent, after: LiveState, terminal: Terminal): string[] {
  const trouble = troubleEventLines(before, after, terminal);
  const text = eventText(event, before, after, terminal);
  if (text === null) return trouble;
  const node = 'node' in event ? after.nodes.find(({ number }) => number === event.node) : undefined;
  if (event.kind !== 'node-ended' || node === undefined)
    return [...trouble, cutEnd(text, terminal.columns, signsOf(terminal).ellipsis)];
  // With the files that it ran it may be long.
  return [
    ...trouble,
    ...wrapText(text, terminal.columns, { others: '  ' }).map(paintOf(node.state, colorsOf(terminal))),
  ];
}

function eventText(event: LiveEvent, before: LiveState, state: LiveState, terminal: Terminal): string | null {
  if (event.kind === 'run-ended' && event.cancelledBy !== undefined)
    return `cancelled by ${printable(event.cancelledBy)}`;
  if (!('node' in event)) return null;
  const node = state.nodes.find(({ number }) => number === event.node);
  if (node === undefined) return null;
  const label = nodeLabel(node, terminal);
  switch (event.kind) {
    case 'node-ready':
      return `${label}: ${event.files === null ? 'started' : `started with ${countOf(event.files, 'file')}`}`;
    case 'file-ended':
      return isProgressDue(node.filesDone, node.filesTotal ?? state.items)
        ? `${label}: ${filesText(node)}${failedText(node)}, ${elapsedText(node, event.at)}`
        : null;
    case 'node-ended':
      return `${label}: ${node.state}${exitText(node)}${cutText(before, node)}: ${filesText(node)}${failedText(node)}, ${elapsedText(node, event.at)}`;
    default:
      return null;
  }
}

const filesText = ({ filesDone, filesTotal }: LiveNode): string =>
  filesTotal === null ? countOf(filesDone, 'file') : `${formatCount(filesDone)} of ${countOf(filesTotal, 'file')}`;

const failedText = ({ testsFailed }: LiveNode): string =>
  testsFailed > 0 ? `, ${countOf(testsFailed, 'test')} failed` : '';

const elapsedText = ({ startedAt }: LiveNode, at: number): string => formatDuration(at - startedAt);

function exitText({ exitCode, signal }: LiveNode): string {
  if (signal !== null) return ` by ${signal}`;
  return exitCode === null || exitCode === 0 ? '' : ` with exit code ${exitCode}`;
}

/** What a node ran when it ended. */
function cutText({ running }: LiveState, { number, state }: LiveNode): string {
  const names = running.filter(({ node }) => node === number).map(itemName);
  if (state === 'passed' || names.length === 0) return '';
  return `, cut short while it ran ${firstNames(names.map(printable))}`;
}

/** Nothing was said for a while: what is it that runs? CIs end jobs that are silent for long. */
export function stillRunningLines(state: LiveState, now: number, terminal: Terminal): string[] {
  const names = runningNames(
    state.running.map((one) => ({
      name: itemName(one),
      startedAt: one.startedAt,
      place: nodeLabelOf(state, one.node, terminal),
    })),
    now,
  );
  const text = `still running, ${totalText(state, now)}${names === '' ? '' : `: ${names}`}`;
  return wrapText(text, terminal.columns, { others: '  ' });
}

/**
 * Whether a node that has just finished a file should say so: about every tenth of its files, so that a log gets ten
 * lines a node whatever its size. Not at the last file, which the end of the node reports.
 */
export function isProgressDue(filesDone: number, filesTotal: number): boolean {
  if (filesDone <= 0 || filesDone >= filesTotal) return false;
  const step = (done: number) => Math.floor((done * 10) / filesTotal);
  return filesTotal > 10 ? step(filesDone) > step(filesDone - 1) : filesDone % 5 === 0;
}
