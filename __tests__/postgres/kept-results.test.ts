/** What PostgreSQL keeps of blobs: with the result that counts, or not at all, and for some days. */
import { randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { createHistory } from '../../src/postgres/history';
import { listKeptResults, readKeptBlob } from '../../src/postgres/kept-results';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { migrate } from '../../src/postgres/schema/migrate';
import type { ItemResult, JoinRequest, Lease, Outcome, Queue } from '../../src/queue/queue';
import { entriesOf, joinRequest, resultOf } from '../contracts/queue';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';

const schema = newSchemaName();
let server: TestPostgres;
let client: SqlClient;
let queue: Queue;

beforeAll(async () => {
  server = await startPostgres();
  client = createPgClient({ url: server.url, source: 'the test' });
  await migrate(client, schema);
  queue = createPostgresQueue(client, schema);
}, 120_000);

afterAll(async () => {
  await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await client.close();
  await server.close();
});

const pack = (text: string) => deflateRawSync(text).toString('base64');

async function join(runId: string, init: Partial<JoinRequest> = {}) {
  const blob = { head: pack(`head of ${init.node ?? 1}\n`), inputs: pack('inputs\n'), inputsDigest: 'd' };
  const { session } = await queue.join(joinRequest({ runId, entries: entriesOf(['a', 'b', 'c']), blob, ...init }));
  return session;
}

const lined = (lease: Lease, text: string, outcome: Outcome = 'passed', sources?: string): ItemResult => ({
  ...resultOf(lease, outcome),
  blob: { lines: pack(`${text}\n`), sources: sources === undefined ? null : pack(`${sources}\n`) },
});

async function contentOf(sessionId: string, itemIds: readonly number[]): Promise<string> {
  let text = '';
  for await (const piece of readKeptBlob(client, schema, sessionId, itemIds)) text += piece.toString();
  return text;
}

test('lines are kept of the results that count, and sources of all, by session', async () => {
  const runId = randomUUID();
  const limits = { leaseMs: 60_000, maxFileMs: 3_600_000, maxCrashes: 3, maxRetries: 1 };
  const one = await join(runId, { limits });
  const two = await join(runId, { node: '2', limits });
  const [a, b] = (await queue.claim(one, { count: 2, startNow: 2, known: [] })) as readonly Lease[] as readonly [
    Lease,
    Lease,
  ];
  const [c] = (await queue.claim(two, { count: 1, startNow: 1, known: [] })) as readonly Lease[] as readonly [Lease];
  // One that is sent on has no line, but what it brought is for those that follow.
  await queue.settle(one, [lined(a, 'failed a', 'failed', 'source of a'), lined(b, 'b')]);
  await queue.settle(one, [lined(b, 'b once more')]);
  await queue.settle(two, [lined(c, 'c')]);
  const [again] = (await queue.claim(two, { count: 1, startNow: 1, known: [] })) as readonly Lease[] as readonly [
    Lease,
  ];
  await queue.settle(two, [lined(again, 'passed a')]);

  const kept = await listKeptResults(client, schema, { pipeline: 'contract', runId });
  expect(kept.map(({ key, node, attempt, claimNumber }) => [key, node, attempt, claimNumber])).toEqual([
    ['b', '1', 1, 1],
    ['a', '2', 1, 2],
    ['c', '2', 1, 1],
  ]);
  const itemsOf = (sessionId: string) => kept.filter((one) => one.sessionId === sessionId).map(({ itemId }) => itemId);
  expect(await contentOf(one.sessionId, itemsOf(one.sessionId))).toBe('head of 1\ninputs\nsource of a\nb\n');
  expect(await contentOf(two.sessionId, itemsOf(two.sessionId))).toMatch(
    /^head of 2\ninputs\n(passed a\nc|c\npassed a)\n$/,
  );
  expect(await listKeptResults(client, schema, { pipeline: 'contract', runId: 'unknown' })).toEqual([]);
});

test('a re-run replaces the line of what it runs again, and time between the two, whoever looked in, is none of the run', async () => {
  const runId = randomUUID();
  const one = await join(runId);
  const leases = await queue.claim(one, { count: 3, startNow: 3, known: [] });
  await queue.settle(
    one,
    leases.map((lease, index) => lined(lease, `first ${index}`, index === 0 ? 'failed' : 'passed')),
  );
  await queue.finish(one);
  await queue.leave(one);
  const s = `"${schema}"`;
  const hour = `interval '1 hour'`;
  await client.query(`UPDATE ${s}.session SET left_at = left_at - ${hour}, joined_at = joined_at - ${hour}`);
  await client.query(
    `UPDATE ${s}.run SET created_at = created_at - ${hour}, finished_at = finished_at - ${hour} WHERE key = $1`,
    [runId],
  );
  const wallMs = async () => (await createHistory(client, schema).runs({ runId }))[0]?.wallMs;
  const before = await wallMs();
  expect(before).toBeGreaterThanOrEqual(0);
  await queue.leave(await join(runId, { node: '2' }));
  expect(await wallMs()).toBe(before);
  const again = await join(runId, { attempt: 2 });
  const [lease] = (await queue.claim(again, { count: 1, startNow: 1, known: [] })) as readonly Lease[] as readonly [
    Lease,
  ];
  expect(await listKeptResults(client, schema, { pipeline: 'contract', runId })).toHaveLength(2);
  await queue.settle(again, [lined(lease, 'second')]);
  expect((await queue.finish(again)).finished).toBe(true);
  await queue.leave(again);
  const kept = await listKeptResults(client, schema, { pipeline: 'contract', runId });
  expect(kept.map(({ attempt }) => attempt)).toEqual([1, 1, 2]);
  expect(await wallMs()).toBeGreaterThanOrEqual(before ?? 0);
  expect(await wallMs()).toBeLessThan(60_000);
});

test('lines of old runs go when a run ends, and the history stays', async () => {
  const runId = randomUUID();
  const old = await join(runId);
  const [lease] = (await queue.claim(old, { count: 1, startNow: 1, known: [] })) as readonly Lease[] as readonly [
    Lease,
  ];
  await queue.settle(old, [lined(lease, 'old', 'passed', 'source')]);
  await queue.leave(old);
  const s = `"${schema}"`;
  const age = (days: number) =>
    client.query(`UPDATE ${s}.run SET created_at = clock_timestamp() - $2 * interval '1 day' WHERE key = $1`, [
      runId,
      days,
    ]);
  const endRun = async () => {
    const last = await join(randomUUID(), { entries: [] });
    await queue.finish(last);
    await queue.leave(last);
  };
  await age(6);
  await endRun();
  expect(await listKeptResults(client, schema, { pipeline: 'contract', runId })).toHaveLength(1);
  await age(8);
  await endRun();
  expect(await listKeptResults(client, schema, { pipeline: 'contract', runId })).toEqual([]);
  expect(await contentOf(old.sessionId, [lease.itemId])).toBe('');
  const counted = await client.query(
    `SELECT (SELECT count(*)::int FROM ${s}.blob_source WHERE run_id = $1) AS sources,
      (SELECT count(*)::int FROM ${s}.execution WHERE run_id = $1) AS executions`,
    [old.runRowId],
  );
  expect(counted).toEqual([{ sources: 0, executions: 1 }]);
});

test('a delivery waits for the disk, also where the server usually does not', async () => {
  const shown = await client.transaction(async (query) => {
    await query('SET LOCAL synchronous_commit = off');
    await query(`SELECT * FROM "${schema}".settle(0, 0, '1', ${Array(8).fill("'{}'").join(', ')})`);
    return query('SHOW synchronous_commit');
  });
  expect(shown).toEqual([{ synchronous_commit: 'on' }]);
});
