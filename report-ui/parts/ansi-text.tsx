import { useMemo } from 'preact/hooks';
import { parseAnsi } from '../model/ansi';

/** A traceback or console output in its colours. It may be wider than the page, so it can be scrolled by keyboard. */
export function AnsiText({ text, label }: { readonly text: string; readonly label: string }) {
  const pieces = useMemo(() => parseAnsi(text), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <pre class="ansi" tabIndex={0} role="region" aria-label={label}>
      {pieces.map((piece, index) =>
        piece.look === '' ? (
          piece.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move.
          <span key={index} class={piece.look}>
            {piece.text}
          </span>
        ),
      )}
    </pre>
  );
}
