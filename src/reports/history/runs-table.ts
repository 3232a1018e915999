/** What `jest-distributed history` prints: the runs, newest first. */
import type { RunSummary } from '../../queue/history';
import { formatCount, formatDuration, shortDigest } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { formatAgo } from '../terminal/relative-time';
import { sparkline } from '../terminal/sparkline';
import { alignRows, type Column, cell, type Paint, type Row } from '../terminal/table';
import { type Colors, colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable, wrapText } from '../terminal/text-width';
import { byPipeline } from './by-pipeline';

const columns: readonly Column[] = [
  { title: 'ago', align: 'right' },
  { title: 'state', align: 'left' },
  { title: 'time', align: 'right' },
  { title: 'nodes', align: 'right' },
  { title: 'files', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'flaky', align: 'right', optional: true },
  { title: 'commit', align: 'left', optional: true },
  { title: 'branch', align: 'left', optional: true },
];

const COMMIT_DIGITS = 7;

/** Names of branches may be sentences. */
const BRANCH_WIDTH = 24;

export function runsTable(runs: readonly RunSummary[], terminal: Terminal, nowMs: number): string[] {
  return byPipeline(runs, terminal, (ofPipeline) => [
    ...alignRows(
      columns,
      ofPipeline.map((run) => runRow(run, terminal, nowMs)),
      terminal,
      { indent: '  ', restTitle: 'run', restMinimum: 12, restMaximum: terminal.columns },
    ),
    ...cancelLines(ofPipeline, terminal),
    ...timeLine(ofPipeline, terminal),
  ]);
}

function runRow(run: RunSummary, terminal: Terminal, nowMs: number): Row {
  const { red, yellow } = colorsOf(terminal);
  // A poison file failed too: it ended with every node that ran it.
  const failed = run.failed + run.poison;
  return {
    cells: [
      cell(formatAgo(run.createdAt, nowMs)),
      cell(run.state, statePaint(run.state, colorsOf(terminal))),
      cell(formatDuration(run.wallMs)),
      cell(formatCount(run.nodes)),
      cell(formatCount(run.items)),
      cell(formatCount(failed), failed > 0 ? red : undefined),
      cell(formatCount(run.flaky), run.flaky > 0 ? yellow : undefined),
      cell(run.commit === null ? '-' : printable(shortDigest(run.commit, COMMIT_DIGITS))),
      cell(branchName(run, terminal)),
    ],
    rest: (width) => cell(runName(run, width, terminal)),
  };
}

function statePaint(state: RunSummary['state'], { green, red, yellow, cyan }: Colors): Paint {
  return { passed: green, failed: red, cancelled: yellow, abandoned: yellow, running: cyan }[state];
}

function runName({ runId, attempt }: RunSummary, width: number, terminal: Terminal): string {
  const name = printable(attempt === 1 ? runId : `${runId}, attempt ${attempt}`);
  return cutEnd(name, width, signsOf(terminal).ellipsis);
}

function branchName({ branch }: RunSummary, terminal: Terminal): string {
  return branch === null ? '-' : cutEnd(printable(branch), BRANCH_WIDTH, signsOf(terminal).ellipsis);
}

/** Who stopped a run is what everybody asks first. */
function cancelLines(runs: readonly RunSummary[], terminal: Terminal): string[] {
  return runs.flatMap(({ runId, state, cancelledBy }) =>
    state === 'cancelled' && cancelledBy !== null
      ? wrapText(`${printable(runId)} was cancelled by ${printable(cancelledBy)}`, terminal.columns, {
          first: '  ',
          others: '    ',
        })
      : [],
  );
}

/** Times of the runs that passed, oldest first: only they can be compared. */
function timeLine(runs: readonly RunSummary[], terminal: Terminal): string[] {
  const passed = runs.filter(({ state }) => state === 'passed').map(({ wallMs }) => wallMs);
  if (passed.length < 2) return [];
  const shown = passed.slice(0, terminal.columns >> 1).reverse();
  const sorted = [...passed].sort((a, b) => a - b);
  const medianMs = sorted[(sorted.length - 1) >> 1] as number;
  const text = `${sparkline(shown, terminal).join('')} oldest to newest, median ${formatDuration(medianMs)}`;
  return ['', ...labelledLines([['passed', text]], terminal, '  ')];
}
