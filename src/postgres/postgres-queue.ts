/** The queue in PostgreSQL: each step of the contract is one statement. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sortForClaims } from '../queue/claim-order';
import { planDifference } from '../queue/plan-difference';
import type {
  BlobBeginning,
  Claimed,
  JoinRequest,
  Lease,
  PlanInputs,
  Queue,
  QueueSession,
  Swept,
} from '../queue/queue';
import { runGone, sessionGone } from '../queue/session-gone';
import { quoteSchema } from './client/schema-name';
import type { SqlClient, SqlRow, SqlValue } from './client/sql-client';
import {
  fromLeaseKey,
  leaseColumns,
  leaseKey,
  NO_HOME,
  OUTCOME_NUMBERS,
  rowKey,
  text,
  textOrNull,
  toAccepted,
  toClaimed,
  toDecision,
  toExecution,
  toFixtureClaim,
  toFixtureStep,
  toJsonb,
  toLimits,
  toNamed,
  toRunning,
  toTry,
} from './row-mapping';
import { cancel } from './schema/statements/cancel';
import { expireSession } from './schema/statements/expire-session';
import { findKeptInputs } from './schema/statements/find-kept';
import { findInputs, findRun } from './schema/statements/find-run';
import { heartbeat } from './schema/statements/heartbeat';
import { leave } from './schema/statements/leave';
import { listAccepted } from './schema/statements/list-accepted';
import { listBegun } from './schema/statements/list-begun';
import { listEntries } from './schema/statements/list-entries';
import { listExecutions } from './schema/statements/list-executions';
import { listRunning } from './schema/statements/list-running';
import { listTries } from './schema/statements/list-tries';
import { startItems } from './schema/statements/start-items';

/** How long a node waits before it looks again whether another one has filled the run. */
const FILL_PAUSE_MS = 50;

/**
 * A queue over a client whose schema is current (see `migrate`).
 *
 * @param schema name of the schema, unquoted.
 */
