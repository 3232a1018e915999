/** Sections of the page of codes, as a terminal shows them. */
import { withRunner } from '../../shell/runner';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { wrapText } from '../terminal/text-width';

/** Text of each section by its code, in the order of the page. */
export function sectionsOf(page: string): ReadonlyMap<string, string> {
  const pieces = page.replaceAll('\r\n', '\n').split(/^### (\S+)$/m);
  const sections = new Map<string, string>();
  for (let index = 1; index < pieces.length; index += 2) {
    // The next group's title is none of it.
    sections.set(pieces[index] as string, (pieces[index + 1] as string).split(/^## /m)[0]?.trim() ?? '');
  }
  return sections;
}

/** Without the marks of Markdown; links keep their text. */
const plain = (text: string): string => text.replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 (docs/$2)').replaceAll('`', '');

/** A section with its code above it. */
export function sectionLines(code: string, text: string, terminal: Terminal): string[] {
  const { bold } = colorsOf(terminal);
  const body = withRunner(plain(text), terminal.runner ?? 'npx')
    .split('\n')
    .filter((line) => line !== '');
  const indent = { first: '  ', others: '  ' };
  return [bold(code), ...body.flatMap((line) => wrapText(line, terminal.columns, indent))];
}
