/**
 * What runs on this node now. Where nothing started or ended for a while it says so: CIs end jobs that are silent for
 * long, and a test that never ends is found by its file's name.
 */
import { performance } from 'node:perf_hooks';
import { runningNames } from '../../reports/terminal/running-names';

/** Like an interval of Node. */
interface Ticker {
  refresh(): unknown;
  stop(): void;
}

export interface RunningFiles {
  /** @param name as people read it. */
  start(name: string): void;
  end(name: string): void;
  names(): readonly string[];
  /** Nothing more is said. */
  stop(): void;
}

export interface RunningFilesInit {
  /** Called in a silence, each minute again; none: nothing is said. */
  readonly onSilence?: ((text: string) => void) | undefined;
  readonly now?: () => number;
  readonly startTicker?: (tick: () => void) => Ticker;
}

const SILENCE_MS = 60_000;

// Taken when this module is loaded: in band a test that replaces timers replaces them for us too.
const { setInterval, clearInterval } = globalThis;

function everyMinute(tick: () => void): Ticker {
  const timer = setInterval(tick, SILENCE_MS).unref();
  return { refresh: () => timer.refresh(), stop: () => clearInterval(timer) };
}

export function followRunning(init: RunningFilesInit = {}): RunningFiles {
  const { onSilence, now = () => performance.now(), startTicker = everyMinute } = init;
  const started = new Map<string, number>();
  const tick = () => {
    const names = runningNames(
      [...started].map(([name, startedAt]) => ({ name, startedAt })),
      now(),
    );
    if (names !== '') onSilence?.(`still running: ${names}`);
  };
  const ticker = onSilence === undefined ? undefined : startTicker(tick);
  return {
    start(name) {
      started.set(name, now());
      ticker?.refresh();
    },
    end(name) {
      started.delete(name);
      ticker?.refresh();
    },
    names: () => [...started.keys()],
    stop: () => ticker?.stop(),
  };
}
