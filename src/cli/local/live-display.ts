/**
 * Shows a run while it lasts: lines drawn over themselves on a terminal, a line for each event anywhere else. It ticks by
 * itself, so that it never looks stuck.
 */
import type { LiveEvent } from '../../reports/live/events';
import { liveLines } from '../../reports/live/live-lines';
import { logLines, stillRunningLines, troubleEventLines } from '../../reports/live/log-lines';
import { foldLive, type LiveState } from '../../reports/live/state';
import { noteLines } from '../../reports/terminal/note-lines';
import { detectTerminal, type OutputStream } from '../../reports/terminal/terminal';
import { cellWidth } from '../../reports/terminal/text-width';

export interface LiveDisplay {
  /** Anything that happened; the first is the start of the run, and nothing is shown after its end. */
  readonly show: (event: LiveEvent) => void;
  /** What is no event of the tests, as a text that stays. */
  readonly note: (text: string) => void;
}

/** Between two frames: events come in bursts. */
const FRAME_MS = 100;

/** Clocks on the screen show seconds. */
const TICK_MS = 1_000;

/** A log that says nothing for this long gets a line; CIs end jobs that are silent for ten minutes. */
const QUIET_MS = 60_000;

const ESCAPE = '\u001b[';

interface Stream extends OutputStream {
  write(text: string): unknown;
  readonly rows?: number | undefined;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Folds events into the state; the way all displays begin. */
function followState(tell: (before: LiveState, event: LiveEvent, after: LiveState) => void) {
  let state: LiveState | undefined;
  return (event: LiveEvent): LiveState | undefined => {
    const before = state;
    state = foldLive(before, event);
    if (event.kind !== 'run-started' && before !== undefined && state !== undefined) tell(before, event, state);
    return state;
  };
}

/** Screen lines that a drawn line takes up: a terminal that got narrower has broken it. */
const heightOf = (line: string, columns: number): number => Math.max(1, Math.ceil(cellWidth(line) / columns));

function redrawing(stream: Stream, environment: Environment): LiveDisplay {
  let drawn: readonly string[] = [];
  let pending: readonly string[] = [];
  let state: LiveState | undefined;
  let frame: NodeJS.Timeout | undefined;
  let tick: NodeJS.Timeout | undefined;

  const draw = () => {
    clearTimeout(frame);
    frame = undefined;
    if (state === undefined) return;
    const terminal = detectTerminal(stream, environment);
    const columns = Math.max(1, stream.columns || terminal.columns);
    const lines = liveLines(state, state.endedAt ?? Date.now(), terminal, stream.rows);
    const up = drawn.reduce((sum, line) => sum + heightOf(line, columns), 0);
    // Each line over the one before, then whatever is left below: nothing is blank in between.
    const over = up > 0 ? `${ESCAPE}${up}A\r` : '';
    const body = [...pending, ...lines]
      .map((line) => `${line}${cellWidth(line) < columns ? `${ESCAPE}K` : ''}\n`)
      .join('');
    stream.write(`${over}${body}${ESCAPE}J`);
    drawn = lines;
    pending = [];
  };

  const follow = followState((before, _event, after) => {
    pending = [...pending, ...troubleEventLines(before, after, detectTerminal(stream, environment))];
  });

  const stop = () => {
    clearInterval(tick);
    stream.off('resize', draw);
    draw();
  };

  return {
    show: (event) => {
      if (state !== undefined && state.endedAt !== null) return;
      state = follow(event);
      if (event.kind === 'run-ended') return stop();
      if (event.kind === 'run-started') {
        // A run of the queue may begin anew.
        clearInterval(tick);
        stream.off('resize', draw);
        tick = setInterval(draw, TICK_MS);
        stream.on('resize', draw);
      }
      frame ??= setTimeout(draw, FRAME_MS);
    },
    note: (text) => {
      const lines = noteLines(text, detectTerminal(stream, environment));
      if (state === undefined || state.endedAt !== null) {
        stream.write(`${lines.join('\n')}\n`);
        return;
      }
      pending = [...pending, ...lines];
      frame ??= setTimeout(draw, FRAME_MS);
    },
  };
}

function logging(stream: Stream, environment: Environment): LiveDisplay {
  const terminal = detectTerminal(stream, environment);
  let quiet: NodeJS.Timeout | undefined;
  let state: LiveState | undefined;

  const print = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    stream.write(`${lines.join('\n')}\n`);
    quiet?.refresh();
  };
  const follow = followState((before, event, after) => print(logLines(before, event, after, terminal)));

  return {
    show: (event) => {
      if (state !== undefined && state.endedAt !== null) return;
      state = follow(event);
      if (event.kind === 'run-ended') clearInterval(quiet);
      if (event.kind !== 'run-started') return;
      clearInterval(quiet);
      quiet = setInterval(() => {
        if (state !== undefined) stream.write(`${stillRunningLines(state, Date.now(), terminal).join('\n')}\n`);
      }, QUIET_MS);
    },
    note: (text) => print(noteLines(text, terminal)),
  };
}

export function openDisplay(stream: Stream, environment: Environment): LiveDisplay {
  return detectTerminal(stream, environment).interactive
    ? redrawing(stream, environment)
    : logging(stream, environment);
}
