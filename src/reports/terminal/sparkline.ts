import type { Terminal } from './terminal';

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const ascii = ['_', '.', '-', '~', '=', '+', '*', '#'] as const;

/**
 * Values as columns of one line, scaled from zero, so that twice the value is twice the height.
 *
 * @returns one sign a value
 */
export function sparkline(values: readonly number[], terminal: Terminal): string[] {
  const signs = terminal.unicode ? blocks : ascii;
  const maximum = Math.max(0, ...values);
  return values.map((value) => {
    const height = maximum > 0 ? Math.ceil((value / maximum) * signs.length) : 1;
    return signs[Math.min(signs.length, Math.max(1, height)) - 1] as string;
  });
}
