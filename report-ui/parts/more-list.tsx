import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { countOf, formatCount } from '../../src/reports/terminal/format';

/** How far each list was opened, so that the way back leads to the same place. */
const opened = new Map<string, number>();

interface MoreListProps<T> {
  readonly items: readonly T[];
  /** Shown at first and added by each press. */
  readonly step: number;
  /** `test`, `file`: for the button. */
  readonly noun: string;
  /** What makes this another list: its filters, for example. */
  readonly name: string;
  readonly className?: string;
  readonly children: (item: T, index: number) => ComponentChildren;
}

/** A list that shows its beginning, and more of it when asked: twenty thousand rows would stop a phone. */
export function MoreList<T>({ items, step, noun, name, className, children }: MoreListProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const [, redraw] = useState(0);
  const shown = opened.get(name) ?? step;
  useEffect(() => {
    if (focused === null) return;
    // The button is gone or has moved on: go on with the first new row.
    const row = list.current?.children[focused];
    row?.querySelector<HTMLElement>('a, summary, button')?.focus();
    setFocused(null);
  }, [focused]);
  const showMore = (count: number) => {
    opened.set(name, shown + count);
    setFocused(shown);
    redraw((times) => times + 1);
  };
  const left = items.length - shown;
  return (
    <>
      <ul class={className} ref={list}>
        {items.slice(0, shown).map(children)}
      </ul>
      {left > 0 ? (
        <p class="more">
          <button type="button" class="button" onClick={() => showMore(step)}>
            Show {formatCount(Math.min(step, left))} more
          </button>
          <span>{countOf(left, `more ${noun}`)}</span>
        </p>
      ) : null}
    </>
  );
}
