/** What `jest-distributed history <file or test>` prints: its executions, newest first. */

import { errorLine } from '../../blob/error-line';
import { fileKey } from '../../plan/item';
import type { PastCampaign } from '../../queue/campaign-record';
import type { PastExecution } from '../../queue/history';
import { bar } from '../terminal/bar';
import { countOf, formatDuration, shortDigest } from '../terminal/format';
import { formatAgo } from '../terminal/relative-time';
import { sparkline } from '../terminal/sparkline';
import { alignRows, type Column, cell, type Paint, type Row } from '../terminal/table';
import { type Colors, colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable, wrapText } from '../terminal/text-width';
import { findingText } from './campaign-text';
import { fileOrTestName } from './subject-name';

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
export function executionsTable(executions: readonly PastExecution[], terminal: Terminal, nowMs: number): string[] {
  const groups = new Map<string, PastExecution[]>();
  for (const execution of executions) {
    const key = JSON.stringify([execution.pipeline, fileKey(execution.file, execution.part), execution.test]);
    const group = groups.get(key) ?? [];
    group.push(execution);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group, index) => [
    ...(index === 0 ? [] : ['']),
    ...headLines(group, terminal),
    ...withErrors(
      alignRows(
        columns,
        group.map((execution) => executionRow(execution, longest(group), terminal, nowMs)),
        terminal,
        { indent: '  ', restTitle: 'run', restMinimum: 12, restMaximum: terminal.columns },
      ),
      group,
      terminal,
    ),
  ]);
}

/** Below the line of each execution why it failed, and what its tests needed to pass. */
function withErrors(
  [titles = '', ...rows]: readonly string[],
  executions: readonly PastExecution[],
  terminal: Terminal,
): string[] {
  const below = (lines: readonly string[]) =>
    lines.flatMap((line) => wrapText(printable(line), terminal.columns, { first: '      ', others: '        ' }));
  return [titles, ...rows.flatMap((row, index) => [row, ...below(errorsOf(executions[index] as PastExecution))])];
}

const kept = (error: string | null | undefined): string =>
  error === null || error === undefined ? 'its error was not kept' : errorLine(error);

/** Tests of one campaign that are named. */
const MOST_FINDINGS = 5;

function campaignLines({ findings }: PastCampaign, { failed, error, test }: PastExecution): string[] {
  const bad = findings.filter(({ failures }) => failures > 0);
  if (bad.length === 0) {
    const runs = Math.max(0, ...findings.map((one) => one.runs));
    return [runs === 0 ? kept(error) : `ground ${countOf(runs, 'time')}, no test failed`];
  }
  const errorOf = (name: string | null) => failed.find((one) => one.test === name)?.error ?? (name ? null : error);
  const lines = bad.slice(0, MOST_FINDINGS).map((one) => {
    const who = test !== null ? '' : one.test === null ? 'the file as a whole: ' : `${one.test}: `;
    const why = errorOf(one.test);
    return `${who}${findingText(one)}${why === null ? '' : `; ${errorLine(why)}`}`;
  });
  return bad.length > lines.length ? [...lines, `and ${countOf(bad.length - lines.length, 'more test')}`] : lines;
}

function errorsOf(execution: PastExecution): string[] {
  const { error, failed, retries, test, campaign } = execution;
  if (campaign !== null) return campaignLines(campaign, execution);
  const [first] = failed;
  const more = failed.length > 1 ? ` (and ${countOf(failed.length - 1, 'more test')})` : '';
  const why = test !== null || first === undefined ? kept(error) : `${first.test}: ${kept(first.error)}${more}`;
  return [
    ...(isFailure(execution) && execution.outcome !== 'poison' ? [why] : []),
    ...retries.map(({ test: name, errors }) => {
      const who = test === null ? `${name}: ` : '';
      return `${who}tried ${errors.length + 1} times, at first: ${kept(errors.find((one) => one !== null))}`;
    }),
  ];
}

const longest = (executions: readonly PastExecution[]) =>
  Math.max(0, ...executions.map(({ durationMs }) => durationMs ?? 0));

/** The name, and how it went at a glance: times oldest to newest, failures in red. */
function headLines(executions: readonly PastExecution[], terminal: Terminal): string[] {
  const { bold, dim, red } = colorsOf(terminal);
  const first = executions[0] as PastExecution;
  const { ellipsis } = signsOf(terminal);
  const part = first.part === null ? '' : ` (part ${printable(first.part)})`;
  const name = fileOrTestName(first, terminal.columns, terminal);
  const passed = executions.filter(({ outcome }) => outcome === 'passed').length;
  const failed = executions.filter(isFailure).length;
  const timed = executions
    .filter(({ durationMs }) => durationMs !== null)
    .slice(0, terminal.columns >> 1)
    .reverse();
  const signs = sparkline(
    timed.map(({ durationMs }) => durationMs as number),
    terminal,
  ).map((sign, index) => (isFailure(timed[index] as PastExecution) ? red(sign) : sign));
  const summary = `${signs.length === 0 ? '' : ' '}${countOf(executions.length, 'execution')}: ${passed} passed, ${failed} failed`;
  return [
    bold(cutEnd(`${name}${part}`, terminal.columns, ellipsis)),
    dim(cutEnd(`  ${printable(first.pipeline)}`, terminal.columns, ellipsis)),
    `  ${signs.join('')}${cutEnd(summary, terminal.columns - 2 - signs.length, ellipsis)}`,
  ];
}

const isFailure = ({ outcome }: PastExecution) => outcome === 'failed' || outcome === 'poison';

function executionRow(execution: PastExecution, longestMs: number, terminal: Terminal, nowMs: number): Row {
  const { red } = colorsOf(terminal);
  return {
    cells: [
      cell(formatAgo(execution.finishedAt, nowMs)),
      cell(resultOf(execution), paintOf(execution, colorsOf(terminal))),
      cell(execution.durationMs === null ? '-' : formatDuration(execution.durationMs)),
      cell(bar(execution.durationMs ?? 0, longestMs, barWidth, terminal), isFailure(execution) ? red : undefined),
      cell(execution.node === null ? '-' : printable(execution.node)),
      cell(execution.commit === null ? '-' : printable(shortDigest(execution.commit, COMMIT_DIGITS))),
    ],
    rest: (width) => cell(cutEnd(printable(execution.runId), width, signsOf(terminal).ellipsis)),
  };
}

/** What it was worth, where that was not "it counts". */
function resultOf({ outcome, decision }: PastExecution): string {
  if (outcome === null) return decision;
  const text = printable(outcome);
  return decision === 'accepted' || decision === 'lost'
    ? text
    : `${text}, ${decision === 'retried' ? 'retried' : 'late'}`;
}

function paintOf(execution: PastExecution, { green, red, yellow }: Colors): Paint | undefined {
  if (isFailure(execution)) return red;
  return execution.outcome === null ? yellow : execution.outcome === 'passed' ? green : undefined;
}
