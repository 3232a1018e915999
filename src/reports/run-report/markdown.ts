/** Texts as markdown that GitHub shows as they are: nothing that a test is called or prints may become markup. */
import { stripEscapes } from './escape-codes';

/** One line of running text or a table cell. */
export function escapeMarkdown(text: string): string {
  return (
    escapeEntities(stripEscapes(text))
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[\\`*_{}[\]|~#]/g, '\\$&')
      .replace(/^([-+])/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      // Addresses would become links.
      .replaceAll('://', '&#58;//')
  );
}

/** Text as preformatted HTML: a fence could be closed by what it holds, `<pre>` only by its end tag. */
export function preformatted(text: string): string {
  return `<pre>${escapeEntities(stripEscapes(text))}</pre>`;
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
