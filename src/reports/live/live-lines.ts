/** A run as a terminal shows it while it lasts: lines that are drawn over themselves. */
import { fileOrTestName } from '../history/subject-name';
import { progressBar } from '../terminal/bar';
import { countOf, formatClock, formatCount, formatDuration } from '../terminal/format';
import { alignRows, type Column, cell, type Paint, type Row } from '../terminal/table';
import { type Colors, colorsOf, type Terminal } from '../terminal/terminal';
import { wrapText } from '../terminal/text-width';
import { nodeLabel } from './node-label';
import { isOpen, type LiveFile, type LiveNode, type LiveNodeState, type LiveState } from './state';
import { timeLeft } from './time-left';

/** Above this the screen is no longer taken in at a glance. */
const mostRows = 16;

/** Nodes that are shown one by one where all nodes do not fit. */
const foldedRows = 8;

/** Lines below the nodes that a narrow terminal may need. */
const linesBelow = 4;

const states: readonly LiveNodeState[] = ['starting', 'running', 'passed', 'failed', 'killed', 'ended', 'lost'];

/** How many nodes are shown one by one. */
function rowsFor(nodes: number, rows: number): number {
  const room = Math.max(1, rows - linesBelow);
  return nodes <= Math.min(mostRows, room) ? nodes : Math.min(foldedRows, room);
}

/**
 * One line a node, with the file that it has been running for longest, and one for all of them. Of many nodes only the
 * ones that matter most are shown: first what went wrong, then what is furthest behind.
 *
 * @param now milliseconds since 1970.
 * @param rows lines of the screen: what does not fit could not be drawn over.
 */
export function liveLines(
  state: LiveState,
  now: number,
  terminal: Terminal,
  rows = Number.POSITIVE_INFINITY,
): string[] {
  const nodes = [...state.nodes].sort((a, b) => a.number - b.number);
  const room = rowsFor(nodes.length, rows);
  const shown = room < nodes.length ? mostInteresting(nodes, room) : nodes;
  const columns: Column[] = [
    { title: '', align: 'right' },
    { title: '', align: 'left' },
    { title: '', align: 'left', optional: true },
    { title: '', align: 'right' },
    { title: '', align: 'right', optional: true },
    { title: '', align: 'left' },
  ];
  const table = alignRows(
    columns,
    shown.map((node) => nodeRow(state, node, now, terminal)),
    terminal,
    { titles: false, restMaximum: terminal.columns, restMinimum: 16 },
  );
  return [...table, ...foldedLines(nodes, room, terminal), ...wrapText(totalText(state, now), terminal.columns)];
}

function nodeRow(state: LiveState, node: LiveNode, now: number, terminal: Terminal): Row {
  const colors = colorsOf(terminal);
  const { isQueued } = state.run;
  const total = isQueued ? state.items : totalFiles(state, node);
  const done = formatCount(node.filesDone);
  const running = state.running.filter((file) => file.node === node.number);
  const elapsed = (node.endedAt ?? now) - node.startedAt;
  return {
    cells: [
      cell(nodeLabel(node, terminal)),
      // As wide as the widest state, so that nothing jumps when a node changes its state.
      cell(node.state.padEnd('starting'.length), paintOf(node.state, colors)),
      cell(progressBar(node.filesDone, total ?? 0, Math.min(16, Math.floor(terminal.columns / 8)), terminal)),
      cell(isQueued ? done : `${done}/${total === null ? '?' : formatCount(total)}`),
      cell(formatDuration(elapsed).padStart('59.9 s'.length), colors.dim),
      cell(node.testsFailed > 0 ? `${formatCount(node.testsFailed)} failed` : '', colors.red),
    ],
    rest: running.length === 0 ? undefined : (width) => cell(runningText(running, now, width, terminal), colors.dim),
  };
}

