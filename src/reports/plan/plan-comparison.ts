/** `plan --compare`: the plan beside what another tool (`jest --shard`) would do with the same files. */
import { isMostlyHashed } from '../../plan/hashed';
import type { Plan } from '../../plan/plan';
import { bar } from '../terminal/bar';
import { formatCount, formatLoad, formatRatio } from '../terminal/format';
import { alignRows, cell, type Row } from '../terminal/table';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, wrapText } from '../terminal/text-width';
import { hashedNote } from './plan-table';

/** What the other one does with the same files, estimates and workers. */
export interface OtherPlan {
  /** As it is called: `jest --shard`. */
  readonly name: string;
  /** Sum of the estimates of each node, node 1 first, in the unit of the plan. */
  readonly loads: readonly number[];
  /** In the unit of the plan, with the same number of workers. */
  readonly makespan: number;
}

/** Two bars a node on one scale, and how far each is from the ideal. */
export function planComparison(plan: Plan, other: OtherPlan, terminal: Terminal): string[] {
  const nodes = Math.max(plan.nodes.length, other.loads.length);
  const longest = Math.max(0, ...plan.nodes.map(({ load }) => load), ...other.loads);
  const mine = plan.nodes.map(({ load }) => loadText(load, plan));
  const theirs = other.loads.map((load) => loadText(load, plan));
  const barWidth = sharedBarWidth(nodes, mine, theirs, terminal);
  const { ellipsis } = signsOf(terminal);
  const name = cutEnd(other.name, barWidth, ellipsis);
  const colors = colorsOf(terminal);
  const rows = Array.from({ length: nodes }, (_, index): Row => {
    const load = other.loads[index] ?? 0;
    return {
      cells: [
        cell(String(index + 1)),
        cell(mine[index] ?? ''),
        cell(bar(plan.nodes[index]?.load ?? 0, longest, barWidth, terminal), colors.cyan),
        cell(theirs[index] ?? ''),
      ],
      rest: () => cell(bar(load, longest, barWidth, terminal), colors.dim),
    };
  });
  const table = alignRows(
    [
      { title: 'node', align: 'right' },
      { title: 'load', align: 'right' },
      { title: cutEnd('this plan', barWidth, ellipsis).padEnd(barWidth), align: 'left' },
      { title: 'load', align: 'right' },
    ],
    rows,
    terminal,
    { restTitle: name, restMinimum: barWidth, restMaximum: Math.max(barWidth, name.length) },
  );
  return [...table, '', ...comparisonVerdict(plan, other, terminal)];
}

const WITHOUT_TIMINGS =
  'Without timings every file counts 1, so this compares numbers of files and not time. Give durations with --timings; "timings import" makes such a file from a report of Jest.';

function comparisonVerdict(plan: Plan, other: OtherPlan, terminal: Terminal): string[] {
  const { times } = signsOf(terminal);
  if (isMostlyHashed(plan)) return wrapText(`No comparison: ${hashedNote(plan)}.`, terminal.columns);
  const ratio = formatRatio(plan.lowerBound === 0 ? 1 : other.makespan / plan.lowerBound);
  const verdict = `${other.name}: ${ratio} ${times} the ideal, this plan: ${formatRatio(plan.balance)}`;
  return [verdict, ...(plan.unit === 'files' ? [WITHOUT_TIMINGS] : [])].flatMap((text) =>
    wrapText(text, terminal.columns),
  );
}

function loadText(load: number, plan: Plan): string {
  return plan.unit === 'files' ? formatCount(load) : formatLoad(load, plan.unit);
}

function sharedBarWidth(nodes: number, mine: readonly string[], theirs: readonly string[], terminal: Terminal): number {
  const widest = (texts: readonly string[]) => Math.max('load'.length, ...texts.map(({ length }) => length));
  const gaps = 4 * 2;
  const fixed = Math.max('node'.length, String(nodes).length) + widest(mine) + widest(theirs) + gaps;
  const half = Math.floor((terminal.columns - fixed) / 2);
  return Math.max(1, Math.min(30, half));
}
