/**
 * Fixtures of a whole run whose nodes share nothing but a queue: it says which node sets up, and which tears down.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { portableName } from '../blob/portable-names';
import { DistributedError, isDistributedError } from '../errors';
import type { QueueTarget } from '../postgres/queue-target';
import type { Queue, QueueSession } from '../queue/queue';
import type { FixtureLeftover, FixtureStep } from '../queue/run-fixtures';
import { errorOf, failureOf } from './failure';
import { holdLimitMs, type SetupResponse, waitLimitMs } from './protocol';
import { readQueuePlace } from './queue-place';
import { fixtureSubject } from './run-fixture';
import type { SetupSpec } from './setup-spec';
import { secondsText } from './time-limit';

/** What is done for one fixture on this node. */
export interface FixtureWork {
  readonly setUp: () => Promise<unknown>;
  readonly tearDown: (value: unknown) => Promise<void>;
}

export interface SharedFixtures {
  /** @throws DistributedError as the set-up failed, here or on another node. */
  readonly use: (file: string, work: FixtureWork) => Promise<unknown>;
  /** To be called once after each `use`, also one that failed: tears down where this node is the last one. */
  readonly leave: (file: string, work: FixtureWork) => Promise<void>;
  /** Nobody waits any more. */
  readonly stopWaiting: () => void;
}

const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

export function shareFixtures(
  { folder, cwd, limitMs }: SetupSpec,
  openQueue: (target: QueueTarget) => Promise<Queue>,
): SharedFixtures {
  const holdMs = holdLimitMs(limitMs);
  let isEnding = false;
  /** Values of what was set up here, by file. */
  const own = new Map<string, unknown>();
  let opened: Promise<{ readonly queue: Queue; readonly session: QueueSession }> | undefined;

  /** Equal on all nodes, wherever their checkouts lie. */
  const nameOf = (file: string): string => portableName(cwd, file);

  const open = async (file: string) => {
    const place = readQueuePlace(folder);
    if (place === null) throw notJoined(file);
    return { queue: await openQueue(place.target), session: place.session };
  };
  const connect = (file: string) => {
    opened ??= open(file).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  async function setUp(step: FixtureStep & { readonly kind: 'set-up' }, file: string, work: FixtureWork) {
    const { queue, session } = await connect(file);
    let response: SetupResponse;
    let failed: unknown;
    try {
      if (step.leftover !== null) await work.tearDown(givenValue(step.leftover));
      response = { ok: true, value: await work.setUp() };
      own.set(file, response.value);
    } catch (error) {
      failed = error;
      response = { ok: false, failure: failureOf(error) };
    }
    const isOurs = await queue.settleFixture(session, step.claim, JSON.stringify(response));
    if (!response.ok) throw failed;
    if (!isOurs) throw takenOver(file, limitMs);
    return response.value;
  }

  async function use(file: string, work: FixtureWork): Promise<unknown> {
    const { queue, session } = await connect(file);
    const untilMs = Date.now() + waitLimitMs(limitMs);
    for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const step = await queue.askFixture(session, nameOf(file), holdMs);
      if (step.kind === 'set-up') return setUp(step, file, work);
      if (step.kind === 'ready') return openResult(step);
      if (isEnding || Date.now() > untilMs) throw waitedInVain(file, step.node, isEnding ? null : waitLimitMs(limitMs));
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }

  async function leave(file: string, work: FixtureWork): Promise<void> {
    // Killed before it had joined, so that it never used it.
    if (readQueuePlace(folder) === null) return;
    try {
      const { queue, session } = await connect(file);
      const teardown = await queue.leaveFixture(session, nameOf(file), holdMs);
      if (teardown === null) return;
      await work.tearDown(givenValue(teardown));
      await queue.removeFixture(session, teardown.claim);
    } catch (error) {
      // Its run is over, and nobody is there any more who could know who is the last.
      if (!isDistributedError(error) || error.code !== 'QUEUE_SERVER_GONE') throw error;
      if (own.has(file)) await work.tearDown(own.get(file));
    }
  }

  return {
    use,
    leave,
    stopWaiting: () => {
      isEnding = true;
    },
  };
}

/** What a set-up gave; undefined where it failed, or did not get to its end. */
function givenValue({ result }: FixtureLeftover): unknown {
  const response = result === null ? null : (JSON.parse(result) as SetupResponse);
  return response?.ok ? response.value : undefined;
}

function openResult({ result, node }: FixtureStep & { readonly kind: 'ready' }): unknown {
  const response = JSON.parse(result) as SetupResponse;
  if (response.ok) return response.value;
  const { message, ...rest } = response.failure;
  throw errorOf({ ...rest, message: `${message}\nIt was set up on node ${node}, for all nodes.` });
}

const subjectOf = (file: string): string => fixtureSubject({ file, scope: 'run' });

function notJoined(file: string): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_RUN_SCOPE',
    message: `${subjectOf(file)} was asked for before this node had joined its queue, in a hook or in globalSetup.`,
    remedy: 'Ask for it in tests or their set-up files (setupFilesAfterEnv), or give it the scope node.',
  });
}

function takenOver(file: string, limitMs: number): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_TAKEN_OVER',
    message: `${subjectOf(file)} was set up here, but meanwhile this node counted as dead or took longer than ${secondsText(2 * limitMs)}, so another node has set it up again. What was set up here is not torn down.`,
    remedy:
      'Look for what blocks the set-up (execSync) or cuts this node off from its database, and remove what is left. --hook-seconds and --lease-seconds give it longer.',
  });
}

function waitedInVain(file: string, node: string, waitedMs: number | null): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_NOT_READY',
    message: `${subjectOf(file)} is being set up or torn down by node ${node}, and was not ready ${waitedMs === null ? 'when this node ended' : `within ${secondsText(waitedMs)}`}.`,
    remedy: `Look at what node ${node} printed. --hook-seconds (JEST_DISTRIBUTED_HOOK_SECONDS) is the time that one set-up has.`,
  });
}
