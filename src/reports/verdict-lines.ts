/** The end of `run --local`: every node, and whether the whole run passed. */
import { cutEnd, printable } from './cells';
import { countOf, formatCount, formatDuration } from './durations';
import { paintOf } from './progress-lines';
import { alignRows, type Column, cell, type Row } from './rows';
import { colorsOf, signsOf, type Terminal } from './terminal';

export interface NodeVerdict {
  /** 1-based. */
  readonly node: number;
  readonly state: 'passed' | 'failed' | 'killed';
  readonly filesRun: number;
  readonly filesPlanned: number;
  /** All tests that have a result, the failed ones among them. */
  readonly tests: number;
  readonly testsFailed: number;
  readonly durationMs: number;
  /** Null where the plan knew no durations. */
  readonly plannedMs: number | null;
  /** Null where a signal ended the node. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface VerdictView {
  readonly nodes: readonly NodeVerdict[];
  /** From the first node's start to the last node's end. */
  readonly durationMs: number;
  /** What is wrong with the run beyond single nodes, a few words each: `2 tests ran twice`, `interrupted`. */
  readonly problems: readonly string[];
}

const mostRows = 16;
const foldedRows = 12;

/**
 * Whether every node passed and ran all that was planned for it. The exit code of `run --local` and the verdict are both
 * made from this, so that they cannot disagree.
 */
export function hasPassed({ nodes, problems }: VerdictView): boolean {
  return problems.length === 0 && nodes.length > 0 && nodes.every((node) => nodeProblem(node) === null);
}

/** A table of the nodes and, last, one line with the verdict. */
export function verdictLines(view: VerdictView, terminal: Terminal): string[] {
  const shown = view.nodes.length > mostRows ? mostTelling(view.nodes) : view.nodes;
  const hidden = view.nodes.length - shown.length;
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
    ...(hidden > 0 ? [`${countOf(hidden, 'more node')} passed`] : []),
    '',
    verdictLine(view, terminal),
  ];
}

function verdictRow(node: NodeVerdict, hasPlanned: boolean, terminal: Terminal): Row {
  const colors = colorsOf(terminal);
  const isShort = node.filesRun !== node.filesPlanned;
  const files = isShort
    ? `${formatCount(node.filesRun)}/${formatCount(node.filesPlanned)}`
    : formatCount(node.filesRun);
  const paint = paintOf(node.state, colors);
  return {
    cells: [
      cell(String(node.node), node.state === 'passed' ? undefined : paint),
      cell(files, isShort ? colors.red : undefined),
      cell(formatCount(node.tests)),
      cell(formatCount(node.testsFailed), node.testsFailed > 0 ? colors.red : undefined),
      cell(formatDuration(node.durationMs)),
      ...(hasPlanned ? [cell(node.plannedMs === null ? '-' : formatDuration(node.plannedMs), colors.dim)] : []),
      cell(node.signal ?? (node.exitCode === null ? '-' : String(node.exitCode)), paint),
    ],
  };
}

function verdictLine(view: VerdictView, terminal: Terminal): string {
  const { green, red, bold } = colorsOf(terminal);
  const { ellipsis } = signsOf(terminal);
  const sum = (pick: (node: NodeVerdict) => number) => view.nodes.reduce((all, node) => all + pick(node), 0);
  const passed = hasPassed(view);
  const totals =
    `${countOf(
      sum(({ filesRun }) => filesRun),
      'file',
    )}, ${countOf(
      sum(({ tests }) => tests),
      'test',
    )} ` + `on ${countOf(view.nodes.length, 'node')} in ${formatDuration(view.durationMs)}`;
  const word = passed ? 'passed' : 'FAILED';
  const text = passed ? totals : problemsOf(view).join('; ');
  const paint = (part: string) => bold(passed ? green(part) : red(part));
  return `${paint(word)}: ${cutEnd(text, terminal.columns - word.length - 2, ellipsis)}`;
}

function problemsOf({ nodes, problems }: VerdictView): string[] {
  if (nodes.length === 0) return ['no node ran'];
  return [
    ...problems.map(printable),
    ...nodes.flatMap((node) => {
      const problem = nodeProblem(node);
      return problem === null ? [] : [`node ${node.node} ${problem}`];
    }),
  ];
}

function nodeProblem(node: NodeVerdict): string | null {
  const missing = node.filesPlanned - node.filesRun;
  const lost = missing > 0 ? ` with ${countOf(missing, 'file')} not run` : '';
  if (node.signal !== null) return `killed by ${node.signal}${lost}`;
  if (node.state === 'killed') return `killed${lost}`;
  if (node.testsFailed > 0) return `has ${countOf(node.testsFailed, 'failed test')}${lost}`;
  if (node.exitCode !== 0) return `ended with exit code ${node.exitCode ?? '-'}${lost}`;
  if (missing > 0) return `did not run ${countOf(missing, 'file')}`;
  if (missing < 0) return `ran ${countOf(-missing, 'file')} too many`;
  return node.state === 'failed' ? 'failed' : null;
}

/** First what went wrong, then the slowest; in the order of their numbers. */
function mostTelling(nodes: readonly NodeVerdict[]): NodeVerdict[] {
  const wrong = nodes.filter((node) => nodeProblem(node) !== null);
  const slowest = nodes
    .filter((node) => nodeProblem(node) === null)
    .sort((a, b) => b.durationMs - a.durationMs || a.node - b.node)
    .slice(0, Math.max(0, foldedRows - wrong.length));
  return [...wrong, ...slowest].sort((a, b) => a.node - b.node);
}
