/**
 * Shows long work: lines drawn over themselves on a terminal, one line for each event anywhere else.
 */
import { isProgressDue, progressEventLine } from '../reports/progress-events';
import { type NodeProgress, progressLines } from '../reports/progress-lines';
import type { Terminal } from '../reports/terminal';

export interface LiveDisplay {
  /** A node changed its state or finished a file. */
  readonly update: (nodes: readonly NodeProgress[], changed: NodeProgress, exit?: NodeEnd) => void;
  readonly stop: () => void;
}

export interface NodeEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

const FRAME_MS = 100;
const ESCAPE = '\u001b[';

type Stream = Pick<NodeJS.WriteStream, 'write'>;

function redrawing(stream: Stream, terminal: Terminal, queuedFiles: number | null): LiveDisplay {
  let drawn = 0;
  let latest: readonly NodeProgress[] = [];
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    timer = undefined;
    const lines = progressLines(latest, terminal, { queuedFiles });
    // Up over the last frame, clear to the end of the screen, print anew.
    const over = drawn > 0 ? `${ESCAPE}${drawn}A${ESCAPE}0J` : '';
    stream.write(`${over}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  return {
    update: (nodes) => {
      latest = nodes;
      timer ??= setTimeout(draw, FRAME_MS);
    },
    stop: () => {
      clearTimeout(timer);
      if (latest.length > 0) draw();
    },
  };
}

function logging(stream: Stream, terminal: Terminal): LiveDisplay {
  const started = new Set<number>();
  const print = (event: Parameters<typeof progressEventLine>[0]) =>
    stream.write(`${progressEventLine(event, terminal)}\n`);
  return {
    update: (nodes, changed, exit) => {
      const { node, filesDone, filesTotal, testsFailed, elapsedMs, state } = changed;
      if (exit !== undefined && (state === 'passed' || state === 'failed' || state === 'killed')) {
        print({ kind: 'finished', node, state, filesDone, filesTotal, testsFailed, elapsedMs, ...exit });
      } else if (!started.has(node) && filesTotal !== null) {
        started.add(node);
        print({ kind: 'started', node, nodes: nodes.length, files: filesTotal });
      } else if (changed.currentFile === null && filesTotal !== null && isProgressDue(filesDone, filesTotal)) {
        print({ kind: 'advanced', node, filesDone, filesTotal, testsFailed, elapsedMs });
      }
    },
    stop: () => undefined,
  };
}

/** @param queuedFiles what the nodes share of one queue; null where each has a share of its own. */
export function openDisplay(stream: Stream, terminal: Terminal, queuedFiles: number | null): LiveDisplay {
  return terminal.interactive ? redrawing(stream, terminal, queuedFiles) : logging(stream, terminal);
}
