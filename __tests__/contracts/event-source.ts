/** What every source of events must satisfy, whatever it knows them from. */
import { describe, expect, test } from '@jest/globals';
import type { EventSource } from '../../src/reports/live/event-source';
import type { LiveEvent } from '../../src/reports/live/events';
import { type LiveState, reduceLive, startRun } from '../../src/reports/live/state';

/**
 * A run of two nodes: node 1 runs `a.test.js`, which passes with two tests, node 2 runs `b.test.js`, of which the test
 * `breaks` fails with `Error: no`. Then both leave.
 */
export interface PlayedRun {
  readonly source: EventSource;
  /** Plays what is left of it; the source may be followed before and after. */
  readonly play: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

const never = new AbortController().signal;

export function stateOf(events: readonly LiveEvent[]): LiveState {
  const [first, ...others] = events;
  if (first?.kind !== 'run-started') throw new Error(`the first event is ${first?.kind}`);
  return others.reduce(reduceLive, startRun(first));
}

/** What a person sees of it at the end. */
function sightOf(events: readonly LiveEvent[]) {
  const { nodes, failures, running, endedAt, items } = stateOf(events);
  return {
    nodes: nodes.map(({ number, filesDone, testsFailed }) => [number, filesDone, testsFailed]),
    failures: failures.map(({ file, test: name, error, node }) => [node, file.path, name, error.split('\n')[0]]),
    running,
    items,
    hasEnded: endedAt !== null,
  };
}

const EXPECTED = {
  nodes: [
    [1, 1, 0],
    [2, 1, 1],
  ],
  failures: [[2, 'b.test.js', 'breaks', 'Error: no']],
  running: [],
  items: 2,
  hasEnded: true,
};

/** Whatever breaks a law of the stream. */
function faultsOf(events: readonly LiveEvent[]): string[] {
  const faults: string[] = [];
  const nodes = new Set<number>();
  const running = new Set<string>();
  const seen = new Set<string>();
  for (const [index, event] of events.entries()) {
    if ((event.kind === 'run-started') !== (index === 0)) faults.push(`${event.kind} at ${index}`);
    if (event.kind === 'run-ended' && index !== events.length - 1) faults.push('it goes on after its end');
    const text = JSON.stringify(event);
    if (seen.has(text)) faults.push(`twice: ${text}`);
    seen.add(text);
    if (!Number.isFinite(event.at)) faults.push(`no time: ${text}`);
    if (!('node' in event)) continue;
    if (event.kind === 'node-started') nodes.add(event.node);
    if (!nodes.has(event.node)) faults.push(`nobody knows its node: ${text}`);
    if (!('file' in event)) continue;
    const key = `${event.node} ${event.file.path} ${event.part}`;
    if (event.kind === 'file-started') running.add(key);
    else if (!running.has(key)) faults.push(`its file was not started: ${text}`);
    if (event.kind === 'file-ended') running.delete(key);
  }
  return faults;
}

export function eventSourceContract(name: string, open: () => Promise<PlayedRun>): void {
  const withRun = async (work: (run: PlayedRun) => Promise<void>) => {
    const run = await open();
    try {
      await work(run);
    } finally {
      await run.close?.();
    }
  };

  describe(`events of ${name}`, () => {
    test('told while it happens: everything once, in an order that makes sense', () =>
      withRun(async ({ source, play }) => {
        const events: LiveEvent[] = [];
        const end = source.follow((batch) => events.push(...batch), never);
        await play();
        expect(await end).toBe('finished');
        expect(faultsOf(events)).toEqual([]);
        expect(sightOf(events)).toEqual(EXPECTED);
      }));

    test('told afterwards: the same', () =>
      withRun(async ({ source, play }) => {
        await play();
        const events: LiveEvent[] = [];
        expect(await source.follow((batch) => events.push(...batch), never)).toBe('finished');
        expect(faultsOf(events)).toEqual([]);
        expect(sightOf(events)).toEqual(EXPECTED);
      }));
  });
}
