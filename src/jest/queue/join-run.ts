/** Joins this node to the queue of its run. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { toPortable } from '../../blob/portable-paths';
import { DistributedError } from '../../errors';
import { fileKey } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import { openQueue } from '../../postgres/queue-target';
import { estimateEntries } from '../../queue/history-estimates';
import { packContents } from '../../queue/plan-difference';
import { changesDigest, inputsDigest, NOT_COMPARED, planEntries } from '../../queue/plan-entries';
import {
  DEFAULT_QUEUE_LIMITS,
  type JobRef,
  type Joined,
  type JsonObject,
  type Queue,
  type QueueEntry,
  type QueueLimits,
  type QueueSession,
} from '../../queue/queue';
import { commitOf, testedBranch } from '../planning/commit';
import { printNotice } from '../planning/print-share';
import type { QueueConfig } from '../planning/queue-config';
import { type RunState, readRunState } from '../planning/run-state';
import { treeOf } from '../planning/tree';
import { shareQueue } from '../workers/begin-workers';
import type { JoinRun } from './joined-run';
import { readResultLines } from './result-lines';
import { refuseSharedSnapshots } from './run-tests';

/** Settings that nodes of one run must have alike; named in the message where they have not. */
function settingsOf({ scope, identity }: RunState, plan: Plan, commit: string | null): JsonObject {
  const { hashBy, workers, unit, strategy } = plan;
  return { ...scope, nodes: identity.nodes, hashBy, workers, unit, strategy, commit };
}

/** What this checkout holds, as far as other nodes of the run must have it too. */
async function heldBy(state: RunState, place: QueueConfig): Promise<typeof NOT_COMPARED> {
  if (place.target.kind !== 'database') return NOT_COMPARED;
  const { record: tree, changes } = await treeOf(state);
  const configs = tree.configs.flatMap(({ project, settings }) =>
    Object.entries(settings).map(
      ([name, digest]) => [project === null ? name : `${name} of project ${project}`, digest] as const,
    ),
  );
  return { contents: packContents(tree.files), configs: Object.fromEntries(configs), changed: changes };
}

async function entriesOf(
  plan: Plan,
  queue: Queue,
  { pipeline }: QueueConfig,
  branch: string | null,
): Promise<readonly QueueEntry[]> {
  const planned = planEntries(plan);
  const nodes = plan.nodes.length;
  const past = (await queue.estimates?.(pipeline, branch)) ?? [];
  const entries = estimateEntries(planned, past, nodes, plan.unit);
  // One node of the plan stands for any number of them.
  return nodes > 1 ? entries : entries.map((entry) => ({ ...entry, home: null }));
}

/** The node that was first has set the limits for all. */
function limitNotices({ limits }: QueueSession, asked: QueueLimits): string[] {
  const limit = (flag: string, wanted: number, given: number) =>
    wanted === given ? [] : [`the first node of this run set --${flag} ${given}, so ${wanted} here has no effect`];
  return [
    ...limit('max-retries', asked.maxRetries, limits.maxRetries),
    ...limit('lease-seconds', asked.leaseMs / 1_000, limits.leaseMs / 1_000),
  ];
}

function printNotices({ sameNameSessions, requeued, session }: Joined, asked: QueueLimits): void {
  const { node, runId } = session;
  for (const notice of limitNotices(session, asked)) printNotice(notice);
  if (sameNameSessions > 0) {
    printNotice(
      `another node called ${node} is in run ${runId}: this job was restarted, or two nodes have one name (--node-name)`,
    );
  }
  if (requeued > 0) printNotice(`${requeued} of run ${runId} run again: node ${node} had them and they did not pass`);
}

/** Where the CI keeps the attempt of a job that is run again, its id distinguishes the two. */
function jobOf({ identity: { run, jobName, jobId } }: RunState): JobRef | null {
  return run.rerun === 'job' && jobName !== null && jobId !== null ? { name: jobName, id: jobId } : null;
}

/** Joins with what the sequencer published. */
export const joinRun: JoinRun = async (_tests, globalConfig) => {
  const state = readRunState();
  if (state?.mode.kind !== 'queue') throw notPlaced();
  const { plan, place } = state.mode;
  // Only here is Jest's config known on every version of it.
  if (state.splitting !== null) refuseSharedSnapshots(globalConfig);
  const { maxRetries, leaseSeconds, rerun } = state.options;
  const limits = { ...DEFAULT_QUEUE_LIMITS, leaseMs: leaseSeconds.value * 1_000, maxRetries: maxRetries.value };
  const queue = await openQueue(place.target, printNotice);
  try {
    const [head, branch, held] = await Promise.all([
      commitOf(state.root),
      testedBranch(state.root),
      heldBy(state, place),
    ]);
    const commit = head?.commit ?? null;
    const entries = await entriesOf(plan, queue, place, branch);
    const joined = await queue.join({
      pipeline: place.pipeline,
      runId: place.runId,
      attempt: place.attempt,
      job: jobOf(state),
      node: place.node,
      home: place.home,
      host: hostname(),
      token: randomUUID(),
      digest: inputsDigest(plan, head?.tree ?? null, held),
      changes: place.target.kind === 'database' ? changesDigest(held.changed) : null,
      inputs: { ...held, settings: settingsOf(state, plan, commit) },
      commit,
      branch,
      entries,
      limits,
      rerun: rerun.value,
      blob: readResultLines()?.begin((await treeOf(state)).record) ?? null,
    });
    printNotices(joined, limits);
    shareQueue({ target: place.target, session: joined.session });
    const first = new Set(entries.filter(({ failedLast }) => failedLast).map(({ file, part }) => fileKey(file, part)));
    return {
      queue,
      session: joined.session,
      finishedAgoMs: joined.finishedAgoMs,
      isFirst: (key) => first.has(key),
      testOf: (key) => state.queueItems?.get(key),
      toName: toPortable(state.folders.rootDir, state.folders.repositoryDir),
      close: () => queue.close(),
    };
  } catch (error) {
    await queue.close();
    throw error;
  }
};

/** Alone, the runner knows neither options nor files, and every node would run everything. */
function notPlaced(): DistributedError {
  return new DistributedError({
    code: 'QUEUE_WITHOUT_SEQUENCER',
    message: 'A database URL is set and jest-distributed/runner is in use, but its sequencer is not.',
    remedy: 'Add --testSequencer=jest-distributed, or start the nodes with "npx jest-distributed run".',
  });
}
