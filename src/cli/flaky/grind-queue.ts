/**
 * A campaign over the queue: this node takes some files, grinds them as a campaign of their own, delivers what it found,
 * and takes more, until every file of the run has a result. What a node that died had taken comes back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { keyName } from '../../blob/item-name';
import { DistributedError, isDistributedError } from '../../errors';
import { campaignResult } from '../../flaky/campaign-result';
import { waitingNotice } from '../../jest/queue/queue-errors';
import { shareSize, shareTimeMs } from '../../queue/campaign-share';
import { heartbeatMs } from '../../queue/heartbeat-interval';
import type { AcceptedResult, Claimed, ItemResult, QueueSession } from '../../queue/queue';
import { repeatCommand } from '../../reports/flaky/grind-lines';
import { countOf } from '../../reports/terminal/format';
import { printLine } from '../database/database-session';
import type { GrindArguments } from './grind-arguments';
import type { GroundFiles } from './grinder';
import type { JoinedCampaign } from './join-campaign';

export interface GrindQueueInit {
  readonly joined: JoinedCampaign;
  readonly own: GrindArguments;
  /** When the time of this node is over, by `Date.now()`; null: never. */
  readonly endMs: number | null;
  /** Grinds files, as paths from here, until it is over; `company` only runs with them. */
  readonly grind: (files: readonly string[], company: readonly string[], isOver: () => boolean) => Promise<GroundFiles>;
  /** Somebody has stopped this process. */
  readonly isStopped: () => boolean;
  /** Cuts off what runs. */
  readonly cutOff: () => void;
}

const LONGEST_PAUSE_MS = 1_000;
const FIRST_NOTICE_MS = 2_000;
const NEXT_NOTICE_MS = 60_000;
const MOST_NAMED = 3;

function cancelled({ runId, pipeline }: QueueSession, by: string): DistributedError {
  return new DistributedError({
    code: 'QUEUE_CANCELLED',
    message: `Run ${runId} of ${pipeline} was cancelled by ${by}, so not every file was ground.`,
    remedy: 'Start a new campaign, under another --run-id.',
  });
}

function unknownFile({ runId, node }: QueueSession, key: string): DistributedError {
  return new DistributedError({
    code: 'QUEUE_ITEM_NOT_HERE',
    message: `Node ${node} was given ${keyName(key)} in run ${runId}, but its Jest found no such file.`,
    remedy: 'All nodes of a run must check out the same commit and run with the same Jest arguments.',
  });
}

/** Signs of life while Jest runs, and whether somebody has cancelled the run. */
function keepSession({ queue, session }: JoinedCampaign, cutOff: () => void) {
  let by: string | null = null;
  let gone: unknown;
  const send = async () => {
    try {
      const { cancelledBy } = await queue.heartbeat(session);
      if (cancelledBy === null) return;
      by = cancelledBy;
    } catch (error) {
      // Anything else passes, or shows when results are delivered.
      if (!isDistributedError(error) || error.code !== 'QUEUE_SESSION_GONE') return;
      gone = error;
    }
    cutOff();
  };
  const timer = setInterval(() => void send(), heartbeatMs(session.limits));
  return {
    isLost: () => by !== null || gone !== undefined,
    /** @throws DistributedError where the run is cancelled, or the session gone. */
    check: () => {
      if (gone !== undefined) throw gone;
      if (by !== null) throw cancelled(session, by);
    },
    close: () => clearInterval(timer),
  };
}

function resultsOf(
  claimed: readonly Claimed[],
  { joined, own }: Pick<GrindQueueInit, 'joined' | 'own'>,
  { outcome, tests, ran, durationMs }: GroundFiles,
): ItemResult[] {
  const campaign = { seed: own.seed, probes: outcome.probes, files: claimed.length };
  const [firstFault = null] = outcome.faults;
  return claimed.flatMap(({ key, itemId, attempt, claimNumber }) => {
    const file = joined.pathOf(key) as string;
    // The time was over before its turn.
    if (own.isTimed && firstFault === null && !ran.has(file)) return [];
    const { hasRun, ...result } = campaignResult({
      ...{ file, tests, failOn: own.failOn, campaign, toPortable: joined.toPortable },
      // Nobody knows which of its files it was.
      fault: firstFault === null ? null : `Jest gave no results: ${firstFault}`,
      commandOf: (one) => repeatCommand(one, own.jestArgs),
    });
    // The nodes' time, each file's part of it; none where no test ran, as in a file that skips all of them.
    const ownMs = hasRun ? Math.max(1, Math.round(durationMs / claimed.length)) : 0;
    return [{ itemId, attempt, claimNumber, ...result, durationMs: ownMs }];
  });
}

/** A single file runs after or beside nothing: where it is to do no more than that, those next to it run with it. */
function companyOf(files: readonly string[], { joined, own }: GrindQueueInit): readonly string[] {
  const needsOthers = own.conditions.every((condition) => condition === 'sequence' || condition === 'beside');
  const [only] = files;
  return needsOthers && files.length === 1 && only !== undefined ? joined.around(only) : [];
}

/** Delivers what was found. @returns names of files of which another result counts. */
async function deliver(
  { queue, session }: JoinedCampaign,
  claimed: readonly Claimed[],
  results: readonly ItemResult[],
) {
  const settled = await queue.settle(session, results);
  const late = new Set(settled.filter(({ decision }) => decision === 'superseded').map(({ itemId }) => itemId));
  return claimed.filter(({ itemId }) => late.has(itemId)).map(({ key }) => keyName(key));
}

