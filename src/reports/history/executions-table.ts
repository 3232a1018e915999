/** What `jest-distributed history <file or test>` prints: its runs over the builds, newest first. */

import { errorLine } from '../../blob/error-line';
import { fileKey } from '../../plan/item';
import type { PastRun } from '../../queue/history';
import { bar } from '../terminal/bar';
import { countOf, formatDuration, shortDigest } from '../terminal/format';
import { formatAgo } from '../terminal/relative-time';
import { sparkline } from '../terminal/sparkline';
import { alignRows, type Column, cell, type Paint, type Row } from '../terminal/table';
import { type Colors, colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable, wrapText } from '../terminal/text-width';
import { subjectName } from './subject-name';

const barWidth = 12;
const columns: readonly Column[] = [
  { title: 'ago', align: 'right' },
  { title: 'result', align: 'left' },
  { title: 'time', align: 'right' },
  { title: '', align: 'left', optional: true },
  { title: 'node', align: 'left', optional: true },
  { title: 'commit', align: 'left', optional: true },
];

const COMMIT_DIGITS = 7;

/** Every file or test under its own name. */
export function runsTable(runs: readonly PastRun[], terminal: Terminal, nowMs: number): string[] {
  const groups = new Map<string, PastRun[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.suite, fileKey(run.file, run.part), run.test]);
    const group = groups.get(key) ?? [];
    group.push(run);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group, index) => [
    ...(index === 0 ? [] : ['']),
    ...headLines(group, terminal),
    ...withErrors(
      alignRows(
        columns,
        group.map((run) => runRow(run, longest(group), terminal, nowMs)),
        terminal,
        { indent: '  ', restTitle: 'build', restMinimum: 12, restMaximum: terminal.columns },
      ),
      group,
      terminal,
    ),
  ]);
}

/** Below the line of each run why it failed, and what its tests needed to pass. */
function withErrors([titles = '', ...rows]: readonly string[], runs: readonly PastRun[], terminal: Terminal): string[] {
  const below = (lines: readonly string[]) =>
    lines.flatMap((line) => wrapText(printable(line), terminal.columns, { first: '      ', others: '        ' }));
  return [titles, ...rows.flatMap((row, index) => [row, ...below(errorsOf(runs[index] as PastRun))])];
}

const kept = (error: string | null | undefined): string =>
  error === null || error === undefined ? 'its error was not kept' : errorLine(error);

function errorsOf(run: PastRun): string[] {
  const { error, failed, retries, test } = run;
  const [first] = failed;
  const more = failed.length > 1 ? ` (and ${countOf(failed.length - 1, 'more test')})` : '';
  const why = test !== null || first === undefined ? kept(error) : `${first.test}: ${kept(first.error)}${more}`;
  return [
    ...(isFailure(run) && run.outcome !== 'poison' ? [why] : []),
    ...retries.map(({ test: name, errors }) => {
      const who = test === null ? `${name}: ` : '';
      return `${who}tried ${errors.length + 1} times, at first: ${kept(errors.find((one) => one !== null))}`;
    }),
  ];
}

const longest = (runs: readonly PastRun[]) => Math.max(0, ...runs.map(({ durationMs }) => durationMs ?? 0));

/** The name, and how it went at a glance: times oldest to newest, failures in red. */
function headLines(runs: readonly PastRun[], terminal: Terminal): string[] {
  const { bold, dim, red } = colorsOf(terminal);
  const first = runs[0] as PastRun;
  const { ellipsis } = signsOf(terminal);
  const part = first.part === null ? '' : ` (part ${printable(first.part)})`;
  const name = subjectName(first, terminal.columns, terminal);
  const passed = runs.filter(({ outcome }) => outcome === 'passed').length;
  const failed = runs.filter(isFailure).length;
  const timed = runs
    .filter(({ durationMs }) => durationMs !== null)
    .slice(0, terminal.columns >> 1)
    .reverse();
  const signs = sparkline(
    timed.map(({ durationMs }) => durationMs as number),
    terminal,
  ).map((sign, index) => (isFailure(timed[index] as PastRun) ? red(sign) : sign));
  const said = `${signs.length === 0 ? '' : ' '}${countOf(runs.length, 'run')}: ${passed} passed, ${failed} failed`;
  return [
    bold(cutEnd(`${name}${part}`, terminal.columns, ellipsis)),
    dim(cutEnd(`  ${printable(first.suite)}`, terminal.columns, ellipsis)),
    `  ${signs.join('')}${cutEnd(said, terminal.columns - 2 - signs.length, ellipsis)}`,
  ];
}

const isFailure = ({ outcome }: PastRun) => outcome === 'failed' || outcome === 'poison';

function runRow(run: PastRun, longestMs: number, terminal: Terminal, nowMs: number): Row {
  const { red } = colorsOf(terminal);
  return {
    cells: [
      cell(formatAgo(run.finishedAt, nowMs)),
      cell(resultOf(run), paintOf(run, colorsOf(terminal))),
      cell(run.durationMs === null ? '-' : formatDuration(run.durationMs)),
      cell(bar(run.durationMs ?? 0, longestMs, barWidth, terminal), isFailure(run) ? red : undefined),
      cell(run.node === null ? '-' : printable(run.node)),
      cell(run.commit === null ? '-' : printable(shortDigest(run.commit, COMMIT_DIGITS))),
    ],
    rest: (width) => cell(cutEnd(printable(run.build), width, signsOf(terminal).ellipsis)),
  };
}

/** What it was worth, where that was not "it counts". */
function resultOf({ outcome, verdict }: PastRun): string {
  if (outcome === null) return verdict;
  const said = printable(outcome);
  return verdict === 'accepted' || verdict === 'lost' ? said : `${said}, ${verdict === 'retried' ? 'retried' : 'late'}`;
}

function paintOf(run: PastRun, { green, red, yellow }: Colors): Paint | undefined {
  if (isFailure(run)) return red;
  return run.outcome === null ? yellow : run.outcome === 'passed' ? green : undefined;
}
