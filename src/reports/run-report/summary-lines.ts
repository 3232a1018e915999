/** The end of `merge` in the terminal: nodes, balance, slowest, failures, and last the verdict. */

import { fileName } from '../../plan/item';
import { bar } from '../terminal/bar';
import { countOf, formatCount, formatDuration, formatRatio } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { alignRows, type Column, cell, type Row } from '../terminal/table';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, cutStart, printable, wrapText } from '../terminal/text-width';
import { failureLines, findingLines } from './failure-lines';
import { flakyLines } from './flaky-lines';
import { hasOwnName } from './node-name';
import { isWrong, mostNotable } from './notable-nodes';
import { quarantineLines } from './quarantine-lines';
import type { NodeState, ReportNode, RunReport } from './run-report';
import { slowestWholeFiles } from './whole-files';

const nodesShown = 16;
const slowestShown = 5;
const nameWidth = 24;

const stateText: Readonly<Record<NodeState, string>> = {
  complete: '',
  interrupted: 'interrupted',
  bailed: 'bailed',
  incomplete: 'cut short',
  disabled: 'disabled',
  recovered: 'from the database',
  missing: 'missing',
};

/** Lines for people, none wider than the terminal. */
export function summaryLines(report: RunReport, terminal: Terminal): string[] {
  const sections = [
    nodeLines(report, terminal),
    balanceLines(report, terminal),
    slowestLines(report, terminal),
    flakyLines(report, terminal),
    failureLines(report, terminal),
    quarantineLines(report, terminal),
    findingLines(report, terminal),
    verdictLines(report, terminal),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function nodeLines({ nodes }: RunReport, terminal: Terminal): string[] {
  if (nodes.length === 0) return [];
  const { red, dim, cyan } = colorsOf(terminal);
  const shown = mostNotable(nodes, nodesShown);
  const longestMs = Math.max(...nodes.map(({ realMs }) => realMs ?? 0));
  const hasNames = shown.some(hasOwnName);
  const hasPlanned = nodes.some(({ plannedMs }) => plannedMs !== null);
  const hasStates = shown.some(({ state }) => state !== 'complete');
  const columns: Column[] = [
    { title: 'node', align: 'right' },
    ...(hasNames ? [{ title: 'name', align: 'left' } as const] : []),
    { title: 'files', align: 'right' },
    { title: 'tests', align: 'right', optional: true },
    { title: 'failed', align: 'right' },
    { title: 'time', align: 'right' },
    ...(hasPlanned ? [{ title: 'planned', align: 'right' } as const] : []),
    ...(hasStates ? [{ title: '', align: 'left' } as const] : []),
  ];
  const rows = shown.map((node): Row => {
    const failed = node.failed > 0 ? node.failed : node.failedFiles;
    return {
      cells: [
        cell(String(node.number), isWrong(node) ? red : undefined),
        ...(hasNames ? [cell(cutEnd(printable(node.name ?? ''), nameWidth, signsOf(terminal).ellipsis))] : []),
        cell(filesText(node)),
        cell(formatCount(node.tests)),
        cell(formatCount(failed), failed > 0 ? red : undefined),
        cell(node.realMs === null ? '-' : formatDuration(node.realMs)),
        ...(hasPlanned ? [cell(node.plannedMs === null ? '-' : formatDuration(node.plannedMs), dim)] : []),
        ...(hasStates ? [cell(stateText[node.state], red)] : []),
      ],
      rest: (width) => cell(bar(node.realMs ?? 0, longestMs, width, terminal), cyan),
    };
  });
  const hidden = nodes.length - shown.length;
  return [...alignRows(columns, rows, terminal), ...(hidden > 0 ? [`  and ${countOf(hidden, 'more node')}`] : [])];
}

function filesText({ files, plannedFiles }: ReportNode): string {
  return plannedFiles === null || plannedFiles === files
    ? formatCount(files)
    : `${formatCount(files)}/${formatCount(plannedFiles)}`;
}

function balanceLines({ balance, totals, run, nodes }: RunReport, terminal: Terminal): string[] {
  if (nodes.length === 0) return [];
  const planned = balance.planned === null ? '' : `, planned ${formatRatio(balance.planned)}`;
  const achieved =
    balance.achieved === null
      ? `unknown: not every node reported all of its files${planned}`
      : `${formatRatio(balance.achieved)}${planned} (busiest node ${formatDuration(balance.realMs)}, best possible ${formatDuration(balance.lowerBoundMs)})`;
  const tests = [
    ...(totals.failed > 0 ? [`${formatCount(totals.failed)} failed`] : []),
    ...(totals.quarantined ? [`${formatCount(totals.quarantined)} failed in quarantine`] : []),
    ...(totals.skipped > 0 ? [`${formatCount(totals.skipped)} skipped`] : []),
    ...(totals.todo > 0 ? [`${formatCount(totals.todo)} todo`] : []),
    `${formatCount(totals.passed)} passed${totals.flaky > 0 ? ` (${formatCount(totals.flaky)} flaky)` : ''}`,
    `${formatCount(totals.tests)} total`,
  ];
  return labelledLines(
    [
      ['balance', achieved],
      ['tests', tests.join(', ')],
      ['time', `${formatDuration(run.durationMs)} for ${formatDuration(totals.busyMs)} of test files`],
    ],
    terminal,
  );
}

function slowestLines(report: RunReport, terminal: Terminal): string[] {
  const { slowest, files, tests } = report;
  const { bold } = colorsOf(terminal);
  const slowFiles = slowestWholeFiles(report, slowestShown).flatMap(({ first, durationMs, nodes }) => {
    const file = files[first];
    const spread = nodes.length > 1 ? ` (on ${countOf(nodes.length, 'node')})` : '';
    return file === undefined ? [] : [[durationMs, `${fileName(file)}${spread}`] as const];
  });
  const slowTests = slowest.tests.slice(0, slowestShown).flatMap((index) => tests[index] ?? []);
  const table = (rows: readonly (readonly [number, string])[]) =>
    alignRows(
      [{ title: 'time', align: 'right' }],
      rows.map(([durationMs, name]) => ({
        cells: [cell(formatDuration(durationMs))],
        rest: (width: number) => cell(cutStart(printable(name), width, signsOf(terminal).ellipsis)),
      })),
      terminal,
      { indent: '  ', titles: false, restMaximum: terminal.columns },
    );
  return [
    ...(slowFiles.length > 0 ? [bold('slowest files'), ...table(slowFiles)] : []),
    ...(slowTests.length > 0
      ? [
          bold('slowest tests'),
          ...table(slowTests.map((test) => [test.durationMs ?? 0, test.titles.join(' ')] as const)),
        ]
      : []),
  ];
}

function verdictLines({ verdict }: RunReport, terminal: Terminal): string[] {
  const { green, red, bold } = colorsOf(terminal);
  const paint = (text: string) => bold(verdict.ok ? green(text) : red(text));
  const isNamed = verdict.problems.every((problem) => verdict.headline.includes(problem));
  const problems = isNamed ? [] : verdict.problems;
  return [
    ...problems.flatMap((text) => wrapText(printable(text), terminal.columns, { first: '  ', others: '    ' })),
    ...(verdict.database ? wrapText(verdict.database, terminal.columns, { first: '  ', others: '    ' }) : []),
    ...wrapText(`jest-distributed: ${printable(verdict.headline)}`, terminal.columns, { others: '  ' }).map(paint),
  ];
}
