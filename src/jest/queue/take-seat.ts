/** Joins this node to the build that its run belongs to. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DistributedError } from '../../errors';
import { headCommit } from '../../files/git';
import type { Plan } from '../../plan/plan';
import { openQueue } from '../../postgres/queue-target';
import { estimateEntries } from '../../queue/history-estimates';
import { buildDigest, planEntries } from '../../queue/plan-entries';
import { DEFAULT_LIMITS, type Joined, type JsonObject, type Queue, type QueueEntry } from '../../queue/queue';
import { toPortable } from '../../results/portable-paths';
import { type RunState, readRunState } from '../run-state';
import { printNotice } from '../share-line';
import type { QueuePlace } from './queue-place';
import { refuseSharedSnapshots } from './queue-tests';
import type { OpenSeat } from './seat';

/** What nodes of one build must have alike, besides the files; named in the message where they have not. */
function inputsOf({ scope, identity }: RunState, plan: Plan, commit: string | null): JsonObject {
  const { hashBy, workers, unit, strategy } = plan;
  return { ...scope, nodes: identity.nodes, hashBy, workers, unit, strategy, commit };
}

async function entriesOf(plan: Plan, queue: Queue, { suite }: QueuePlace): Promise<readonly QueueEntry[]> {
  const planned = planEntries(plan);
  const nodes = plan.nodes.length;
  const past = (await queue.estimates?.(suite)) ?? [];
  const entries = estimateEntries(planned, past, nodes, plan.unit);
  // One node of the plan stands for any number of them.
  return nodes > 1 ? entries : entries.map((entry) => ({ ...entry, home: null }));
}

function tell({ namesakes, requeued, session: { node, build } }: Joined): void {
  if (namesakes > 0) {
    printNotice(
      `another node called ${node} is in build ${build}: this job was restarted, or two nodes have one name (--node-name)`,
    );
  }
  if (requeued > 0) printNotice(`${requeued} of build ${build} run again: node ${node} had them and they did not pass`);
}

/** Joins with what the sequencer published. */
export const takeSeat: OpenSeat = async (_tests, globalConfig) => {
  const state = readRunState();
  if (state?.mode.kind !== 'queue') throw notPlaced();
  const { plan, place } = state.mode;
  // Only here is Jest's config known on every version of it.
  if (state.splitting !== null) refuseSharedSnapshots(globalConfig);
  const { maxRetries, leaseSeconds } = state.options;
  const queue = await openQueue(place.target, printNotice);
  try {
    const head = await headCommit(state.root);
    const commit = head?.commit ?? null;
    const joined = await queue.join({
      suite: place.suite,
      build: place.build,
      round: place.round,
      node: place.node,
      home: place.home,
      host: hostname(),
      token: randomUUID(),
      digest: buildDigest(plan, head?.tree ?? null),
      inputs: inputsOf(state, plan, commit),
      commit,
      entries: await entriesOf(plan, queue, place),
      limits: { ...DEFAULT_LIMITS, leaseMs: leaseSeconds.value * 1_000, maxRetries: maxRetries.value },
      rerun: 'failed',
    });
    tell(joined);
    return {
      queue,
      session: joined.session,
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
    remedy: 'Add --testSequencer=jest-distributed, or start the nodes with "jest-distributed run".',
  });
}
