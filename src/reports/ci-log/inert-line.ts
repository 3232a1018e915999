import { printable } from '../terminal/text-width';

/** Longer titles are cut by the CIs, or refused. */
const TITLE_LENGTH = 200;

const MESSAGE_LENGTH = 4_000;

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** One line that neither moves a cursor nor reads as another text. */
export const inertTitle = (text: string): string => cut(printable(text), TITLE_LENGTH);

/** Lines below each other, each inert. */
export const inertLines = (lines: readonly string[]): string =>
  cut(
    lines
      .flatMap((line) => line.split('\n'))
      .map(printable)
      .join('\n'),
    MESSAGE_LENGTH,
  );
