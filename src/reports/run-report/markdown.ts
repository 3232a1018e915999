/** Texts as markdown that GitHub shows as they are: nothing that a test is called or prints may become markup. */
import { stripEscapes } from './escape-codes';

// Overrides and isolates of the direction of writing, which make a text read as another.
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What a person can see of a text. */
const visible = (text: string): string => stripEscapes(text).replace(DIRECTIONS, '');

const inOneLine = (text: string): string => visible(text).replace(/\s+/g, ' ').trim();

/** One line of running text or a table cell. */
export function escapeMarkdown(text: string): string {
  return (
    escapeEntities(inOneLine(text))
      .replace(/[\\`*_{}[\]|~#]/g, '\\$&')
      .replace(/^([-+])/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      // Addresses would become links.
      .replaceAll('://', '&#58;//')
      .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}&#46;`)
      .replaceAll('@', '&#64;')
  );
}

/** Inside HTML a link of markdown is none; in case a viewer thinks otherwise. */
const withoutLinks = (html: string): string => html.replaceAll('](', ']&#40;');

/**
 * Text as preformatted HTML: a fence could be closed by what it holds, `<pre>` only by its end tag. Where an empty line
 * ends it all the same, as in some viewers, what would be a heading or a link is none.
 */
export function preformatted(text: string): string {
  const inert = withoutLinks(escapeEntities(visible(text))).replace(/^(\s*)#/gm, '$1&#35;');
  return `<pre>${inert}</pre>`;
}

/**
 * One line of text inside a block of HTML, where no markdown is read. An empty line would end the block, and what follows
 * it would be markdown.
 */
export function inlineHtml(text: string): string {
  return withoutLinks(escapeEntities(inOneLine(text)));
}

/** Inline code; HTML for the same reason. Its content is still read as markdown, which must find none. */
export function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export type Align = 'left' | 'right';

/** A table; cells are markdown already. */
export function table(
  columns: readonly (readonly [title: string, align: Align])[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(([, align]) => (align === 'right' ? '--:' : ':--'))),
    ...rows.map(line),
  ].join('\n');
}

/** Folds away below a title; both are markdown or HTML already. */
export function collapsible(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Bytes as GitHub counts them. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
