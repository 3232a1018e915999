/** Rows of aligned cells that never get wider than the terminal. */

import { colorsOf, signsOf, type Terminal } from './terminal';
import { cellWidth, cutEnd } from './text-width';

export type Paint = (text: string) => string;

export interface Cell {
  /** Without colours. */
  readonly text: string;
  readonly paint?: Paint | undefined;
}

export interface Column {
  /** Shown dim above the column. */
  readonly title: string;
  readonly align: 'left' | 'right';
  /** May be left out where the terminal is narrow; the last such column goes first. */
  readonly optional?: boolean;
}

export interface Row {
  /** One for each column. */
  readonly cells: readonly Cell[];
  /** What fills the rest of the line (a bar, a path), given its width in cells. */
  readonly rest?: ((width: number) => Cell) | undefined;
}

export interface RowsLayout {
  readonly indent?: string;
  /** Print the titles; default true. */
  readonly titles?: boolean;
  /** Title above the rest. */
  readonly restTitle?: string;
  /** Optional columns go before the rest gets narrower than this; default 10 where any row has a rest. */
  readonly restMinimum?: number;
  /** Widest the rest may get; default 40, so that bars stay comparable at a glance on a wide screen. */
  readonly restMaximum?: number;
}

const gap = '  ';

export function cell(text: string, paint?: Paint): Cell {
  return { text, paint };
}

/** Aligns rows under their columns. */
export function alignRows(
  columns: readonly Column[],
  rows: readonly Row[],
  terminal: Terminal,
  layout: RowsLayout = {},
): string[] {
  const { indent = '', titles = true, restTitle = '', restMaximum = 40 } = layout;
  const hasRest = rows.some((row) => row.rest !== undefined);
  const restMinimum = hasRest ? (layout.restMinimum ?? 10) : 0;
  const { dim } = colorsOf(terminal);
  const titleRow: Row = {
    cells: columns.map(({ title }) => cell(title, dim)),
    rest: restTitle === '' ? undefined : () => cell(restTitle, dim),
  };
  const printed = titles ? [titleRow, ...rows] : rows;
  const widths = columns.map((_, index) =>
    Math.max(0, ...printed.map((row) => cellWidth(row.cells[index]?.text ?? ''))),
  );
  const room = terminal.columns - cellWidth(indent);
  const shown = chooseColumns(columns, widths, room - (hasRest ? restMinimum + gap.length : 0));
  const restWidth = Math.min(restMaximum, room - usedWidth(shown, widths) - gap.length);

  return printed.map((row) => {
    const cells = shown.map((index) => ({
      ...(row.cells[index] ?? cell('')),
      width: widths[index] ?? 0,
      align: columns[index]?.align ?? 'left',
    }));
    const rest = row.rest !== undefined && restWidth > 0 ? row.rest(restWidth) : undefined;
    if (rest !== undefined) cells.push({ ...rest, width: 0, align: 'left' });
    return indent + joinCells(cells, room, terminal);
  });
}

function usedWidth(shown: readonly number[], widths: readonly number[]): number {
  return shown.reduce((sum, index) => sum + (widths[index] ?? 0), 0) + gap.length * Math.max(0, shown.length - 1);
}

function chooseColumns(columns: readonly Column[], widths: readonly number[], room: number): number[] {
  let shown = columns.map((_, index) => index).filter((index) => (widths[index] ?? 0) > 0);
  while (usedWidth(shown, widths) > room) {
    const last = shown.findLast((index) => columns[index]?.optional === true);
    if (last === undefined) break;
    shown = shown.filter((index) => index !== last);
  }
  return shown;
}

function joinCells(
  cells: readonly (Cell & { readonly width: number; readonly align: 'left' | 'right' })[],
  room: number,
  terminal: Terminal,
): string {
  const { ellipsis } = signsOf(terminal);
  let line = '';
  // Blanks are only written once something follows them, so that no line ends in blanks.
  let blanks = 0;
  let used = 0;
  for (const [index, { text, paint, width, align }] of cells.entries()) {
    const padding = Math.max(0, width - cellWidth(text));
    blanks += (index === 0 ? 0 : gap.length) + (align === 'right' ? padding : 0);
    const visible = cutEnd(text, Math.max(0, room - used - blanks), ellipsis);
    if (visible !== '') {
      line += ' '.repeat(blanks) + (paint ? paint(visible) : visible);
      used += blanks + cellWidth(visible);
      blanks = 0;
    }
    if (align === 'left') blanks += padding;
  }
  return line;
}
