/** Streams of events for the tests of what is shown while a run lasts. */
import type { LiveEvent, PlannedItem, RunStarted } from '../../../src/reports/live/events';
import { type LiveState, reduceLive, startRun } from '../../../src/reports/live/state';

export const START = 1_750_000_000_000;

export const fileOf = (path: string) => ({ project: null, path });

export const itemOf = (path: string, part: string | null = null) => ({ file: fileOf(path), part });

export const planned = (node: number | null, path: string, estimate = 1_000): PlannedItem => ({
  ...{ ...itemOf(path), node, estimate },
});

export function runOf(items: readonly PlannedItem[], change: Partial<RunStarted> = {}): RunStarted & { at: number } {
  const nodes = Math.max(1, ...items.map(({ node }) => node ?? 2));
  return {
    kind: 'run-started',
    ...{ nodes, workers: 1, takesTurns: false, isQueued: false, unit: 'ms', items, at: START },
    ...change,
  };
}

type Undated<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

/** An event and its second of the run. */
export type Timed = readonly [seconds: number, event: Undated<LiveEvent>];

export const dated = ([seconds, event]: Timed): LiveEvent => ({ ...event, at: START + seconds * 1_000 }) as LiveEvent;

export const ended = (node: number, path: string, change: { failed?: number; ok?: boolean; part?: string } = {}) => {
  const { failed = 0, ok = failed === 0, part = null } = change;
  return { kind: 'file-ended', node, ...itemOf(path, part), passed: 1, failed, skipped: 0, ok } as const;
};

export const failed = (node: number, path: string, test: string | null, error = 'Error: no') =>
  ({ kind: 'test-failed', node, ...itemOf(path), test, error }) as const;

export const stateOf = (run: RunStarted & { at: number }, events: readonly Timed[]): LiveState =>
  events.map(dated).reduce(reduceLive, startRun(run));
