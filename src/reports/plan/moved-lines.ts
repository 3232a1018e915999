/** What differs from the last assignment, and why. */
import type { PlacementReason } from '../../plan/strategies/strategy';
import { countOf, formatCount, formatShare } from '../terminal/format';
import { alignRows, cell, type Row } from '../terminal/table';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutStart, printable, wrapText } from '../terminal/text-width';

export interface MovedItem {
  readonly project: string | null;
  readonly file: string;
  readonly part: string | null;
  /** 1-based; null for an item that the last assignment did not have. */
  readonly from: number | null;
  /** 1-based; null for an item that is gone. */
  readonly to: number | null;
  /** How it came to its node; null for an item that is gone. */
  readonly reason: PlacementReason | null;
}

export interface MovedView {
  readonly nodes: number;
  /** Items of the plan. */
  readonly items: number;
  /** Null where no last assignment for this number of nodes is known. */
  readonly changes: readonly MovedItem[] | null;
}

const namesShown = 5;

/** Counts in one line, then for each kind of change the first few names. */
export function movedLines(view: MovedView, terminal: Terminal): string[] {
  if (view.changes === null) {
    return wrapText(
      `there is no last assignment over ${countOf(view.nodes, 'node')}: every item was placed again`,
      terminal.columns,
    );
  }
  const moved = view.changes.filter(({ from, to }) => from !== null && to !== null);
  const added = view.changes.filter(({ from }) => from === null);
  const gone = view.changes.filter(({ from, to }) => from !== null && to === null);
  if (moved.length + added.length + gone.length === 0) {
    return wrapText(
      `since the last assignment: nothing moved, ${countOf(view.items, 'item')} stay on their nodes`,
      terminal.columns,
    );
  }
  const share = moved.length > 0 && view.items > 0 ? ` (${formatSmallShare(moved.length / view.items)})` : '';
  return [
    ...wrapText(
      `since the last assignment: ${formatCount(moved.length)} of ${countOf(view.items, 'item')} moved${share}, ` +
        `${formatCount(added.length)} new, ${formatCount(gone.length)} gone`,
      terminal.columns,
      { others: '  ' },
    ),
    ...groups(moved).flatMap(([title, items]) => changeLines(title, items, terminal)),
    ...changeLines('new', added, terminal),
    ...changeLines('gone', gone, terminal),
  ];
}

/** Below one percent is what sticky is about, so it gets a digit more. */
function formatSmallShare(share: number): string {
  return share > 0 && share < 0.1 ? `${(share * 100).toFixed(1)} %` : formatShare(share);
}

function groups(moved: readonly MovedItem[]): [title: string, items: MovedItem[]][] {
  const byWhy = new Map<string, MovedItem[]>();
  for (const item of moved) {
    const why = item.reason === null ? 'moved' : movedBecause[item.reason];
    byWhy.set(why, [...(byWhy.get(why) ?? []), item]);
  }
  return [...byWhy];
}

const movedBecause: Readonly<Record<PlacementReason, string>> = {
  home: 'moved to their home on the ring',
  overflow: 'moved because their home is full',
  rebalanced: 'moved to lower the longest load',
  sticky: 'moved',
  new: 'moved',
};

function changeLines(title: string, items: readonly MovedItem[], terminal: Terminal): string[] {
  if (items.length === 0) return [];
  const { dim } = colorsOf(terminal);
  const { ellipsis } = signsOf(terminal);
  const rows = items.slice(0, namesShown).map(
    (item): Row => ({
      cells: [cell(fromTo(item, terminal), dim)],
      rest: (width) => cell(cutStart(nameOf(item, terminal), width, ellipsis)),
    }),
  );
  const hidden = items.length - rows.length;
  return [
    ...wrapText(`${formatCount(items.length)} ${title}`, terminal.columns, { first: '  ', others: '  ' }),
    ...alignRows([{ title: '', align: 'left' }], rows, terminal, {
      indent: '    ',
      titles: false,
      restMaximum: terminal.columns,
    }),
    ...(hidden > 0 ? [`    and ${formatCount(hidden)} more`] : []),
  ];
}

function fromTo({ from, to }: MovedItem, terminal: Terminal): string {
  const { arrow } = signsOf(terminal);
  if (from === null) return `${arrow} node ${to}`;
  return to === null ? `node ${from}` : `node ${from} ${arrow} ${to}`;
}

function nameOf({ project, file, part }: MovedItem, terminal: Terminal): string {
  const { pointer } = signsOf(terminal);
  return [project, file, part]
    .filter((name) => name !== null)
    .map(printable)
    .join(` ${pointer} `);
}
