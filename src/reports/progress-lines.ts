/** The live view of `run --local`: what every node does now. */
import { progressBar } from './bar';
import { cutStart, printable, wrapText } from './cells';
import { countOf, formatCount, formatDuration } from './durations';
import { alignRows, type Column, cell, type Paint, type Row } from './rows';
import { type Colors, colorsOf, signsOf, type Terminal } from './terminal';

export type NodeState = 'starting' | 'running' | 'passed' | 'failed' | 'killed';

export interface NodeProgress {
  /** 1-based. */
  readonly node: number;
  readonly state: NodeState;
  readonly filesDone: number;
  /** Null until the node knows its share. */
  readonly filesTotal: number | null;
  readonly testsFailed: number;
  /** The file that was started last, null where none runs. */
  readonly currentFile: string | null;
  readonly elapsedMs: number;
}

/** Above this the screen is no longer taken in at a glance, and may be too low for it. */
const mostRows = 16;

/** Nodes that are shown one by one where all nodes do not fit. */
const foldedRows = 8;

const states: readonly NodeState[] = ['starting', 'running', 'passed', 'failed', 'killed'];

export interface ProgressLinesOptions {
  /** How many files (or parts of files) the queue had for all nodes together; null: every node has a share of its own. */
  readonly queuedFiles?: number | null;
}

/**
 * One line a node and one for all of them. Nodes of a queue have no share: their bars show their part of the whole. With more than 16 nodes only the ones that matter most are shown: first what
 * went wrong, then what is furthest behind. Always the same number of lines for the same nodes, so that it can be
 * drawn over itself.
 */
export function progressLines(
  nodes: readonly NodeProgress[],
  terminal: Terminal,
  { queuedFiles = null }: ProgressLinesOptions = {},
): string[] {
  const folds = nodes.length > mostRows;
  const shown = folds ? mostInteresting(nodes) : nodes;
  const columns: Column[] = [
    { title: '', align: 'right' },
    { title: '', align: 'left' },
    { title: '', align: 'left', optional: true },
    { title: '', align: 'right' },
    { title: '', align: 'right', optional: true },
    { title: '', align: 'left' },
  ];
  const rows = alignRows(
    columns,
    shown.map((node) => progressRow(node, queuedFiles, terminal)),
    terminal,
    { titles: false, restMaximum: terminal.columns, restMinimum: 12 },
  );
  return [...rows, ...totalLines(nodes, folds, queuedFiles, terminal)];
}

function progressRow(node: NodeProgress, queuedFiles: number | null, terminal: Terminal): Row {
  const colors = colorsOf(terminal);
  const { ellipsis } = signsOf(terminal);
  const total = queuedFiles ?? node.filesTotal;
  const done = formatCount(node.filesDone);
  const current = node.state === 'running' ? node.currentFile : null;
  return {
    cells: [
      cell(`node ${node.node}`),
      // As wide as the widest state, so that nothing jumps when a node changes its state.
      cell(node.state.padEnd('starting'.length), paintOf(node.state, colors)),
      cell(progressBar(node.filesDone, total ?? 0, Math.min(20, Math.floor(terminal.columns / 6)), terminal)),
      cell(queuedFiles === null ? `${done}/${total === null ? '?' : formatCount(total)}` : done),
      cell(formatDuration(node.elapsedMs).padStart('59.9 s'.length), colors.dim),
      cell(node.testsFailed > 0 ? `${formatCount(node.testsFailed)} failed` : '', colors.red),
    ],
    rest: current === null ? undefined : (width) => cell(cutStart(printable(current), width, ellipsis), colors.dim),
  };
}

function totalLines(
  nodes: readonly NodeProgress[],
  folds: boolean,
  queuedFiles: number | null,
  terminal: Terminal,
): string[] {
  const sum = (pick: (node: NodeProgress) => number) => nodes.reduce((all, node) => all + pick(node), 0);
  const unknown = queuedFiles === null && nodes.some(({ filesTotal }) => filesTotal === null);
  const total = queuedFiles ?? sum(({ filesTotal }) => filesTotal ?? 0);
  const files = `${formatCount(sum(({ filesDone }) => filesDone))} of ${unknown ? 'at least ' : ''}${countOf(total, 'file')}`;
  const testsFailed = sum((node) => node.testsFailed);
  const failed = testsFailed > 0 ? `, ${countOf(testsFailed, 'test')} failed` : '';
  const elapsed = formatDuration(Math.max(0, ...nodes.map(({ elapsedMs }) => elapsedMs)));
  const summary = `${countOf(nodes.length, 'node')}: ${files}${failed}, ${elapsed}`;
  const counts = states
    .map((state) => ({ state, count: nodes.filter((node) => node.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${formatCount(count)} ${state}`);
  const hidden = `and ${countOf(nodes.length - foldedRows, 'more node')}; of all: ${counts.join(', ')}`;
  return [...(folds ? wrapText(hidden, terminal.columns) : []), ...wrapText(summary, terminal.columns)];
}

/** Half of the rows at most for what went wrong, so that there is still something to see of what runs. */
function mostInteresting(nodes: readonly NodeProgress[]): NodeProgress[] {
  const left = ({ filesDone, filesTotal }: NodeProgress) =>
    filesTotal === null ? 1 : filesTotal === 0 ? 0 : 1 - filesDone / filesTotal;
  const ranked = [...nodes].sort((a, b) => left(b) - left(a) || a.node - b.node);
  const wrong = ranked.filter(wentWrong).slice(0, foldedRows / 2);
  const others = ranked.filter((node) => !wrong.includes(node)).sort((a, b) => calmness(a) - calmness(b));
  return [...wrong, ...others].slice(0, foldedRows).sort((a, b) => a.node - b.node);
}

function wentWrong({ state, testsFailed }: NodeProgress): boolean {
  return state === 'failed' || state === 'killed' || testsFailed > 0;
}

/** Least for the nodes where something happens now. */
function calmness({ state }: NodeProgress): number {
  if (state === 'running') return 0;
  return state === 'starting' ? 1 : 2;
}

/** The colour of a state, in the live view and in the verdict. */
export function paintOf(state: NodeState, colors: Colors): Paint {
  if (state === 'passed') return colors.green;
  if (state === 'failed' || state === 'killed') return colors.red;
  return state === 'running' ? colors.cyan : colors.dim;
}
