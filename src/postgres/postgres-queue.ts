/** The queue in PostgreSQL: each step of the contract is one statement. */
import { setTimeout as sleep } from 'node:timers/promises';
import { rankEntries } from '../queue/claim-order';
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
  fromLeaseWord,
  leaseColumns,
  leaseWord,
  NO_HOME,
  OUTCOME_NUMBERS,
  rowKey,
  text,
  textOrNull,
  toAccepted,
  toAttempt,
  toClaimed,
  toJsonb,
  toLimits,
  toNamed,
  toRunning,
  toTry,
  toVerdict,
} from './row-mapping';
import { cancel } from './schema/statements/cancel';
import { expireSession } from './schema/statements/expire-session';
import { findKeptInputs } from './schema/statements/find-kept';
import { findBuild, findInputs } from './schema/statements/find-run';
import { heartbeat } from './schema/statements/heartbeat';
import { leave } from './schema/statements/leave';
import { listAccepted } from './schema/statements/list-accepted';
import { listEntries } from './schema/statements/list-entries';
import { listAttempts } from './schema/statements/list-executions';
import { listRunning } from './schema/statements/list-running';
import { listTries } from './schema/statements/list-tries';
import { progress } from './schema/statements/progress';
import { releaseItems } from './schema/statements/release-items';
import { startItems } from './schema/statements/start-items';

/** How long a node waits before it looks again whether another one has filled the build. */
const FILL_PAUSE_MS = 50;

/**
 * A queue over a client whose schema is current (see `migrate`).
 *
 * @param schema name of the schema, unquoted.
 */
