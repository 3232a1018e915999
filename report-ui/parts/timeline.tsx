import { useMemo, useState } from 'preact/hooks';
import type { ReportFile } from '../../src/reports/run-report/run-report';
import { formatDuration } from '../../src/reports/terminal/format';
import { layTimeline, startsApart } from '../model/lanes';
import type { ReportIndex } from '../model/report-index';
import { writeRoute } from '../model/route';
import { workerText } from '../model/worker-text';
import { Lanes, type Selected } from './lanes';
import { FilePath } from './names';
import { StatusMark } from './status-mark';

interface TimelineProps {
  readonly index: ReportIndex;
  /** Draws the others faintly; undefined where there is no filter. */
  readonly matches?: ((file: ReportFile) => boolean) | undefined;
}

const zooms = [1, 2, 4, 8, 16, 32];

/**
 * Who ran what when. The bars of a lane are a few SVG paths, and what lies under the pointer is found by time: a lane
 * costs the same whether it holds ten files or ten thousand.
 */
export function Timeline({ index, matches }: TimelineProps) {
  const { report } = index;
  const [isLinedUp, setLinedUp] = useState(() => startsApart(report));
  const [zoom, setZoom] = useState(1);
  const [selected, select] = useState<Selected | null>(null);
  const timeline = useMemo(() => layTimeline(report, isLinedUp), [report, isLinedUp]);
  if (report.files.length === 0) return <p class="empty">No file ran, so there is no timeline.</p>;

  const hasShifts = report.nodes.some(({ startOffsetMs }) => (startOffsetMs ?? 0) > 0);
  const zoomBy = (step: number) => setZoom((now) => zooms[zooms.indexOf(now) + step] ?? now);
  return (
    <div class="timeline">
      <div class="timeline-tools">
        <Legend />
        <span class="tools">
          {hasShifts ? (
            <label class="check">
              <input type="checkbox" checked={isLinedUp} onChange={() => setLinedUp(!isLinedUp)} /> Line up starts
            </label>
          ) : null}
          <span class="zoom">
            <button type="button" class="button" onClick={() => zoomBy(-1)} disabled={zoom === 1} aria-label="Zoom out">
              −
            </button>
            <button
              type="button"
              class="button"
              onClick={() => zoomBy(1)}
              disabled={zoom === zooms.at(-1)}
              aria-label="Zoom in"
            >
              +
            </button>
          </span>
        </span>
      </div>
      <Readout selected={selected} shiftMs={timeline.shiftMs} />
      <Lanes timeline={timeline} zoom={zoom} selected={selected} onSelect={select} matches={matches} />
      <p class="quiet">
        {isLinedUp
          ? 'Every node begins at zero, whenever it began.'
          : 'By the clocks of the machines, which may differ a little.'}
      </p>
    </div>
  );
}

function Legend() {
  return (
    <span class="legend">
      <span class="swatch swatch-passed" /> passed <span class="swatch swatch-failed" /> failed{' '}
      <span class="swatch swatch-skipped" /> skipped
    </span>
  );
}

/** What is selected, in a place of its own that never changes its height. */
function Readout({
  selected,
  shiftMs,
}: {
  readonly selected: Selected | null;
  readonly shiftMs: (node: number) => number;
}) {
  if (selected === null) {
    return (
      <p class="readout quiet">Point at a bar, or focus the timeline and use the arrow keys; Enter opens the file.</p>
    );
  }
  const { file } = selected;
  const worker = workerText(file);
  return (
    <p class="readout" role="status">
      <StatusMark status={file.status} />
      <a href={writeRoute({ page: 'file', project: file.project, path: file.path })}>
        <FilePath project={file.project} path={file.path} />
      </a>
      <span class="quiet">
        {formatDuration(file.durationMs)} from {formatDuration(file.startOffsetMs - shiftMs(file.node))} on node{' '}
        {file.node}
        {worker}
      </span>
    </p>
  );
}
