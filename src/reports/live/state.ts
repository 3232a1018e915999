/** Events → how a run stands. */
import { fileKey } from '../../plan/item';
import type { LiveEvent, RunningItem, RunStarted } from './events';

export type LiveNodeState =
  | 'starting'
  | 'running'
  | 'passed'
  | 'failed'
  | 'killed'
  /** It ended, and nobody says how. */
  | 'ended'
  /** It is not heard of any more. */
  | 'lost';

export interface LiveNode {
  /** 1-based. */
  readonly number: number;
  /** What people call it; its number where nobody says otherwise. */
  readonly name: string;
  readonly host: string | null;
  readonly state: LiveNodeState;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly filesDone: number;
  /** Null until it is known. */
  readonly filesTotal: number | null;
  /** Failed tests, of files that still run too. */
  readonly testsFailed: number;
  /** Sum of the estimates of what it has done. */
  readonly doneEstimate: number;
  /** Null while it runs, and where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface LiveFile extends RunningItem {
  readonly node: number;
  readonly startedAt: number;
}

export interface LiveFailure extends RunningItem {
  readonly node: number;
  /** Full name; null where the file failed as a whole. */
  readonly test: string | null;
  readonly error: string;
  readonly at: number;
  /** It passed when it was tried again, here or on another node. */
  readonly isRecovered: boolean;
  /** Among the failed tests of its node; not where the queue sent its file on. */
  readonly isCounted: boolean;
}

/** Estimates of the run, by what they are of. */
interface Estimates {
  readonly byItem: ReadonlyMap<string, number>;
  /** By node, from 0; a single sum where any node may get any item. */
  readonly totals: readonly number[];
}

export interface LiveState {
  readonly run: Omit<RunStarted, 'kind' | 'items'>;
  readonly estimates: Estimates;
  /** Number of items that are to be run. */
  readonly items: number;
  /** Number of files that the plan has for each node, from 0; none where any node may get any. */
  readonly plannedFiles: readonly number[];
  readonly startedAt: number;
  /** What was said to stop it, and how often; null where nobody did. */
  readonly stopping: { readonly signal: string; readonly times: number } | null;
  readonly endedAt: number | null;
  readonly cancelledBy: string | null;
  /** What its proof found; null where nothing was proved. */
  readonly problems: readonly string[] | null;
  /** In the order of their starts. */
  readonly nodes: readonly LiveNode[];
  /** Oldest first. */
  readonly running: readonly LiveFile[];
  /** As they came. */
  readonly failures: readonly LiveFailure[];
  /** Sum of what finished files took. */
  readonly doneMs: number;
}

const itemKey = ({ file, part }: RunningItem): string => fileKey(file, part);

/** A static share may have a part of a file on each of several nodes. */
function estimateKey(isQueued: boolean, node: number | null, item: RunningItem): string {
  return isQueued ? itemKey(item) : `${node ?? 0}\0${fileKey(item.file)}`;
}

function gatherEstimates({ items, isQueued, nodes }: RunStarted): Estimates {
  const byItem = new Map<string, number>();
  const totals = new Array<number>(isQueued ? 1 : nodes).fill(0);
  for (const item of items) {
    const key = estimateKey(isQueued, item.node, item);
    byItem.set(key, (byItem.get(key) ?? 0) + item.estimate);
    const place = isQueued ? 0 : (item.node ?? 1) - 1;
    totals[place] = (totals[place] ?? 0) + item.estimate;
  }
  return { byItem, totals };
}

function countFiles(items: RunStarted['items'], nodes: number): number[] {
  return Array.from({ length: nodes }, (_, index) => {
    const own = items.filter(({ node }) => node === index + 1);
    return new Set(own.map(({ file }) => fileKey(file))).size;
  });
}

/** In the unit of the run; 0 where nobody planned it. */
export function estimateOf({ run, estimates }: LiveState, node: number, item: RunningItem): number {
  return estimates.byItem.get(estimateKey(run.isQueued, node, item)) ?? 0;
}

