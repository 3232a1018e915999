import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../src/reports/durations';
import type { ReportFile } from '../../src/reports/run-report/run-report';
import { fileAt, type Lane, layTimeline, startsApart, type Timeline as TimelineModel, ticks } from '../model/lanes';
import type { ReportIndex } from '../model/report-index';
import { writeRoute } from '../model/route';
import { LaneBars } from './lane-bars';
import { FilePath } from './names';
import { StatusMark } from './status-mark';

interface TimelineProps {
  readonly index: ReportIndex;
  /** Draws the others faintly; undefined where there is no filter. */
  readonly matches?: ((file: ReportFile) => boolean) | undefined;
}

interface Selected {
  readonly lane: Lane;
  readonly file: ReportFile;
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
  const worker = file.worker === null ? '' : `, worker ${file.worker}`;
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

interface LanesProps {
  readonly timeline: TimelineModel;
  readonly zoom: number;
  readonly selected: Selected | null;
  readonly onSelect: (selected: Selected | null) => void;
  readonly matches: TimelineProps['matches'];
}

function Lanes({ timeline, zoom, selected, onSelect, matches }: LanesProps) {
  const { lanes, spanMs, shiftMs } = timeline;
  const scroller = useRef<HTMLDivElement>(null);
  const endMs = Math.max(1, spanMs);
  const share = (durationMs: number) => `${(100 * durationMs) / endMs}%`;
  const axis = useMemo(() => ticks(endMs, 5 * zoom), [endMs, zoom]);

  useEffect(() => {
    scroller.current?.querySelector('.lane-selected')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected, zoom]);

  const pick = (lane: Lane, event: PointerEvent | MouseEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const momentMs = ((event.clientX - box.left) / box.width) * endMs + shiftMs(lane.node.number);
    // A finger or a mouse may miss by a few pixels.
    const file = fileAt(lane, momentMs, (6 / box.width) * endMs);
    if (file !== undefined && file !== selected?.file) onSelect({ lane, file });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = selected === null ? firstOf(lanes) : step(lanes, selected, event.key);
    if (event.key === 'Enter' && selected !== null) {
      location.hash = writeRoute({ page: 'file', project: selected.file.project, path: selected.file.path });
    } else if (event.key === 'Escape') onSelect(null);
    else if (next !== undefined && arrows.includes(event.key)) {
      event.preventDefault();
      onSelect(next);
    }
  };

  const height = lanes.length > 24 ? 'small' : 'large';
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no element for a chart that is walked through by arrow keys.
    <div
      ref={scroller}
      class={`lanes lanes-${height}`}
      role="application"
      aria-roledescription="timeline"
      aria-label="Timeline of nodes and workers: arrow keys move from file to file, Enter opens one"
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div class="lanes-inner" style={{ width: `${zoom * 100}%` }}>
        <div class="axis" aria-hidden="true">
          <span class="lane-name" />
          <span class="track">
            {axis.map((atMs) => (
              <span key={atMs} class="tick" style={{ left: share(atMs) }}>
                {formatDuration(atMs)}
              </span>
            ))}
          </span>
        </div>
        {lanes.map((lane) => {
          const isHere = selected?.lane.node.number === lane.node.number && lane.files.includes(selected.file);
          return (
            <div key={`${lane.node.number} ${lane.worker ?? ''} ${lane.files[0]?.startOffsetMs}`} class="lane">
              <span class="lane-name">{lane.isFirst ? lane.node.number : ''}</span>
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the timeline itself is what is focused and named. */}
              <span class="track" onPointerMove={(event) => pick(lane, event)} onClick={(event) => pick(lane, event)}>
                {lane.files.length === 0 ? (
                  <span class="lane-empty">{lane.node.state === 'missing' ? 'no report' : 'nothing to run'}</span>
                ) : (
                  <LaneBars lane={lane} spanMs={endMs} shiftMs={shiftMs(lane.node.number)} matches={matches} />
                )}
                {isHere && selected !== null ? (
                  <span
                    class="lane-selected"
                    style={{
                      left: share(selected.file.startOffsetMs - shiftMs(lane.node.number)),
                      width: share(selected.file.durationMs),
                    }}
                  />
                ) : null}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

function firstOf(lanes: readonly Lane[]): Selected | undefined {
  const lane = lanes.find(({ files }) => files.length > 0);
  const file = lane?.files[0];
  return lane === undefined || file === undefined ? undefined : { lane, file };
}

function step(lanes: readonly Lane[], { lane, file }: Selected, key: string): Selected | undefined {
  // The lanes may have been laid anew since.
  const laneAt = lanes.findIndex((other) => other.files.includes(file));
  const here = lanes[laneAt] ?? lane;
  const at = here.files.indexOf(file);
  const inLane = (place: number) => {
    const next = here.files[place];
    return next === undefined ? undefined : { lane: here, file: next };
  };
  switch (key) {
    case 'ArrowLeft':
      return inLane(at - 1);
    case 'ArrowRight':
      return inLane(at + 1);
    case 'Home':
      return inLane(0);
    case 'End':
      return inLane(here.files.length - 1);
    default: {
      const direction = key === 'ArrowUp' ? -1 : 1;
      for (let next = laneAt + direction; next >= 0 && next < lanes.length; next += direction) {
        const other = lanes[next];
        const near = other && fileAt(other, file.startOffsetMs, Number.POSITIVE_INFINITY);
        if (other !== undefined && near !== undefined) return { lane: other, file: near };
      }
      return undefined;
    }
  }
}
