/** Snapshots of a queue's run → events. */
import { expect, test } from '@jest/globals';
import { followQueue } from '../../../src/reports/live/queue-events';
import type {
  QueueSnapshot,
  SnapshotExecution,
  SnapshotLease,
  SnapshotSession,
} from '../../../src/reports/live/queue-snapshot';
import { stateOf } from '../../contracts/event-source';

const run = {
  ...{ pipeline: 'shop', runId: '7', commit: null, createdMs: 1_000, repeat: null },
  items: ['a', 'b', 'c'].map((path, id) => ({ id, file: { project: null, path }, part: null, estimate: 10 })),
};

const session = (node: string, change: Partial<SnapshotSession> = {}): SnapshotSession => ({
  ...{ id: node, node, host: null, joinedMs: 2_000, leftMs: null, aliveUntilMs: 60_000 },
  ...change,
});

const lease = (item: number, node: string): SnapshotLease => ({
  ...{ item, session: node, attempt: 1, claimNumber: 1, startedMs: 3_000 },
});

const execution = (id: number, item: number, node: string, change: Partial<SnapshotExecution> = {}) =>
  ({
    ...{ id, item, session: node, node, attempt: 1, claimNumber: 1, isReplaced: false, decision: 'accepted' },
    ...{
      outcome: 'passed',
      claimedMs: 3_500,
      finishedMs: 5_000,
      durationMs: 1_000,
      counts: { passed: 1 },
      detail: null,
    },
    ...change,
  }) as SnapshotExecution;

const snapshot = (change: Partial<QueueSnapshot> = {}): QueueSnapshot => ({
  ...{ nowMs: 6_000, attempt: 1, finishedMs: null, cancelledMs: null, cancelledBy: null },
  ...{ sessions: [session('1')], running: [], executions: [] },
  ...change,
});

const failedOnce = {
  outcome: 'failed',
  counts: { failed: 1 },
  detail: { tests: [{ name: 'x', status: 'failed', durationMs: 1, error: 'Error: no' }], failure: null },
} as const;

test('nodes have the numbers that they are named by, others those that are left', () => {
  const follower = followQueue(run);
  const first = follower.next(snapshot({ sessions: [session('ada'), session('2'), session('bob')] }));
  const numbers = first.flatMap((event) => (event.kind === 'node-started' ? [[event.name, event.node]] : []));
  expect(numbers).toEqual([
    ['2', 2],
    ['ada', 1],
    ['bob', 3],
  ]);
  // One that comes later finds its number taken.
  const later = follower.next(snapshot({ sessions: [session('ada'), session('2'), session('bob'), session('3')] }));
  expect(later.map((event) => 'node' in event && event.node)).toEqual([4, 4]);
});

test('what is seen twice is told once, and a file that ran between two looks was started too', () => {
  const follower = followQueue(run);
  follower.next(snapshot({ running: [lease(0, '1')] }));
  const again = snapshot({ running: [lease(0, '1')], executions: [execution(1, 0, '1'), execution(2, 1, '1')] });
  expect(follower.next(again).map(({ kind, at }) => [kind, at])).toEqual([
    ['file-started', 4_000],
    ['file-ended', 5_000],
    ['file-ended', 5_000],
  ]);
  expect(follower.next(again)).toEqual([]);
});

test('a failure that is sent on does not count, and passes elsewhere', () => {
  const follower = followQueue(run);
  const sessions = [session('1'), session('2')];
  const events = [
    ...follower.next(
      snapshot({ sessions, executions: [execution(1, 0, '1', { ...failedOnce, decision: 'retried' })] }),
    ),
    ...follower.next(snapshot({ sessions, executions: [execution(2, 0, '2', { claimNumber: 2 })] })),
  ];
  const state = stateOf(events);
  expect(state.failures.map(({ test: name, isRecovered, isCounted }) => [name, isRecovered, isCounted])).toEqual([
    ['x', true, false],
  ]);
  expect(state.nodes.map(({ filesDone, testsFailed }) => [filesDone, testsFailed])).toEqual([
    [0, 0],
    [1, 0],
  ]);
});

test('a file that no node survived fails as a whole, without a node to blame', () => {
  const follower = followQueue(run);
  const events = follower.next(
    snapshot({ executions: [execution(1, 0, '1', { outcome: 'poison', counts: {}, node: null, durationMs: null })] }),
  );
  expect(stateOf(events).failures[0]).toMatchObject({
    test: null,
    error: expect.stringContaining('ended while it ran'),
  });
});

test('what an earlier attempt accepted does not count', () => {
  const follower = followQueue(run);
  const events = follower.next(
    snapshot({
      attempt: 2,
      executions: [execution(1, 0, '1', { ...failedOnce, isReplaced: true }), execution(2, 1, '1')],
    }),
  );
  expect(stateOf(events)).toMatchObject({ failures: [], nodes: [{ filesDone: 1 }] });
});

test('a file that was lost before anybody looked was started when it was claimed', () => {
  const follower = followQueue(run);
  const lost = execution(1, 0, '1', { decision: 'lost', outcome: null, counts: {}, durationMs: null });
  const events = follower.next(snapshot({ executions: [lost] })).slice(-2);
  expect(events.map(({ kind, at }) => [kind, at])).toEqual([
    ['file-started', 3_500],
    ['file-lost', 5_000],
  ]);
});

test('a node that is heard of again goes on', () => {
  const follower = followQueue(run);
  const events = [
    ...follower.next(snapshot({ running: [lease(0, '1')] })),
    ...follower.next(snapshot({ nowMs: 70_000, running: [lease(0, '1')] })),
  ];
  expect(stateOf(events)).toMatchObject({ nodes: [{ state: 'lost' }], running: [] });
  events.push(...follower.next(snapshot({ nowMs: 71_000, sessions: [session('1', { aliveUntilMs: 90_000 })] })));
  expect(stateOf(events)).toMatchObject({ nodes: [{ state: 'running', endedAt: null }] });
});

test('the end is told when the last node has left', () => {
  const follower = followQueue(run);
  const kinds = (change: Partial<QueueSnapshot>) => follower.next(snapshot(change)).map(({ kind }) => kind);
  expect(kinds({ finishedMs: 5_500 })).not.toContain('run-ended');
  const gone = { finishedMs: 5_500, sessions: [session('1', { leftMs: 5_900 })] };
  expect(kinds(gone)).toEqual(['node-ended', 'run-ended']);
  expect(kinds(gone)).toEqual([]);
});