export function createPostgresQueue(client: SqlClient, schema: string): Queue {
  const s = quoteSchema(schema);
  // The greatest rank each session was given: a hint that spares the database dead index entries.
  const marks = new Map<string, number>();

  const queue: Queue = {
    async join(request) {
      const { row, filled } = await findOrFill(client, s, request);
      const buildId = text(row.id);
      if (row.digest !== request.digest || isChanged(row, request)) {
        const entries = (await client.query(listEntries(s), [buildId])).map(toNamed);
        const [filling] = await client.query(findInputs(s), [buildId]);
        const inputs = JSON.parse(text(filling?.inputs)) as PlanInputs;
        const by = textOrNull(filling?.filled_by);
        throw planDifference(request, { digest: text(row.digest), inputs, entries, node: by });
      }
      const { suite, build, node, home, job, host, token, round: attempt, rerun, blob } = request;
      if (blob) await keepInputs(client, s, buildId, blob);
      const seat = [buildId, token, node, host, attempt, job?.name ?? null, job?.id ?? null, rerun === 'all'];
      const [opened] = await client.query(`SELECT * FROM ${s}.take_seat($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, [
        ...seat,
        blob?.head ?? null,
        blob?.inputsDigest ?? null,
      ]);
      const [sessionId, round] = [text(opened?.id), Number(opened?.round)];
      const session = { suite, build, buildId, sessionId, node, home, round, limits: toLimits(row) };
      if (opened === undefined) throw sessionGone(session);
      return { session, filled, requeued: Number(opened.requeued), namesakes: Number(opened.namesakes) };
    },

    async claim(session, { count, startNow, known }) {
      const { buildId, sessionId, node, home } = session;
      const mark = marks.get(sessionId) ?? 0;
      const values = [buildId, sessionId, node, home ?? NO_HOME, count, startNow, known.map(leaseWord), mark];
      const rows = await client.query(`SELECT * FROM ${s}.claim($1,$2,$3,$4,$5,$6,$7,$8)`, values);
      marks.set(sessionId, Math.max(mark, ...rows.map((row) => Number(row.rank))));
      return rows.map(toClaimed);
    },

    async start(session, leases) {
      if (leases.length > 0) await client.query(startItems(s), onLeases(session, leases));
    },

    async heartbeat(session) {
      const [row] = await client.query(heartbeat(s), [session.buildId, session.sessionId]);
      if (row === undefined) throw sessionGone(session);
      return { cancelledBy: textOrNull(row.cancelled_by), held: (row.held as string[]).map(fromLeaseWord) };
    },

    async settle(session, results) {
      if (results.length === 0) return [];
      const rows = await client.query(`SELECT * FROM ${s}.settle($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, [
        session.buildId,
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
      return results.map(({ itemId, round, attempt }, index) => {
        const row = byPlace.get(index + 1);
        if (row === undefined) throw sessionGone(session);
        return { itemId, round, attempt, verdict: toVerdict(row.verdict), failures: Number(row.failures) };
      });
    },

    async release(session, leases, elsewhere) {
      if (leases.length === 0) return 0;
      return (await client.query(releaseItems(s), [...onLeases(session, leases), elsewhere])).length;
    },

    async sweep({ buildId, sessionId }, gateMs) {
      return sweepBuild(client, s, [buildId, sessionId, Math.round(gateMs)]);
    },

    async expire({ buildId, sessionId }) {
      const expired = await client.query(expireSession(s), [buildId, sessionId]);
      return expired.length === 0 ? { lost: 0, poison: 0 } : sweepBuild(client, s, [buildId, NOBODY, 0]);
    },

    async finish(session) {
      const [row] = await client.query(`SELECT * FROM ${s}.finish($1)`, [session.buildId]);
      // What still runs is no end yet, and its node will hear of it.
      if (row?.gone === true) throw runGone(session);
      return {
        finished: row?.finished === true,
        cancelledBy: textOrNull(row?.cancelled_by),
        queued: row?.queued === true,
        leased: row?.leased === true,
      };
    },

    async cancel({ suite, build }, by) {
      return (await client.query(cancel(s), [suite, build, by])).length > 0;
    },

    async leave({ buildId, sessionId }) {
      await client.query(leave(s), [buildId, sessionId]);
      marks.delete(sessionId);
    },

    async waiting({ buildId }, most) {
      const rows = await client.query(listRunning(s), [buildId, most]);
      return {
        items: Number(rows[0]?.items ?? 0),
        open: Number(rows[0]?.open ?? 0),
        running: rows.filter(({ path }) => path !== null).map(toRunning),
      };
    },

    async progress({ buildId }) {
      const [row] = await client.query(progress(s), [buildId]);
      const count = (name: string) => Number(row?.[name]);
      return {
        queued: count('queued'),
        leased: count('leased'),
        passed: count('passed'),
        failed: count('failed'),
        poison: count('poison'),
      };
    },

    async failures({ suite, build, node }) {
      return (await client.query(listAccepted(s), [suite, build, node])).map(toAccepted);
    },

    async accepted({ suite, build }) {
      if ((await client.query(findBuild(s), [suite, build])).length === 0) return null;
      return (await client.query(listAccepted(s), [suite, build, null])).map(toAccepted);
    },

    async tries({ suite, build }) {
      return (await client.query(listTries(s), [suite, build])).map(toTry);
    },

    async history({ suite, build }) {
      return (await client.query(listAttempts(s), [suite, build])).map(toAttempt);
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
async function keepInputs(client: SqlClient, s: string, build: string, blob: BlobBeginning): Promise<void> {
  const { inputs, inputsDigest } = blob;
  if ((await client.query(findKeptInputs(s), [build, inputsDigest])).length > 0) return;
  await client.query(`SELECT ${s}.keep_inputs($1,$2,$3)`, [build, inputsDigest, inputs]);
}

/** Stands for no session: ids begin with 1. */
const NOBODY = 0;

async function sweepBuild(client: SqlClient, s: string, values: readonly SqlValue[]): Promise<Swept> {
  const [row] = await client.query(`SELECT * FROM ${s}.sweep($1,$2,$3)`, values);
  return { lost: Number(row?.lost), poison: Number(row?.poison) };
}

function onLeases({ buildId, sessionId }: QueueSession, leases: readonly (Lease | Claimed)[]) {
  return [buildId, sessionId, ...leaseColumns(leases)];
}

/** The build's row, made here if nobody was first. */
async function findOrFill(
  client: SqlClient,
  s: string,
  request: JoinRequest,
): Promise<{ readonly row: SqlRow; readonly filled: boolean }> {
  let filled = false;
  for (;;) {
    const [row] = await client.query(findBuild(s), [request.suite, request.build]);
    if (row !== undefined) return { row, filled };
    // A fill that committed and whose answer was lost is repeated and finds itself: then nobody says "filled", which
    // only people read.
    filled = (await fill(client, s, request)) === 1;
    if (!filled) await sleep(FILL_PAUSE_MS * (1 + Math.random()));
  }
}

/** 1: filled here; 0: another node did; -1: another node is at it. */
async function fill(client: SqlClient, s: string, request: JoinRequest): Promise<number> {
  const { suite, build, digest, changes, inputs, node, commit, limits } = request;
  const entries = rankEntries(request.entries);
  const [row] = await client.query(
    `SELECT ${s}.fill($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17) AS filled`,
    [
      ...[suite, build, digest, changes, JSON.stringify(inputs), node, commit],
      ...[limits.leaseMs, limits.maxFileMs, limits.maxCrashes, limits.maxRetries],
      entries.map(rowKey),
      entries.map(({ file }) => file.project),
      entries.map(({ file }) => file.path),
      entries.map(({ part }) => part),
      entries.map(({ expectedMs }) => Math.max(1, Math.round(expectedMs))),
      entries.map(({ home }) => home ?? NO_HOME),
    ],
  );
  return Number(row?.filled);
}