export function createPostgresQueue(client: SqlClient, schema: string): Queue {
  const s = quoteSchema(schema);
  // The greatest rank each session was given: a hint that spares the database dead index entries.
  const watermarks = new Map<string, number>();

  const queue: Queue = {
    async join(request) {
      const { row, filled } = await findOrFill(client, s, request);
      const runRowId = text(row.id);
      if (row.digest !== request.digest || isChanged(row, request)) {
        const entries = (await client.query(listEntries(s), [runRowId])).map(toNamed);
        const [filling] = await client.query(findInputs(s), [runRowId]);
        const inputs = JSON.parse(text(filling?.inputs)) as PlanInputs;
        const by = textOrNull(filling?.filled_by);
        throw planDifference(request, { digest: text(row.digest), inputs, entries, node: by });
      }
      const { pipeline, runId, node, home, job, host, token, attempt: asked, rerun, blob } = request;
      if (blob) await keepInputs(client, s, runRowId, blob);
      const values = [runRowId, token, node, host, asked, job?.name ?? null, job?.id ?? null, rerun === 'all'];
      const [opened] = await client.query(`SELECT * FROM ${s}.join_run($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, [
        ...values,
        blob?.head ?? null,
        blob?.inputsDigest ?? null,
      ]);
      const [sessionId, attempt] = [text(opened?.id), Number(opened?.attempt)];
      const session = { pipeline, runId, runRowId, sessionId, node, home, attempt, limits: toLimits(row) };
      if (opened === undefined) throw sessionGone(session);
      const requeued = Number(opened.requeued);
      const finishedAgoMs = row.finished_ago_ms === null || requeued > 0 ? null : Number(row.finished_ago_ms);
      return {
        session,
        filled,
        requeued,
        finishedAgoMs,
        sameNameSessions: Number(opened.same_name_sessions),
      };
    },

    async claim(session, { count, startNow, known }) {
      const { runRowId, sessionId, node, home } = session;
      const watermark = watermarks.get(sessionId) ?? 0;
      const values = [runRowId, sessionId, node, home ?? NO_HOME, count, startNow, known.map(leaseKey), watermark];
      const rows = await client.query(`SELECT * FROM ${s}.claim($1,$2,$3,$4,$5,$6,$7,$8)`, values);
      watermarks.set(sessionId, Math.max(watermark, ...rows.map((row) => Number(row.rank))));
      return rows.map(toClaimed);
    },

    async start(session, leases) {
      if (leases.length > 0) await client.query(startItems(s), onLeases(session, leases));
    },

    async heartbeat(session) {
      const [row] = await client.query(heartbeat(s), [session.runRowId, session.sessionId]);
      if (row === undefined) throw sessionGone(session);
      return { cancelledBy: textOrNull(row.cancelled_by), held: (row.held as string[]).map(fromLeaseKey) };
    },

    async settle(session, results) {
      if (results.length === 0) return [];
      const rows = await client.query(`SELECT * FROM ${s}.settle($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, [
        session.runRowId,
        session.sessionId,
        session.node,
        ...leaseColumns(results),
        results.map(({ outcome }) => OUTCOME_NUMBERS[outcome]),
        results.map(({ durationMs }) => Math.round(durationMs)),
        results.map(({ detail }) => toJsonb(detail)),
        results.map(({ blob }) => blob?.sources ?? null),
        results.map(({ blob }) => blob?.lines ?? null),
      ]);
      const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
      return results.map(({ itemId, attempt, claimNumber }, index) => {
        const row = byPlace.get(index + 1);
        if (row === undefined) throw sessionGone(session);
        return { itemId, attempt, claimNumber, decision: toDecision(row.decision), failures: Number(row.failures) };
      });
    },

    async sweep({ runRowId, sessionId }, gateMs) {
      return sweepRun(client, s, [runRowId, sessionId, Math.round(gateMs)]);
    },

    async expire({ runRowId, sessionId }) {
      const expired = await client.query(expireSession(s), [runRowId, sessionId]);
      return expired.length === 0 ? { lost: 0, poison: 0 } : sweepRun(client, s, [runRowId, NOBODY, 0]);
    },

    async finish(session) {
      const [row] = await client.query(`SELECT * FROM ${s}.finish($1)`, [session.runRowId]);
      // What still runs is no end yet, and its node will hear of it.
      if (row?.gone === true) throw runGone(session);
      return {
        finished: row?.finished === true,
        cancelledBy: textOrNull(row?.cancelled_by),
        queued: row?.queued === true,
        leased: row?.leased === true,
      };
    },

    async cancel({ pipeline, runId }, by) {
      return (await client.query(cancel(s), [pipeline, runId, by])).length > 0;
    },

    async leave({ runRowId, sessionId }) {
      await client.query(leave(s), [runRowId, sessionId]);
      watermarks.delete(sessionId);
    },

    async waiting({ runRowId }, most) {
      const rows = await client.query(listRunning(s), [runRowId, most]);
      return {
        items: Number(rows[0]?.items ?? 0),
        open: Number(rows[0]?.open ?? 0),
        running: rows.filter(({ path }) => path !== null).map(toRunning),
      };
    },

    async failures({ pipeline, runId, node }, of) {
      const owner = of === 'node' ? node : null;
      return (await client.query(listAccepted(s), [pipeline, runId, owner, true])).map(toAccepted);
    },

    async accepted({ pipeline, runId }) {
      if ((await client.query(findRun(s), [pipeline, runId])).length === 0) return null;
      return (await client.query(listAccepted(s), [pipeline, runId, null, false])).map(toAccepted);
    },

    async begun({ pipeline, runId }) {
      return (await client.query(listBegun(s), [pipeline, runId])).map((row) => ({
        key: toNamed(row).key,
        node: text(row.node),
      }));
    },

    async tries({ pipeline, runId }) {
      return (await client.query(listTries(s), [pipeline, runId])).map(toTry);
    },

    async askFixture(session, fixture, limitMs) {
      const values = [session.runRowId, session.sessionId, fixture, limitMs];
      const [row] = await client.query(`SELECT * FROM ${s}.ask_fixture($1,$2,$3,$4)`, values);
      if (row === undefined) throw sessionGone(session);
      return toFixtureStep(fixture, row);
    },

    async settleFixture({ runRowId, sessionId }, { fixture, claimNumber }, result) {
      const values = [runRowId, sessionId, fixture, claimNumber, result];
      const [row] = await client.query(`SELECT ${s}.settle_fixture($1,$2,$3,$4,$5) AS settled`, values);
      return row?.settled === true;
    },

    async leaveFixture({ runRowId, sessionId }, fixture, limitMs) {
      const values = [runRowId, sessionId, fixture, limitMs];
      const [row] = await client.query(`SELECT * FROM ${s}.leave_fixture($1,$2,$3,$4)`, values);
      return row === undefined ? null : { claim: toFixtureClaim(fixture, row), result: textOrNull(row.result) };
    },

    async removeFixture({ runRowId, sessionId }, { fixture, claimNumber }) {
      await client.query(`SELECT ${s}.remove_fixture($1,$2,$3,$4)`, [runRowId, sessionId, fixture, claimNumber]);
    },

    async history({ pipeline, runId }) {
      return (await client.query(listExecutions(s), [pipeline, runId])).map(toExecution);
    },

    close: () => client.close(),
  };
  return queue;
}

/** While nodes run, tests may write into the checkout that they share. */
function isChanged(row: SqlRow, { changes }: JoinRequest): boolean {
  return changes !== null && row.changes !== null && row.changes !== changes && row.live !== true;
}

/** Large, and the same on all nodes, so that it is sent once. */
async function keepInputs(client: SqlClient, s: string, run: string, blob: BlobBeginning): Promise<void> {
  const { inputs, inputsDigest } = blob;
  if ((await client.query(findKeptInputs(s), [run, inputsDigest])).length > 0) return;
  await client.query(`SELECT ${s}.keep_inputs($1,$2,$3)`, [run, inputsDigest, inputs]);
}

/** Stands for no session: ids begin with 1. */
const NOBODY = 0;

async function sweepRun(client: SqlClient, s: string, values: readonly SqlValue[]): Promise<Swept> {
  const [row] = await client.query(`SELECT * FROM ${s}.sweep($1,$2,$3)`, values);
  return { lost: Number(row?.lost), poison: Number(row?.poison) };
}

function onLeases({ runRowId, sessionId }: QueueSession, leases: readonly (Lease | Claimed)[]) {
  return [runRowId, sessionId, ...leaseColumns(leases)];
}

/** The run's row, made here if nobody was first. */
async function findOrFill(
  client: SqlClient,
  s: string,
  request: JoinRequest,
): Promise<{ readonly row: SqlRow; readonly filled: boolean }> {
  let filled = false;
  for (;;) {
    const [row] = await client.query(findRun(s), [request.pipeline, request.runId]);
    if (row !== undefined) return { row, filled };
    // A fill that committed and whose answer was lost is repeated and finds itself: then nobody says "filled", which
    // only people read.
    filled = (await fill(client, s, request)) === 1;
    if (!filled) await sleep(FILL_PAUSE_MS * (1 + Math.random()));
  }
}

/** 1: filled here; 0: another node did; -1: another node is at it. */
async function fill(client: SqlClient, s: string, request: JoinRequest): Promise<number> {
  const { pipeline, runId, digest, changes, inputs, node, commit, branch = null, limits } = request;
  const entries = sortForClaims(request.entries);
  const [row] = await client.query(
    `SELECT ${s}.fill($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18) AS filled`,
    [
      ...[pipeline, runId, digest, changes, JSON.stringify(inputs), node, commit, branch],
      ...[limits.leaseMs, limits.maxFileMs, limits.maxCrashes, limits.maxRetries],
      entries.map(rowKey),
      entries.map(({ file }) => file.project),
      entries.map(({ file }) => file.path),
      entries.map(({ part }) => part),
      entries.map(({ estimate }) => Math.max(1, Math.round(estimate))),
      entries.map(({ home }) => home ?? NO_HOME),
    ],
  );
  return Number(row?.filled);
}
