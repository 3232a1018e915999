import { useMemo } from 'preact/hooks';
import { parseAnsi } from '../model/ansi';
import { parseError } from '../model/plain-error';

interface AnsiTextProps {
  readonly text: string;
  readonly label: string;
  /** Jest's text of a failure, which gets colours where it has none. */
  readonly isError?: boolean;
}

/** A traceback or console output in its colours. It may be wider than the page, so it can be scrolled by keyboard. */
export function AnsiText({ text, label, isError = false }: AnsiTextProps) {
  const pieces = useMemo(() => (isError ? parseError(text) : parseAnsi(text)), [text, isError]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <figure class="ansi" tabIndex={0} aria-label={label}>
      <pre>
        {pieces.map((piece, index) =>
          piece.look === '' ? (
            piece.text
          ) : (
            <span key={index} class={piece.look}>
              {piece.text}
            </span>
          ),
        )}
      </pre>
    </figure>
  );
}
