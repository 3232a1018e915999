import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ReportFile } from '../../src/reports/run-report/run-report';
import { formatDuration } from '../../src/reports/terminal/format';
import { fileAt, type Lane, type Timeline, ticks } from '../model/lanes';
import { writeRoute } from '../model/route';
import { LaneBars } from './lane-bars';

export interface Selected {
  readonly lane: Lane;
  readonly file: ReportFile;
}

interface LanesProps {
  readonly timeline: Timeline;
  readonly zoom: number;
  readonly selected: Selected | null;
  readonly onSelect: (selected: Selected | null) => void;
  readonly matches: ((file: ReportFile) => boolean) | undefined;
}

/** The lanes under their axis. */
export function Lanes({ timeline, zoom, selected, onSelect, matches }: LanesProps) {
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
    <div
      ref={scroller}
      class={`lanes lanes-${height}`}
      role="application"
      aria-roledescription="timeline"
      aria-label="Timeline of nodes and workers: arrow keys move from file to file, Enter opens one"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a chart that is walked through by arrow keys takes the focus.
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
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: its keys do the same. */}
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
