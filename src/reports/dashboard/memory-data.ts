/** The one run that this process knows, for a dashboard of `run --local --ui`. */
import { fileKey } from '../../plan/item';
import { createEventHub } from '../live/event-hub';
import type { LiveEvent } from '../live/events';
import { foldLive, isOpen, isRed, type LiveState } from '../live/state';
import type { DashboardData, RunFacts, RunRow } from './data';

export interface MemoryDashboard {
  /** Where its page is, below the dashboard's own address. */
  readonly page: string;
  readonly data: DashboardData;
  readonly publish: (event: LiveEvent) => void;
}

export type OwnRun = Pick<RunFacts, 'pipeline' | 'runId' | 'commit' | 'branch' | 'links' | 'repeat' | 'runner'>;

/** What pages call it. */
const ID = '1';

function stateName(state: LiveState): RunRow['state'] {
  if (state.endedAt === null) return 'running';
  return isRed(state) ? 'failed' : 'passed';
}

function rowOf(run: OwnRun, state: LiveState, nowMs: number): RunRow {
  // As items are counted: parts of a file are several.
  const failedFiles = new Set(state.failures.filter(isOpen).map(({ file, part }) => fileKey(file, part))).size;
  const done = state.nodes.reduce((sum, { filesDone }) => sum + filesDone, 0);
  return {
    ...{ id: ID, pipeline: run.pipeline, runId: run.runId, commit: run.commit, branch: run.branch, attempt: 1 },
    ...{ state: stateName(state), cancelledBy: null, createdAt: new Date(state.startedAt).toISOString() },
    ...{ wallMs: (state.endedAt ?? nowMs) - state.startedAt, busyMs: state.doneMs, nodes: state.run.nodes },
    ...{ items: Math.max(state.items, done), passed: Math.max(0, done - failedFiles), failed: failedFiles },
    ...{ poison: 0, flaky: 0 },
  };
}

export function createMemoryDashboard(run: OwnRun, now: () => number): MemoryDashboard {
  const hub = createEventHub();
  const startedAt = now();
  let state: LiveState | undefined;
  const nothing = async () => [];
  return {
    page: `#/run/${ID}`,
    publish: (event) => {
      state = foldLive(state, event);
      hub.publish(event);
    },
    data: {
      facts: { place: 'this machine', hasHistory: false },
      facets: async () => ({ pipelines: [run.pipeline], branches: [], machines: [] }),
      runs: async () => (state === undefined ? [] : [rowOf(run, state, now())]),
      open: async (id) =>
        id === ID ? { facts: { id, ...run, createdAt: new Date(startedAt).toISOString() }, source: hub } : null,
      ...{ executions: nothing, failures: nothing, flaky: nothing, slow: nothing },
    },
  };
}
