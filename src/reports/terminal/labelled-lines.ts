import { colorsOf, type Terminal } from './terminal';
import { wrapText } from './text-width';

/** Pairs of a label and a text, the texts under each other; long ones wrap. Labels are short ASCII words. */
export function labelledLines(
  pairs: readonly (readonly [label: string, text: string])[],
  terminal: Terminal,
  indent = '',
): string[] {
  const { dim } = colorsOf(terminal);
  const labelWidth = Math.max(0, ...pairs.map(([label]) => label.length)) + 2;
  return pairs.flatMap(([label, text]) =>
    wrapText(text, terminal.columns - indent.length - labelWidth).map((line, index) =>
      index === 0
        ? `${indent}${dim(label)}${' '.repeat(labelWidth - label.length)}${line}`
        : indent + ' '.repeat(labelWidth) + line,
    ),
  );
}
