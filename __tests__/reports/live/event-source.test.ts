/** The events of this process, and those of runs that are over. */
import { expect, test } from '@jest/globals';
import { createEventHub } from '../../../src/reports/live/event-hub';
import type { LiveEvent } from '../../../src/reports/live/events';
import { createRecordedSource } from '../../../src/reports/live/recorded-events';
import { eventSourceContract } from '../../contracts/event-source';
import { endOf, exitOf, metadataOf, outcomeOf, startMs, testOf } from '../run-report/sample-run';
import { dated, ended, failed, itemOf, planned, runOf } from './sample-run';

const items = [planned(1, 'a.test.js'), planned(2, 'b.test.js')];

const played: LiveEvent[] = [
  runOf(items, { nodes: 2 }),
  ...(
    [
      [0, { kind: 'node-started', node: 1 }],
      [0, { kind: 'node-started', node: 2 }],
      [1, { kind: 'file-started', node: 1, ...itemOf('a.test.js') }],
      [1, { kind: 'file-started', node: 2, ...itemOf('b.test.js') }],
      [2, failed(2, 'b.test.js', 'breaks')],
      [3, ended(1, 'a.test.js')],
      [3, ended(2, 'b.test.js', { failed: 1 })],
      [4, { kind: 'node-ended', node: 1, exitCode: 0, signal: null }],
      [4, { kind: 'node-ended', node: 2, exitCode: 1, signal: null }],
      [4, { kind: 'run-ended' }],
    ] as const
  ).map(dated),
];

eventSourceContract('this process', async () => {
  const hub = createEventHub();
  return { source: hub, play: async () => played.forEach(hub.publish) };
});

test('whoever wants no more is told no more', async () => {
  const hub = createEventHub();
  const stop = new AbortController();
  const events: LiveEvent[] = [];
  const end = hub.follow((batch) => events.push(...batch), stop.signal);
  played.slice(0, 3).forEach(hub.publish);
  stop.abort();
  expect(await end).toBe('stopped');
  played.slice(3).forEach(hub.publish);
  expect(events).toHaveLength(3);
});

eventSourceContract('a run that is over', async () => {
  const plan = {
    unit: 'ms',
    nodes: items.map(({ node, file, estimate }) => ({
      node,
      items: [{ ...file, file: file.path, part: null, estimate }],
    })),
  };
  const nodeOf = (number: number, path: string, tests: Parameters<typeof outcomeOf>[1]) => ({
    metadata: metadataOf(number, 2, { plan: plan as never }),
    files: [{ ...outcomeOf({ path }, tests, { startMs: startMs + 1_000 }), part: null, held: new Set<number>() }],
    end: endOf(9_000),
    exit: exitOf(),
  });
  const recorded = [
    nodeOf(1, 'a.test.js', [testOf(['one'], 'passed'), testOf(['two'], 'passed')]),
    nodeOf(2, 'b.test.js', [testOf(['breaks'], 'failed', { failureMessages: ['Error: no\n    at b.test.js:1:1'] })]),
  ];
  const source = createRecordedSource(recorded, []);
  return { source, play: async () => undefined };
});

test('what a quarantine holds back is no failure of a run that is over, and what its proof found is told', async () => {
  const tests = [testOf(['held'], 'failed'), testOf(['fine'], 'passed')];
  const files = [{ ...outcomeOf({ path: 'a.test.js' }, tests), part: null, held: new Set([0]) }];
  const recorded = [{ metadata: metadataOf(1, 1), files, end: endOf(9_000), exit: exitOf() }];
  const events: LiveEvent[] = [];
  const problems = ['b.test.js ran on no node.'];
  await createRecordedSource(recorded, problems).follow((batch) => events.push(...batch), new AbortController().signal);
  expect(events.filter(({ kind }) => kind === 'test-failed')).toEqual([]);
  expect(events.find(({ kind }) => kind === 'file-ended')).toMatchObject({ passed: 1, failed: 0, ok: true });
  expect(events.at(-1)).toMatchObject({ kind: 'run-ended', problems });
});