/** `src/slow.test.js 12 s, +2`: the one that has been running for longest, and how many more. */
function runningText([oldest, ...others]: readonly LiveFile[], now: number, width: number, terminal: Terminal): string {
  if (oldest === undefined) return '';
  const age = ` ${formatClock(now - oldest.startedAt)}${others.length > 0 ? `, +${others.length}` : ''}`;
  return fileOrTestName({ file: oldest.file, test: oldest.part }, Math.max(1, width - age.length), terminal) + age;
}

function foldedLines(nodes: readonly LiveNode[], room: number, terminal: Terminal): string[] {
  if (room >= nodes.length) return [];
  const counts = states
    .map((state) => ({ state, count: nodes.filter((node) => node.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${formatCount(count)} ${state}`);
  return wrapText(`and ${countOf(nodes.length - room, 'more node')}; of all: ${counts.join(', ')}`, terminal.columns);
}

/** `3 nodes: 30 of 66 files, 1 test failed, 12.3 s, about 14 s left` */
export function totalText(state: LiveState, now: number): string {
  const { run, nodes, items, startedAt, endedAt } = state;
  const sum = (pick: (node: LiveNode) => number) => nodes.reduce((all, node) => all + pick(node), 0);
  const filesDone = sum((node) => node.filesDone);
  const total = run.isQueued ? items : Math.max(filesDone, countPlanned(state));
  const testsFailed = sum((node) => node.testsFailed);
  const broken = state.failures.filter((one) => one.test === null && isOpen(one)).length;
  const left = endedAt === null && nodes.some((node) => node.endedAt === null) ? timeLeft(state, now) : null;
  return [
    `${countOf(run.isQueued ? Math.max(run.nodes, nodes.length) : run.nodes, 'node')}: ${formatCount(filesDone)} of ${countOf(total, 'file')}`,
    ...(testsFailed > 0 ? [`${countOf(testsFailed, 'test')} failed`] : []),
    ...(broken > 0 ? [`${countOf(broken, 'file')} failed to run`] : []),
    formatDuration((endedAt ?? now) - startedAt),
    ...(left === null || left < 500 ? [] : [`about ${formatClock(left)} left`]),
  ].join(', ');
}

/** Until the node has counted them itself, as the plan has it. */
function totalFiles({ plannedFiles }: LiveState, { filesTotal, number }: LiveNode): number | null {
  return filesTotal ?? plannedFiles[number - 1] ?? null;
}

/** Files of all nodes. */
function countPlanned({ run, nodes, plannedFiles }: LiveState): number {
  let files = 0;
  for (let index = 0; index < run.nodes; index++) {
    const known = nodes.find(({ number }) => number === index + 1)?.filesTotal;
    files += known ?? plannedFiles[index] ?? 0;
  }
  return files;
}

/** Half of the rows at most for what went wrong, so that there is still something to see of what runs. */
function mostInteresting(nodes: readonly LiveNode[], room: number): LiveNode[] {
  const left = ({ filesDone, filesTotal }: LiveNode) =>
    filesTotal === null ? 1 : filesTotal === 0 ? 0 : 1 - filesDone / filesTotal;
  const ranked = [...nodes].sort((a, b) => left(b) - left(a) || a.number - b.number);
  const wrong = ranked.filter(wentWrong).slice(0, Math.floor(room / 2));
  const others = ranked.filter((node) => !wrong.includes(node)).sort((a, b) => activityRank(a) - activityRank(b));
  return [...wrong, ...others].slice(0, room).sort((a, b) => a.number - b.number);
}

function wentWrong({ state, testsFailed }: LiveNode): boolean {
  return state === 'failed' || state === 'killed' || state === 'lost' || testsFailed > 0;
}

/** Least for the nodes where something happens now. */
function activityRank({ state }: LiveNode): number {
  if (state === 'running') return 0;
  return state === 'starting' ? 1 : 2;
}

/** The colour of a state, in the live view and in the verdict. */
export function paintOf(state: LiveNodeState, colors: Colors): Paint {
  if (state === 'passed') return colors.green;
  if (state === 'failed' || state === 'killed' || state === 'lost') return colors.red;
  return state === 'running' ? colors.cyan : colors.dim;
}