/** The state at the first event of every stream. */
export function startRun({ at, kind: _, items, ...run }: RunStarted & { readonly at: number }): LiveState {
  return {
    run,
    estimates: gatherEstimates({ kind: 'run-started', items, ...run }),
    items: items.length,
    plannedFiles: run.isQueued ? [] : countFiles(items, run.nodes),
    startedAt: at,
    stopping: null,
    endedAt: null,
    cancelledBy: null,
    problems: null,
    nodes: [],
    running: [],
    failures: [],
    doneMs: 0,
  };
}

/** Without making keys: failures are many, and each end of a file asks all of them. */
const isSame = (one: RunningItem, other: RunningItem): boolean =>
  one.file.path === other.file.path && one.part === other.part && one.file.project === other.file.project;

/** What one node has of an item: another may have another part of the same file. */
const isOn =
  (node: number, item: RunningItem) =>
  (other: RunningItem & { readonly node: number }): boolean =>
    other.node === node && isSame(other, item);

/** In a queue there is one of each item at a time that counts. */
const isReplacedBy = ({ run }: LiveState, node: number, item: RunningItem) => {
  const isOwn = isOn(node, item);
  return (other: RunningItem & { readonly node: number }): boolean =>
    isOwn(other) || (run.isQueued && isSame(other, item));
};

function changeNode(state: LiveState, node: number, change: (node: LiveNode) => Partial<LiveNode>): LiveState {
  const nodes = state.nodes.map((one) => (one.number === node ? { ...one, ...change(one) } : one));
  return { ...state, nodes };
}

/** A failure that decides: no later try has taken it back, and it is not in quarantine or another's. */
export const isOpen = ({ isCounted, isRecovered }: LiveFailure): boolean => isCounted && !isRecovered;

/**
 * What failed, or a node that did not end well. A proof knows better than how nodes ended: what one left behind when it was
 * killed, others of a queue have run.
 */
export function isRed({ failures, nodes, problems }: LiveState): boolean {
  if (failures.some(isOpen)) return true;
  if (problems !== null) return problems.length > 0;
  return nodes.some(({ state }) => state === 'failed' || state === 'killed');
}

const countOpen = (failures: readonly LiveFailure[]): number =>
  failures.filter((one) => one.test !== null && isOpen(one)).length;

type EventOf<Kind extends LiveEvent['kind']> = Extract<LiveEvent, { readonly kind: Kind }>;

function failTest(state: LiveState, { node, file, part, test, error, at }: EventOf<'test-failed'>): LiveState {
  const isOwn = isOn(node, { file, part });
  // A test that is tried three times may fail three times.
  const known = state.failures.some((one) => isOwn(one) && one.test === test && isOpen(one));
  if (known) return state;
  const failures = [...state.failures, { node, file, part, test, error, at, isRecovered: false, isCounted: true }];
  const more = test === null ? 0 : 1;
  return changeNode({ ...state, failures }, node, ({ testsFailed }) => ({ testsFailed: testsFailed + more }));
}

/** Takes back failures, and what they add to their nodes. */
function recover(state: LiveState, isMeant: (failure: LiveFailure) => boolean): LiveState {
  const taken = state.failures.filter((one) => !one.isRecovered && isMeant(one));
  if (taken.length === 0) return state;
  const failures = state.failures.map((one) => (taken.includes(one) ? { ...one, isRecovered: true } : one));
  const nodes = state.nodes.map((node) => {
    const less = countOpen(taken.filter((one) => one.node === node.number));
    return less === 0 ? node : { ...node, testsFailed: Math.max(0, node.testsFailed - less) };
  });
  return { ...state, failures, nodes };
}

function endFile(state: LiveState, event: EventOf<'file-ended'>): LiveState {
  const { node, file, part, at, failed, ok } = event;
  const item = { file, part };
  const isOwn = isOn(node, item);
  const startedAt = state.running.find(isOwn)?.startedAt ?? at;
  const known = countOpen(state.failures.filter(isOwn));
  const after = changeNode(
    {
      ...state,
      running: state.running.filter((one) => !isReplacedBy(state, node, item)(one)),
      doneMs: state.doneMs + at - startedAt,
    },
    node,
    ({ filesDone, testsFailed, doneEstimate }) => ({
      filesDone: filesDone + 1,
      testsFailed: testsFailed - known + failed,
      doneEstimate: doneEstimate + estimateOf(state, node, item),
    }),
  );
  return ok && state.run.isQueued ? recover(after, (failure) => isSame(failure, item)) : after;
}

