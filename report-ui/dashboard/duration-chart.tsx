import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExecutionRow } from '../../src/reports/dashboard/data';
import { countOf, formatDuration } from '../../src/reports/terminal/format';
import { ticks } from '../model/lanes';

const HEIGHT = 220;
const LEFT = 64;
const BOTTOM = 24;

/** Until it is known how wide the page is. */
const SOME_WIDTH = 960;

/** Of an element, in pixels: texts of a drawing that is scaled could not be read on a phone. */
function useWidth(ref: { readonly current: Element | null }): number {
  const [width, setWidth] = useState(SOME_WIDTH);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null) return undefined;
    const measure = () => setWidth(Math.max(2 * LEFT, Math.round(current.getBoundingClientRect().width)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}

/** Days, or times where all was on one day; in UTC. */
function endsOf(rows: readonly ExecutionRow[]): readonly [string, string] {
  const [first = '', last = ''] = [rows[0]?.finishedAt, rows.at(-1)?.finishedAt];
  const isOneDay = first.slice(0, 10) === last.slice(0, 10);
  const show = (time: string) => (isOneDay ? `${time.slice(11, 16)} UTC` : time.slice(0, 10));
  return [show(first), show(last)];
}

/** A circle where it passed, a cross where it failed, so that nobody needs to tell the colours apart. */
function markPath(x: number, y: number, isFailed: boolean): string {
  return isFailed ? `M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8` : `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`;
}

function Key({ isFailed }: { readonly isFailed: boolean }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <path class={isFailed ? 'chart-failed' : 'chart-passed'} d={markPath(6, 6, isFailed)} />
    </svg>
  );
}

/** Durations and outcomes, oldest left. What it shows stands in the list below it too. */
export function DurationChart({ rows }: { readonly rows: readonly ExecutionRow[] }) {
  const figure = useRef<HTMLElement>(null);
  const width = useWidth(figure);
  const chart = useMemo(() => {
    const shown = rows.filter(({ durationMs, outcome }) => durationMs !== null && outcome !== null).reverse();
    const longest = Math.max(1, ...shown.map(({ durationMs }) => durationMs ?? 0));
    const step = (width - LEFT - 12) / Math.max(1, shown.length - 1);
    const x = (place: number) => Math.round(LEFT + 6 + place * step);
    const y = (ms: number) => Math.round(HEIGHT - BOTTOM - (ms / longest) * (HEIGHT - BOTTOM - 12));
    const paths = { passed: '', failed: '' };
    const line: string[] = [];
    for (const [place, { durationMs, outcome }] of shown.entries()) {
      const isFailed = outcome !== 'passed';
      const at = [x(place), y(durationMs ?? 0)] as const;
      paths[isFailed ? 'failed' : 'passed'] += markPath(at[0], at[1], isFailed);
      if (!isFailed) line.push(`${line.length === 0 ? 'M' : 'L'}${at[0]} ${at[1]}`);
    }
    return { shown, longest, y, paths, line: line.join('') };
  }, [rows, width]);
  const { shown, longest, y, paths, line } = chart;
  // The figure stays, so that it is measured.
  if (shown.length === 0) return <figure ref={figure} />;
  const [begin, end] = endsOf(shown);
  const failed = shown.filter(({ outcome }) => outcome !== 'passed').length;
  return (
    <figure class="chart" ref={figure}>
      <svg
        height={HEIGHT}
        role="img"
        aria-label={`Durations of ${countOf(shown.length, 'execution')}, of which ${failed} failed; the longest took ${formatDuration(longest)}`}
      >
        {ticks(longest, 4).map((ms) => (
          <g key={ms}>
            <path class="chart-grid" d={`M${LEFT} ${y(ms)}H${width}`} />
            <text x={LEFT - 8} y={y(ms) + 4} text-anchor="end">
              {formatDuration(ms)}
            </text>
          </g>
        ))}
        <path class="chart-line" d={line} />
        <path class="chart-passed" d={paths.passed} />
        <path class="chart-failed" d={paths.failed} />
        <text x={LEFT} y={HEIGHT - 4}>
          {begin}
        </text>
        <text x={width - 6} y={HEIGHT - 4} text-anchor="end">
          {end}
        </text>
      </svg>
      <figcaption class="legend">
        <Key isFailed={false} /> passed <Key isFailed /> failed
      </figcaption>
    </figure>
  );
}
