/** What `jest-distributed history` prints: the builds, newest first. */
import type { BuildSummary } from '../../queue/history';
import { formatCount, formatDuration, shortDigest } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { formatAgo } from '../terminal/relative-time';
import { sparkline } from '../terminal/sparkline';
import { alignRows, type Column, cell, type Paint, type Row } from '../terminal/table';
import { type Colors, colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable, wrapText } from '../terminal/text-width';
import { bySuite } from './by-pipeline';

const columns: readonly Column[] = [
  { title: 'ago', align: 'right' },
  { title: 'state', align: 'left' },
  { title: 'time', align: 'right' },
  { title: 'nodes', align: 'right' },
  { title: 'files', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'flaky', align: 'right', optional: true },
  { title: 'commit', align: 'left', optional: true },
];

const COMMIT_DIGITS = 7;

export function buildsTable(builds: readonly BuildSummary[], terminal: Terminal, nowMs: number): string[] {
  return bySuite(builds, terminal, (ofSuite) => [
    ...alignRows(
      columns,
      ofSuite.map((build) => buildRow(build, terminal, nowMs)),
      terminal,
      { indent: '  ', restTitle: 'build', restMinimum: 12, restMaximum: terminal.columns },
    ),
    ...cancelLines(ofSuite, terminal),
    ...timeLine(ofSuite, terminal),
  ]);
}

function buildRow(build: BuildSummary, terminal: Terminal, nowMs: number): Row {
  const { red, yellow } = colorsOf(terminal);
  // A poison file failed too: it ended with every node that ran it.
  const failed = build.failed + build.poison;
  return {
    cells: [
      cell(formatAgo(build.createdAt, nowMs)),
      cell(build.state, statePaint(build.state, colorsOf(terminal))),
      cell(formatDuration(build.wallMs)),
      cell(formatCount(build.nodes)),
      cell(formatCount(build.items)),
      cell(formatCount(failed), failed > 0 ? red : undefined),
      cell(formatCount(build.flaky), build.flaky > 0 ? yellow : undefined),
      cell(build.commit === null ? '-' : printable(shortDigest(build.commit, COMMIT_DIGITS))),
    ],
    rest: (width) => cell(buildName(build, width, terminal)),
  };
}

function statePaint(state: BuildSummary['state'], { green, red, yellow, cyan }: Colors): Paint {
  return { passed: green, failed: red, cancelled: yellow, abandoned: yellow, running: cyan }[state];
}

function buildName({ build, round }: BuildSummary, width: number, terminal: Terminal): string {
  const name = printable(round === 1 ? build : `${build}, attempt ${round}`);
  return cutEnd(name, width, signsOf(terminal).ellipsis);
}

/** Who stopped a build is what everybody asks first. */
function cancelLines(builds: readonly BuildSummary[], terminal: Terminal): string[] {
  return builds.flatMap(({ build, state, cancelledBy }) =>
    state === 'cancelled' && cancelledBy !== null
      ? wrapText(`${printable(build)} was cancelled by ${printable(cancelledBy)}`, terminal.columns, {
          first: '  ',
          others: '    ',
        })
      : [],
  );
}

/** Times of the builds that passed, oldest first: only they can be compared. */
function timeLine(builds: readonly BuildSummary[], terminal: Terminal): string[] {
  const passed = builds.filter(({ state }) => state === 'passed').map(({ wallMs }) => wallMs);
  if (passed.length < 2) return [];
  const shown = passed.slice(0, terminal.columns >> 1).reverse();
  const sorted = [...passed].sort((a, b) => a - b);
  const medianMs = sorted[(sorted.length - 1) >> 1] as number;
  const text = `${sparkline(shown, terminal).join('')} oldest to newest, median ${formatDuration(medianMs)}`;
  return ['', ...labelledLines([['passed', text]], terminal, '  ')];
}
