/** What the reporter prints before the first file: who runs how much. */
import { isMostlyHashed } from '../../plan/hashed';
import type { Plan } from '../../plan/plan';
import { timeOf } from '../plan/node-time';
import { countFiles, hashedNote, unknownOf } from '../plan/plan-table';
import { bar } from '../terminal/bar';
import { countOf, formatCount, formatLoad, formatRatio, shortDigest } from '../terminal/format';
import { alignRows, type Column, cell, type Row } from '../terminal/table';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { wrapText } from '../terminal/text-width';

/** Who of the nodes this one is. */
export interface NodeOfRun {
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
}

export interface StartOptions {
  /** Number of tests of each node, node 1 first; null where it is not known. */
  readonly testsPerNode?: readonly (number | null)[];
}

/** More than a glance takes in: above this the lines fold. */
const mostLines = 10;

/** Every node with its files and load while that stays within ten lines, else the extremes and this node. */
export function startLines(plan: Plan, identity: NodeOfRun, terminal: Terminal, options: StartOptions = {}): string[] {
  const files = countFiles(plan.nodes.flatMap(({ items }) => items));
  const heading = wrapText(
    `jest-distributed: node ${identity.node} of ${identity.nodes}, ${countOf(files, 'file')} ` +
      `(${plan.strategy}, digest ${shortDigest(plan.digest)})`,
    terminal.columns,
    { others: '  ' },
  );
  const outlook = wrapText(outlookOf(plan), terminal.columns, { first: '   ', others: '   ' });
  const room = mostLines - heading.length - outlook.length;
  const rows = plan.nodes.length <= room ? everyNode(plan, identity) : extremes(plan, identity);
  const longest = Math.max(plan.makespan, ...plan.nodes.map((node) => timeOf(node, plan.workers)));
  return [...heading, ...nodeLines(rows, { plan, longest, terminal, options }), ...outlook];
}

/** When all will be done, or why nobody knows. */
function outlookOf(plan: Plan): string {
  if (isMostlyHashed(plan)) return `loads are unknown: ${hashedNote(plan)}`;
  const workers = plan.workers > 1 ? ` with ${formatCount(plan.workers)} workers a node` : '';
  return (
    unknownOf(plan.unit) ??
    `planned to take ${formatLoad(plan.makespan, plan.unit)}${workers} (balance ${formatRatio(plan.balance)})`
  );
}

interface MarkedNode {
  readonly label: string;
  /** Index into the plan's nodes. */
  readonly index: number;
  readonly isThis: boolean;
}

function everyNode(plan: Plan, identity: NodeOfRun): MarkedNode[] {
  return plan.nodes.map(({ node }, index) => ({ label: `node ${node}`, index, isThis: node === identity.node }));
}

function extremes(plan: Plan, identity: NodeOfRun): MarkedNode[] {
  const byLoad = plan.nodes
    .map((node, index) => ({ index, time: timeOf(node, plan.workers) }))
    .sort((a, b) => a.time - b.time || a.index - b.index);
  const at = (position: number) => byLoad[position]?.index ?? 0;
  const numberAt = (index: number) => plan.nodes[index]?.node ?? index + 1;
  const mine = plan.nodes.findIndex(({ node }) => node === identity.node);
  const marked = (label: string, index: number): MarkedNode => ({
    label: `${label} (node ${numberAt(index)})`,
    index,
    isThis: false,
  });
  return [
    ...(mine < 0 ? [] : [{ label: 'this node', index: mine, isThis: true }]),
    marked('least', at(0)),
    marked('median', at(Math.floor((byLoad.length - 1) / 2))),
    marked('most', at(byLoad.length - 1)),
  ];
}

interface NodeLinesContext {
  readonly plan: Plan;
  readonly longest: number;
  readonly terminal: Terminal;
  readonly options: StartOptions;
}

function nodeLines(marked: readonly MarkedNode[], { plan, longest, terminal, options }: NodeLinesContext): string[] {
  const { bold, cyan, dim } = colorsOf(terminal);
  const { pointer } = signsOf(terminal);
  const columns: Column[] = [
    { title: '', align: 'left' },
    { title: '', align: 'left' },
    { title: '', align: 'right' },
    { title: '', align: 'right', optional: true },
    { title: '', align: 'right' },
  ];
  const isKnown = !isMostlyHashed(plan);
  const rows = marked.map(({ label, index, isThis }): Row => {
    const node = plan.nodes[index] ?? { node: index + 1, load: 0, items: [] };
    const tests = options.testsPerNode?.[index] ?? null;
    const paint = isThis ? bold : undefined;
    const paintBar = isThis ? cyan : dim;
    return {
      cells: [
        cell(isThis ? pointer : '', paint),
        cell(label, paint),
        cell(countOf(countFiles(node.items), 'file'), paint),
        cell(tests === null ? '' : countOf(tests, 'test'), paint),
        cell(plan.unit === 'files' || !isKnown ? '' : formatLoad(node.load, plan.unit), paint),
      ],
      // One bar alone compares nothing.
      rest:
        plan.nodes.length > 1 && isKnown
          ? (width) => cell(bar(timeOf(node, plan.workers), longest, width, terminal), paintBar)
          : undefined,
    };
  });
  return alignRows(columns, rows, terminal, { titles: false, restMaximum: 30, restMinimum: 6 });
}
