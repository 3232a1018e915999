/** What `jest-distributed plan` prints: one line a node, and what the plan rests on. */

import { hashedShareOf, isMostlyHashed } from '../../plan/hashed';
import { fileKey } from '../../plan/item';
import type { EstimateUnit, Plan, PlannedItem, PlannedNode } from '../../plan/plan';
import { bar } from '../terminal/bar';
import { countOf, formatCount, formatLoad, formatRatio, formatShare } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { alignRows, type Column, cell, type Row } from '../terminal/table';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable } from '../terminal/text-width';
import { timeOf } from './node-time';

export interface PlanTableOptions {
  /** Notes under the table: which timings were used, what is unknown. */
  readonly notes?: readonly string[];
}

/**
 * The plan as a table with a bar for each node: how long it takes beside the slowest one.
 *
 * Columns that would say nothing are left out: items and split share where no file is split, load where every file
 * counts 1, time where a node has one worker and so takes as long as its load.
 */
export function planTable(plan: Plan, terminal: Terminal, options: PlanTableOptions = {}): string[] {
  const hasParts = plan.nodes.some(({ items }) => items.some(({ part }) => part !== null));
  // Hashed files are even by construction: figures and bars would praise what nobody knows.
  const isKnown = !isMostlyHashed(plan);
  const hasTime = isKnown && plan.workers > 1 && plan.unit !== 'files';
  const hasUnevenUnits =
    plan.unit !== 'files' || hasParts || plan.nodes.some((node) => node.load !== node.items.length);
  const hasLoad = isKnown && hasUnevenUnits;
  const columns: Column[] = [
    { title: 'node', align: 'right' },
    { title: 'files', align: 'right' },
    ...(hasParts ? [{ title: 'items', align: 'right', optional: true } as const] : []),
    ...(hasParts ? [{ title: 'split', align: 'right', optional: true } as const] : []),
    ...(hasLoad ? [{ title: 'load', align: 'right' } as const] : []),
    ...(hasTime ? [{ title: 'time', align: 'right', optional: true } as const] : []),
  ];
  const times = plan.nodes.map((node) => timeOf(node, plan.workers));
  const longest = Math.max(plan.makespan, ...times);
  const { cyan } = colorsOf(terminal);
  const rows = plan.nodes.map((node, index): Row => {
    const time = times[index] ?? 0;
    return {
      cells: [
        cell(String(node.node)),
        cell(formatCount(countFiles(node.items))),
        ...(hasParts ? [cell(formatCount(node.items.length)), cell(splitShare(node))] : []),
        ...(hasLoad ? [cell(formatLoadCell(node.load, plan.unit))] : []),
        ...(hasTime ? [cell(formatLoadCell(time, plan.unit))] : []),
      ],
      rest: isKnown ? (width) => cell(bar(time, longest, width, terminal), cyan) : undefined,
    };
  });
  return [...alignRows(columns, rows, terminal), '', ...planFooter(plan, terminal, options.notes ?? [])];
}

/** What the plan rests on, under the table or the comparison. */
export function planFooter(plan: Plan, terminal: Terminal, notes: readonly string[]): string[] {
  const items = plan.nodes.flatMap((node) => node.items);
  const parts = items.filter(({ part }) => part !== null);
  const files = countOf(countFiles(items), 'file');
  const split = parts.length > 0 ? `, ${formatCount(countFiles(parts))} of them split into ${parts.length} parts` : '';
  const makespan = formatLoad(plan.makespan, plan.unit);
  const bound = formatBound(plan.lowerBound, plan.unit);
  const missing = unknownOf(plan.unit);
  const hashed = hashedNote(plan);
  const figures = [
    ['makespan', `${makespan}, lower bound ${bound}`],
    ['balance', `${formatRatio(plan.balance)} (makespan / lower bound, 1.00 is perfect)`],
  ] as const;
  return labelledLines(
    [
      ['files', `${files} on ${countOf(plan.nodes.length, 'node')}, ${countOf(plan.workers, 'worker')} a node${split}`],
      ['strategy', `${plan.strategy}, hash by ${plan.hashBy}`],
      ...(isMostlyHashed(plan) ? [['loads', `unknown: ${hashed}`] as const] : figures),
      ['digest', plan.digest],
      ...(missing === null ? [] : [['note', missing] as const]),
      ...(hashed === null || isMostlyHashed(plan)
        ? []
        : [['note', `${hashed}; each node counts an even share of them`] as const]),
      ...notes.map((note) => ['note', printable(note)] as const),
    ],
    terminal,
  );
}

/** What is hashed only when it is loaded; null where nothing is. */
export function hashedNote(plan: Plan): string | null {
  const { files, by } = hashedShareOf(plan);
  return files === 0
    ? null
    : `tests of ${countOf(files, 'file')} are hashed by ${by.join(' and ')} when the ${files === 1 ? 'file is' : 'files are'} loaded`;
}

/** What a plan in this unit does not know; null where it knows durations. */
export function unknownOf(unit: EstimateUnit): string | null {
  if (unit === 'ms') return null;
  return unit === 'bytes' ? 'no timings: files are weighted by size' : 'no timings: every file counts 1';
}

/** Number of different files; the parts of a split file are one. */
export function countFiles(items: readonly PlannedItem[]): number {
  return new Set(items.map(({ project, file }) => fileKey({ project, path: file }))).size;
}

/** A fair share of files is rarely a whole number. */
function formatBound(lowerBound: number, unit: EstimateUnit): string {
  return unit === 'files' && !Number.isInteger(lowerBound) ? lowerBound.toFixed(1) : formatLoadCell(lowerBound, unit);
}

/** In a table the heading says what is counted. */
function formatLoadCell(load: number, unit: EstimateUnit): string {
  return unit === 'files' ? formatCount(load) : formatLoad(load, unit);
}

function splitShare({ items, load }: PlannedNode): string {
  const split = items.reduce((sum, item) => sum + (item.part === null ? 0 : item.estimate), 0);
  return load > 0 ? formatShare(split / load) : '-';
}
