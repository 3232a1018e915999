import { useMemo } from 'preact/hooks';
import type { ExecutionRow } from '../../src/reports/dashboard/data';
import { countOf, formatDuration } from '../../src/reports/terminal/format';
import { ticks } from '../model/lanes';

const WIDTH = 960;
const HEIGHT = 220;
const LEFT = 64;
const BOTTOM = 24;

/** A circle where it passed, a cross where it failed, so that nobody needs to tell the colours apart. */
function markPath(x: number, y: number, isFailed: boolean): string {
  return isFailed ? `M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8` : `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`;
}

/** Durations and outcomes, oldest left. What it shows stands in the list below it too. */
export function DurationChart({ rows }: { readonly rows: readonly ExecutionRow[] }) {
  const chart = useMemo(() => {
    const shown = rows.filter(({ durationMs, outcome }) => durationMs !== null && outcome !== null).reverse();
    const longest = Math.max(1, ...shown.map(({ durationMs }) => durationMs ?? 0));
    const step = (WIDTH - LEFT - 12) / Math.max(1, shown.length - 1);
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
  }, [rows]);
  const { shown, longest, y, paths, line } = chart;
  if (shown.length === 0) return null;
  const failed = shown.filter(({ outcome }) => outcome !== 'passed').length;
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Durations of ${countOf(shown.length, 'execution')}, of which ${failed} failed; the longest took ${formatDuration(longest)}`}
      >
        {ticks(longest, 4).map((ms) => (
          <g key={ms}>
            <path class="chart-grid" d={`M${LEFT} ${y(ms)}H${WIDTH}`} />
            <text x={LEFT - 8} y={y(ms) + 4} text-anchor="end">
              {formatDuration(ms)}
            </text>
          </g>
        ))}
        <path class="chart-line" d={line} />
        <path class="chart-passed" d={paths.passed} />
        <path class="chart-failed" d={paths.failed} />
        <text x={LEFT} y={HEIGHT - 4}>
          {shown[0]?.finishedAt.slice(0, 10)}
        </text>
        <text x={WIDTH - 4} y={HEIGHT - 4} text-anchor="end">
          {shown.at(-1)?.finishedAt.slice(0, 10)}
        </text>
      </svg>
      <figcaption class="legend">
        <span class="chart-key chart-key-passed" /> passed <span class="chart-key chart-key-failed" /> failed
      </figcaption>
    </figure>
  );
}