/** A node of a queue may be started again: what it has done stays. */
function startNode(state: LiveState, { node: number, name, host, at }: EventOf<'node-started'>): LiveState {
  const isKnown = state.nodes.some((one) => one.number === number);
  const begin = { state: 'starting', endedAt: null, exitCode: null, signal: null } as const;
  if (isKnown) return changeNode(state, number, ({ host: before }) => ({ ...begin, host: host ?? before }));
  const node: LiveNode = {
    ...{ number, name: name ?? String(number), host: host ?? null, startedAt: at, ...begin },
    ...{ filesDone: 0, filesTotal: null, testsFailed: 0, doneEstimate: 0 },
  };
  return { ...state, nodes: [...state.nodes, node] };
}

/** A file goes on elsewhere: its failures here do not count. */
function withdrawFile(state: LiveState, event: EventOf<'file-withdrawn' | 'file-lost'>): LiveState {
  const isOwn = isOn(event.node, event);
  const less = countOpen(state.failures.filter(isOwn));
  const running = state.running.filter((one) => !isOwn(one));
  const failures =
    less === 0 && !state.failures.some(isOwn)
      ? state.failures
      : state.failures.map((one) => (isOwn(one) ? { ...one, isCounted: false } : one));
  return changeNode({ ...state, running, failures }, event.node, ({ testsFailed }) => ({
    testsFailed: testsFailed - less,
  }));
}

function endNode(state: LiveState, { node, exitCode, signal, at }: EventOf<'node-ended'>): LiveState {
  const ended = signal !== null ? 'killed' : exitCode === null ? 'ended' : exitCode === 0 ? 'passed' : 'failed';
  const running = state.running.filter((one) => one.node !== node);
  return changeNode({ ...state, running }, node, () => ({ state: ended, endedAt: at, exitCode, signal }));
}

/** @param event any but the first. */
export function reduceLive(state: LiveState, event: LiveEvent): LiveState {
  switch (event.kind) {
    case 'run-started':
      return startRun(event);
    case 'node-started':
      return startNode(state, event);
    case 'node-ready': {
      const repeat = state.run.repeat ?? event.repeat;
      const run = repeat === undefined ? state.run : { ...state.run, repeat };
      return changeNode({ ...state, run }, event.node, () => ({ state: 'running', filesTotal: event.files }));
    }
    case 'file-started': {
      const { node, file, part, at } = event;
      const others = state.running.filter((one) => !isReplacedBy(state, node, event)(one));
      return { ...state, running: [...others, { node, file, part, startedAt: at }] };
    }
    case 'test-failed':
      return failTest(state, event);
    case 'test-passed': {
      const isOwn = isOn(event.node, event);
      return recover(state, (failure) => isOwn(failure) && failure.test === event.test);
    }
    case 'file-ended':
      return endFile(state, event);
    case 'file-withdrawn':
    case 'file-lost':
      return withdrawFile(state, event);
    case 'node-ended':
      return endNode(state, event);
    case 'node-lost': {
      const running = state.running.filter((one) => one.node !== event.node);
      return changeNode({ ...state, running }, event.node, () => ({ state: 'lost', endedAt: event.at }));
    }
    case 'run-stopping':
      return { ...state, stopping: { signal: event.signal, times: event.times } };
    case 'run-ended':
      return {
        ...state,
        endedAt: event.at,
        cancelledBy: event.cancelledBy ?? null,
        problems: event.problems ?? null,
      };
  }
}

/** Any event of a stream; undefined before the first one of its run. */
export function foldLive(state: LiveState | undefined, event: LiveEvent): LiveState | undefined {
  return event.kind === 'run-started' ? startRun(event) : state && reduceLive(state, event);
}