/** Red by any node's results: whoever comes late must not be green beside a red run. */
function isRed(accepted: readonly AcceptedResult[]): boolean {
  if (accepted.some(({ outcome }) => outcome !== 'passed')) return true;
  return accepted.length > 0 && accepted.every(({ durationMs }) => durationMs === 0);
}

function failedElsewhere(accepted: readonly AcceptedResult[], own: ReadonlySet<string>): void {
  for (const { key, node, outcome } of accepted) {
    if (outcome === 'passed' || own.has(key)) continue;
    const where = node === null ? '' : ` on node ${node}`;
    printLine(
      outcome === 'poison'
        ? `${keyName(key)} has no result: every node that ground it ended meanwhile, the last${where}`
        : `${keyName(key)} failed${where}`,
    );
  }
}

/**
 * @returns the exit code, of the whole run as far as it has results.
 * @throws DistributedError `QUEUE_CANCELLED`, `QUEUE_SESSION_GONE`, `QUEUE_RUN_GONE`, and what the database throws.
 */
export async function grindQueue(init: GrindQueueInit): Promise<number> {
  const { joined, own, endMs, grind, isStopped, cutOff } = init;
  const { queue, session, nodes } = joined;
  const alive = keepSession(joined, cutOff);
  const ground = new Set<string>();
  const isOver = () => isStopped() || alive.isLost() || (endMs !== null && Date.now() >= endMs);
  const isEndless = own.isTimed && endMs === null;

  const takeAndGrind = async (): Promise<boolean> => {
    const { open } = await queue.waiting(session, 0);
    if (open === 0) return false;
    const count = shareSize({ open, nodes, isEndless });
    const claimed = await queue.claim(session, { count, startNow: count, known: [] });
    if (claimed.length === 0) return false;
    const files = claimed.map(({ key }) => {
      const file = joined.pathOf(key);
      if (file === undefined) throw unknownFile(session, key);
      return file;
    });
    const remainingMs = endMs === null ? null : endMs - Date.now();
    const rest = { taken: claimed.length, open: Math.max(0, open - claimed.length), nodes };
    const untilMs = remainingMs === null ? null : Date.now() + shareTimeMs({ remainingMs, ...rest });
    const made = await grind(
      files.sort(),
      companyOf(files, init),
      () => isOver() || (untilMs !== null && Date.now() >= untilMs),
    );
    alive.check();
    // What somebody stops in the middle is for another node, unless it has no other end.
    if (isStopped() && !own.isTimed) return false;
    const results = resultsOf(claimed, init, made);
    const late = await deliver(joined, claimed, results);
    const delivered = new Set(results.map(({ itemId }) => itemId));
    for (const { key, itemId } of claimed) if (delivered.has(itemId)) ground.add(key);
    if (late.length > 0) printLine(`another node's result counts of ${late.join(', ')}: this one had not answered`);
    return true;
  };

  try {
    let noticeAtMs = Date.now() + FIRST_NOTICE_MS;
    for (let pauseMs = 50; !isOver(); ) {
      if (await takeAndGrind()) {
        pauseMs = 50;
        noticeAtMs = Date.now() + FIRST_NOTICE_MS;
        continue;
      }
      alive.check();
      if (isOver()) break;
      const { finished, cancelledBy } = await queue.finish(session);
      if (cancelledBy !== null) throw cancelled(session, cancelledBy);
      if (finished) break;
      // Not the end: what others have may come back.
      if (Date.now() >= noticeAtMs) {
        printLine(waitingNotice(await queue.waiting(session, MOST_NAMED)));
        noticeAtMs = Date.now() + NEXT_NOTICE_MS;
      }
      await sleep(pauseMs * (0.5 + Math.random()));
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      await queue.sweep(session, heartbeatMs(session.limits));
    }
    alive.check();
    await queue.leave(session);
    return await endOf(joined, ground, isStopped());
  } finally {
    alive.close();
    await queue.leave(session).catch(() => undefined);
  }
}

/** What the run has come to, in words and as an exit code. */
async function endOf(
  { queue, session, files }: JoinedCampaign,
  ground: ReadonlySet<string>,
  isStopped: boolean,
): Promise<number> {
  const { runId, pipeline } = session;
  const state = await queue.finish(session);
  const accepted = (await queue.accepted({ pipeline, runId })) ?? [];
  const run = `run ${runId} of ${pipeline}`;
  const red = isRed(accepted);
  failedElsewhere(accepted, ground);
  if (state.finished) {
    const failed = accepted.filter(({ outcome }) => outcome !== 'passed').length;
    const what =
      failed > 0 ? `${failed} of ${countOf(files, 'file')} failed` : `${countOf(files, 'file')}, none failed`;
    if (ground.size === 0) {
      printLine(
        `${run} was finished without this node: ${what}; a new campaign needs another --run-id (JEST_DISTRIBUTED_RUN_ID)`,
      );
    } else printLine(`${run} is finished: ${what}`);
    return red ? 1 : 0;
  }
  const { open, running } = await queue.waiting(session, MOST_NAMED);
  printLine(`${run} is not finished: ${open} of ${countOf(files, 'file')} without a result`);
  if (isStopped) printLine(`grind with --run-id ${runId} goes on with them`);
  else if (!state.queued) printLine(waitingNotice({ items: files, open, running }));
  else printLine('the time was over before all of them were ground: give more --minutes, or more nodes');
  return red || state.queued ? 1 : 0;
}
