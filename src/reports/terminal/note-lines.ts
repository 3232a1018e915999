/** A text of several lines that is printed between others: the first one broken, what follows may be a command. */
import type { Terminal } from './terminal';
import { wrapText } from './text-width';

export function noteLines(text: string, { columns }: Pick<Terminal, 'columns'>): string[] {
  const [first = '', ...others] = text.split('\n');
  return [...wrapText(first, columns, { others: '  ' }), ...others.map((line) => `  ${line.trim()}`)];
}
