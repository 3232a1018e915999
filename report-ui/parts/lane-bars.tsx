import { useMemo } from 'preact/hooks';
import type { ReportFile } from '../../src/reports/run-report/run-report';
import type { Lane } from '../model/lanes';

interface LaneBarsProps {
  readonly lane: Lane;
  readonly spanMs: number;
  readonly shiftMs: number;
  readonly matches: ((file: ReportFile) => boolean) | undefined;
}

// The drawing is stretched to the width of the track; in between, whole units keep the paths short.
const units = 10_000;

/** The bars of one lane: a path for each look, neighbours in turn a little lighter, so that one sees where one ends. */
export function LaneBars({ lane, spanMs, shiftMs, matches }: LaneBarsProps) {
  const paths = useMemo(() => {
    const byLook = new Map<string, string>();
    for (const [index, file] of lane.files.entries()) {
      const isFaint = matches !== undefined && !matches(file);
      const shade = file.status === 'failed' ? '' : index % 2 === 0 ? ' even' : ' odd';
      const look = `${isFaint ? 'bar-faint' : `bar-${file.status}`}${shade}`;
      const from = Math.round(((file.startOffsetMs - shiftMs) / spanMs) * units);
      const width = Math.max(1, Math.round((file.durationMs / spanMs) * units));
      byLook.set(look, `${byLook.get(look) ?? ''}M${from} 0h${width}v1h-${width}z`);
    }
    // Failures last, so that nothing covers them.
    return [...byLook].sort(([a], [b]) => Number(a.startsWith('bar-failed')) - Number(b.startsWith('bar-failed')));
  }, [lane, spanMs, shiftMs, matches]);
  return (
    <svg viewBox={`0 0 ${units} 1`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {paths.map(([look, path]) => (
        <path key={look} class={look} d={path} />
      ))}
    </svg>
  );
}
