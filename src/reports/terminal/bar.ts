import type { Terminal } from './terminal';

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/**
 * A bar whose full length is `width` cells; exact to an eighth of a cell where the terminal has block characters.
 * Anything above zero shows at least a trace, so that little never looks like nothing.
 */
export function bar(value: number, maximum: number, width: number, terminal: Terminal): string {
  if (width < 1 || !(value > 0) || !(maximum > 0)) return '';
  const cells = Math.min(1, value / maximum) * width;
  if (!terminal.unicode) return '#'.repeat(Math.max(1, Math.round(cells)));
  const inEighths = Math.max(1, Math.round(cells * 8));
  return '█'.repeat(Math.floor(inEighths / 8)) + eighths[inEighths % 8];
}

/** A bar of constant width that shows what is still to do. */
export function progressBar(done: number, total: number, width: number, terminal: Terminal): string {
  if (width < 1) return '';
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  // Rounded down: a full bar means that all is done.
  const filled = Math.floor(share * width);
  const [full, empty] = terminal.unicode ? (['█', '░'] as const) : (['#', '.'] as const);
  return full.repeat(filled) + empty.repeat(width - filled);
}
