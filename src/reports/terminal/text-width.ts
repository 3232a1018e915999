/** Text measured in display cells: a CJK character or an emoji takes two, a combining mark none. */
import stringWidth from 'string-width';

import { withoutCommands } from '../../blob/ci-commands';
import { shownText } from '../../blob/shown-text';
import { commandsApart } from '../../shell/message-lines';
import { withUnbrokenCommands } from '../../shell/unbroken';

const plainAscii = /^[\x20-\x7e]*$/;

// Made when a text needs it: the first one of a process takes 15 ms, and most names are plain ASCII.
let segmenter: Intl.Segmenter | undefined;

/** Number of display cells of a text; escape codes count nothing. */
export function cellWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  return stringWidth(text);
}

// A file's name may hold a line feed, an escape code or a bidirectional override. Printed as they are they would move
// the cursor or forge a line. The zero-width joiners are kept: emoji and several scripts need them.
const unprintable = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\0': '\\0', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text from outside (file, project, test name) with everything that could disturb a terminal, or that a CI would take
 * for a command, made visible, and with paths of a blob from the root.
 */
export function printable(text: string): string {
  const inert = withoutCommands(shownText(text));
  if (plainAscii.test(inert)) return inert;
  return inert.replace(
    unprintable,
    (character) => shortEscapes[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function graphemes(text: string): string[] {
  if (plainAscii.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Cuts the end off a text without colours. */
export function cutEnd(text: string, width: number, ellipsis: string): string {
  if (cellWidth(text) <= width) return text;
  if (width < cellWidth(ellipsis)) return ellipsis.slice(0, Math.max(0, width));
  const kept = takeCells(graphemes(text), width - cellWidth(ellipsis));
  return kept + ellipsis;
}

/** Cuts the start off a text without colours: the end of a path says most. */
export function cutStart(text: string, width: number, ellipsis: string): string {
  if (cellWidth(text) <= width) return text;
  if (width < cellWidth(ellipsis)) return ellipsis.slice(0, Math.max(0, width));
  const room = width - cellWidth(ellipsis);
  const all = graphemes(text);
  let first = all.length;
  let cells = 0;
  while (first > 0) {
    cells += cellWidth(all[first - 1] ?? '');
    if (cells > room) break;
    first--;
  }
  return ellipsis + all.slice(first).join('');
}

/** As many graphemes from the start as fit. */
function takeCells(all: readonly string[], width: number): string {
  let cells = 0;
  let kept = '';
  for (const grapheme of all) {
    cells += cellWidth(grapheme);
    if (cells > width) break;
    kept += grapheme;
  }
  return kept;
}

/** Splits a text without colours into pieces that fit; a grapheme is never cut. */
export function chop(text: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const grapheme of graphemes(text)) {
    if (piece !== '' && cellWidth(piece + grapheme) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += grapheme;
  }
  if (piece !== '' || pieces.length === 0) pieces.push(piece);
  return pieces;
}

// A number keeps its unit: `4.2 s`, `1m 05s`, `3 %`.
const breaks = / (?!(?:ms|s|kB|%|\d\d[sm])(?!\w))/;

export interface Indents {
  /** Before the first line. */
  readonly first?: string;
  /** Before all others. */
  readonly others?: string;
}

/**
 * Breaks a text without colours into lines at its spaces. A word wider than a line is chopped rather than lost. A command
 * at its end that is to be copied gets a line of its own, however wide it is.
 */
export function wrapText(text: string, columns: number, indents: Indents = {}): string[] {
  const { first = '', others = '' } = indents;
  const wrap = (part: string) =>
    withUnbrokenCommands(part, columns - cellWidth(others), (glued) => wrapGlued(glued, columns, indents));
  if (cellWidth(first + text) <= columns || text.includes('\n')) return wrap(text);
  const [prose = '', command] = commandsApart(text, '').split('\n');
  return command === undefined ? wrap(text) : [...wrap(prose), `${others}  ${command}`];
}

function wrapGlued(text: string, columns: number, { first = '', others = '' }: Indents): string[] {
  const lines: string[] = [];
  let indent = first;
  let line = '';
  const finishLine = () => {
    // A line may begin in the midst of the text.
    lines.push(withoutCommands(indent + line));
    indent = others;
    line = '';
  };
  for (const word of text.split(breaks)) {
    if (line !== '' && cellWidth(`${indent}${line} ${word}`) > columns) finishLine();
    if (line !== '') {
      line += ` ${word}`;
      continue;
    }
    const room = Math.max(1, columns - Math.max(cellWidth(first), cellWidth(others)));
    const pieces = chop(word, room);
    for (const piece of pieces) {
      if (line !== '') finishLine();
      line = piece;
    }
  }
  if (line !== '' || lines.length === 0) finishLine();
  return lines;
}
