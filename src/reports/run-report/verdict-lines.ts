/** The end of `run --local`: every node, and whether the whole run passed. */

import { paintOf } from '../live/live-lines';
import { countOf, formatCount, formatDuration } from '../terminal/format';
import { alignRows, type Column, cell, type Row } from '../terminal/table';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cellWidth, cutEnd, printable } from '../terminal/text-width';
import { hasPassed, type NodeVerdict, problemOf, type VerdictView } from './verdict';

export type { VerdictView } from './verdict';

const mostRows = 16;
const foldedRows = 12;

/** A table of the nodes and, last, one line with the verdict. */
export function verdictLines(view: VerdictView, terminal: Terminal): string[] {
  const shown = view.nodes.length > mostRows ? mostNotable(view.nodes) : view.nodes;
  const hidden = view.nodes.filter((node) => !shown.includes(node));
  const hasPlanned = view.nodes.some(({ plannedMs }) => plannedMs !== null);
  const columns: Column[] = [
    { title: 'node', align: 'right' },
    { title: 'files', align: 'right' },
    { title: 'tests', align: 'right', optional: true },
    { title: 'failed', align: 'right' },
    { title: 'time', align: 'right' },
    ...(hasPlanned ? [{ title: 'planned', align: 'right', optional: true } as const] : []),
    { title: 'exit', align: 'left' },
  ];
  const rows = shown.map((node) => verdictRow(node, hasPlanned, terminal));
  return [
    ...alignRows(columns, rows, terminal),
    ...(hidden.length > 0 ? [hiddenText(hidden)] : []),
    '',
    verdictLine(view, terminal),
  ];
}

function verdictRow(node: NodeVerdict, hasPlanned: boolean, terminal: Terminal): Row {
  const colors = colorsOf(terminal);
  const ranAll = node.filesRun === node.filesPlanned;
  const planned = ranAll ? '' : `/${formatCount(node.filesPlanned)}`;
  const paint = paintOf(node.state, colors);
  return {
    cells: [
      cell(String(node.node), node.state === 'passed' ? undefined : paint),
      cell(`${formatCount(node.filesRun)}${planned}`, ranAll ? undefined : colors.red),
      cell(formatCount(node.tests)),
      cell(formatCount(node.testsFailed), node.testsFailed > 0 ? colors.red : undefined),
      cell(formatDuration(node.durationMs)),
      ...(hasPlanned ? [cell(node.plannedMs === null ? '-' : formatDuration(node.plannedMs), colors.dim)] : []),
      cell(node.signal ?? (node.exitCode === null ? '-' : String(node.exitCode)), paint),
    ],
  };
}

/** First what went wrong, then the slowest; in the order of their numbers. */
function mostNotable(nodes: readonly NodeVerdict[]): NodeVerdict[] {
  const bySlowness = [...nodes].sort((a, b) => b.durationMs - a.durationMs || a.node - b.node);
  const wrong = bySlowness.filter((node) => problemOf(node) !== null);
  const right = bySlowness.filter((node) => problemOf(node) === null);
  return [...wrong, ...right].slice(0, foldedRows).sort((a, b) => a.node - b.node);
}

function hiddenText(hidden: readonly NodeVerdict[]): string {
  const wrong = hidden.filter((node) => problemOf(node) !== null).length;
  const nodes = `and ${countOf(hidden.length, 'more node')}`;
  return wrong === 0 ? `${nodes} that passed` : `${nodes}, ${formatCount(wrong)} of them not passed`;
}

function verdictLine(view: VerdictView, terminal: Terminal): string {
  const { green, red, bold } = colorsOf(terminal);
  const passed = hasPassed(view);
  const word = passed ? 'passed' : 'FAILED';
  const room = terminal.columns - word.length - 2;
  const texts = passed ? successTexts(view) : failureTexts(view);
  const text = texts.find((candidate) => cellWidth(candidate) <= room) ?? texts.at(-1) ?? '';
  return `${bold(passed ? green(word) : red(word))}: ${cutEnd(text, room, signsOf(terminal).ellipsis)}`;
}

/** From the longest to the shortest. */
function successTexts({ nodes, durationMs }: VerdictView): string[] {
  const files = countOf(
    sumOf(nodes, (node) => node.filesRun),
    'file',
  );
  const tests = countOf(
    sumOf(nodes, (node) => node.tests),
    'test',
  );
  const time = formatDuration(durationMs);
  return [`${files}, ${tests} on ${countOf(nodes.length, 'node')} in ${time}`, `${files}, ${tests} in ${time}`];
}

/** From the longest to the shortest: by node, else in numbers. */
function failureTexts({ nodes, problems }: VerdictView): string[] {
  const wrong = nodes.filter((node) => problemOf(node) !== null);
  const notRun = sumOf(nodes, (node) => Math.max(0, node.filesPlanned - node.filesRun));
  const testsFailed = sumOf(nodes, (node) => node.testsFailed);
  const counts = [
    ...(notRun > 0 ? [`${countOf(notRun, 'file')} not run`] : []),
    ...(testsFailed > 0 ? [`${countOf(testsFailed, 'test')} failed`] : []),
  ].join(', ');
  const where = `${formatCount(wrong.length)} of ${countOf(nodes.length, 'node')}`;
  const inNumbers = counts === '' ? `${where} did not pass` : `${counts} on ${where}`;
  const texts =
    wrong.length === 0
      ? [nodes.length === 0 ? 'no node ran' : '']
      : [
          wrong.map((node) => `node ${node.node} ${problemOf(node)}`).join('; '),
          `${inNumbers} (${wrong.map(({ node }) => node).join(', ')})`,
          inNumbers,
        ];
  return texts.map((text) => [...problems.map(printable), text].filter((part) => part !== '').join('; '));
}

function sumOf(nodes: readonly NodeVerdict[], pick: (node: NodeVerdict) => number): number {
  return nodes.reduce((sum, node) => sum + pick(node), 0);
}
