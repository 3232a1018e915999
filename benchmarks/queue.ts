/**
 * The queue's ratios, on a real PostgreSQL:
 *
 *   node -r esbuild-register benchmarks/queue.ts [seconds a measurement]
 *
 * 1. Claims (each with its settle) a second and latency at 8, 64 and 256 claimers, directly and through PgBouncer. One
 *    Node process makes all of them, so its CPU counts too; each claimer has a connection of its own.
 * 2. The same with 100,000 items in one run.
 *    Beside both, in turns, a Redis Lua queue of ci-queue's kind, where Redis is installed.
 * 3. Makespan on nodes of unequal speed (1 / 0.7 / 1.3): the queue with real claims against a static plan.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pgbouncerBinary, startPgBouncer } from '../__tests__/support/pgbouncer';
import { newSchemaName, startPostgres } from '../__tests__/support/postgres';
import { createClaimLoop } from '../src/jest/queue/claim-loop';
import { createResultBatcher } from '../src/jest/queue/result-batcher';
import { createPgClient } from '../src/postgres/client/pg-client';
import { createPostgresQueue } from '../src/postgres/postgres-queue';
import { migrate } from '../src/postgres/schema/migrate';
import { NOT_COMPARED } from '../src/queue/plan-entries';
import { type Claimed, DEFAULT_QUEUE_LIMITS, type Queue, type QueueEntry, type QueueSession } from '../src/queue/queue';
import { fillRedis, openRedisQueue, type RedisServer, startRedis } from './redis-queue';

const seconds = Number(process.argv[2] ?? 3);
const schema = newSchemaName();
let runs = 0;

const entriesOf = (durationsMs: readonly number[]): QueueEntry[] =>
  durationsMs.map((estimate, index) => ({
    file: { project: null, path: `src/some/folder/of/tests/file-${index}.test.js` },
    part: null,
    estimate: Math.max(1, Math.round(estimate)),
    home: null,
  }));

async function join(queue: Queue, runId: string, node: string, entries: QueueEntry[]): Promise<QueueSession> {
  const { session } = await queue.join({
    ...{ pipeline: 'bench', runId, attempt: 1, node, home: null, host: null, token: randomUUID(), digest: 'd' },
    ...{ inputs: { ...NOT_COMPARED, settings: {} }, changes: null, job: null },
    ...{ commit: null, entries, limits: DEFAULT_QUEUE_LIMITS, rerun: 'failed' },
  });
  return session;
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;

/** @param batch items a claim asks for. */
async function measureClaims(url: string, claimers: number, batch: number, items: number) {
  const runId = `b${++runs}`;
  const entries = entriesOf(Array.from({ length: items }, (_, index) => 1 + (index % 1000)));
  const queues = Array.from({ length: claimers }, () =>
    createPostgresQueue(createPgClient({ url, source: 'benchmark', connections: 1 }), schema),
  );
  const startedAt = performance.now();
  const first = await join(queues[0] as Queue, runId, '0', entries);
  const fillMs = performance.now() - startedAt;
  const sessions = await Promise.all(queues.map((queue, index) => join(queue, runId, String(index), entries)));
  await (queues[0] as Queue).leave(first);
  const measured = await measureClaimers(
    queues.map((queue, index) => {
      const session = sessions[index] as QueueSession;
      return {
        claim: () => queue.claim(session, { count: batch, startNow: batch, known: [] }),
        settle: (claimed: readonly Claimed[]) =>
          queue.settle(
            session,
            claimed.map((lease) => ({ ...lease, outcome: 'passed' as const, durationMs: 5, detail: null })),
          ),
      };
    }),
  );
  await Promise.all(queues.map((queue) => queue.close()));
  return { ...measured, fillMs };
}

async function measureRedisClaims(server: RedisServer, claimers: number, batch: number, items: number) {
  const runId = `b${++runs}`;
  const startedAt = performance.now();
  const files = Array.from({ length: items }, (_, index) => `src/some/folder/of/tests/file-${index}.test.js`);
  await fillRedis(server, runId, files);
  const fillMs = performance.now() - startedAt;
  const queues = Array.from({ length: claimers }, () => openRedisQueue(server, runId));
  const measured = await measureClaimers(
    queues.map((queue) => ({ claim: () => queue.claim(batch), settle: queue.settle })),
  );
  for (const queue of queues) queue.close();
  return { ...measured, fillMs };
}

interface Claimer<T> {
  readonly claim: () => Promise<readonly T[]>;
  readonly settle: (claimed: readonly T[]) => Promise<unknown>;
}

/** Claims and settles for some seconds, or until nothing is left. */
async function measureClaimers<T>(claimers: readonly Claimer<T>[]) {
  const claimMs: number[] = [];
  let settled = 0;
  const from = performance.now();
  const endMs = from + 1000 * seconds;
  await Promise.all(
    claimers.map(async ({ claim, settle }) => {
      while (performance.now() < endMs) {
        const before = performance.now();
        const claimed = await claim();
        claimMs.push(performance.now() - before);
        if (claimed.length === 0) return;
        await settle(claimed);
        settled += claimed.length;
      }
    }),
  );
  const wallMs = performance.now() - from;
  claimMs.sort((a, b) => a - b);
  return {
    filesPerSecond: Math.round((1000 * settled) / wallMs),
    claimsPerSecond: Math.round((1000 * claimMs.length) / wallMs),
    p50Ms: quantile(claimMs, 0.5),
    p99Ms: quantile(claimMs, 0.99),
  };
}

const SPEEDS = [1, 0.7, 1.3];

/** Deterministic, log-normal: many short files and a few long ones. */
function someDurations(count: number, meanMs: number, seed: number): number[] {
  let state = seed;
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return (state + 0.5) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const raw = Array.from({ length: count }, () => Math.exp(normal()));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => (value * meanMs * count) / sum);
}

/** Longest first to the least loaded of equal nodes: as good as a static plan gets that does not know the speeds. */
function staticMakespan(durationsMs: readonly number[]): number {
  const loads = SPEEDS.map(() => 0);
  for (const ms of [...durationsMs].sort((a, b) => b - a)) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] as number) + ms;
  }
  return Math.max(...loads.map((load, index) => load / (SPEEDS[index] as number)));
}

async function queueMakespan(url: string, durationsMs: readonly number[]): Promise<number> {
  const runId = `b${++runs}`;
  const entries = entriesOf(durationsMs);
  const queues = SPEEDS.map(() => createPostgresQueue(createPgClient({ url, source: 'benchmark' }), schema));
  const sessions = await Promise.all(queues.map((queue, index) => join(queue, runId, String(index), entries)));
  const from = performance.now();
  const ends = await Promise.all(
    queues.map(async (queue, index) => {
      const session = sessions[index] as QueueSession;
      const feed = createClaimLoop({ queue, session, workers: 1 });
      const settler = createResultBatcher(queue, session);
      let lastMs = 0;
      for (let item = await feed.next(); item !== undefined; item = await feed.next()) {
        const ms = (durationsMs[Number(/file-(\d+)/.exec(item.file.path)?.[1])] as number) / (SPEEDS[index] as number);
        await sleep(ms);
        const { itemId, attempt, claimNumber } = item;
        // As the runner does: after a pass its worker is free, and the result goes with the next delivery.
        void settler
          .settle({ itemId, attempt, claimNumber, outcome: 'passed', durationMs: ms, detail: null }, false)
          .then(() => feed.done(item, ms));
        lastMs = performance.now() - from;
      }
      await feed.close();
      return lastMs;
    }),
  );
  await Promise.all(queues.map((queue) => queue.close()));
  return Math.max(...ends);
}

async function main(): Promise<void> {
  const server = await startPostgres();
  const admin = createPgClient({ url: server.url, source: 'benchmark' });
  await migrate(admin, schema);
  const bouncer = pgbouncerBinary === undefined ? undefined : await startPgBouncer(server.url, 8);
  const redis = await startRedis();
  const ways: [string, (claimers: number, batch: number, items: number) => ReturnType<typeof measureClaims>][] = [
    ['direct', (...of) => measureClaims(server.url, ...of)],
  ];
  if (bouncer) ways.push(['PgBouncer, 8 connections', (...of) => measureClaims(bouncer.url, ...of)]);
  if (redis) ways.push(['Redis, Lua', (...of) => measureRedisClaims(redis, ...of)]);
  const line = (...cells: (string | number)[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  line('items', 'claimers', 'way', 'batch', 'files/s', 'claims/s', 'claim p50 ms', 'claim p99 ms', 'fill ms');
  line(...Array(9).fill('---'));
  const cases: [number, number, number][] = [
    [20_000, 8, 1],
    [20_000, 64, 1],
    [20_000, 256, 1],
    [50_000, 8, 10],
    [50_000, 64, 10],
    [50_000, 256, 10],
    [100_000, 64, 1],
  ];
  for (const [items, claimers, batch] of cases) {
    for (const [way, measure] of ways) {
      const { filesPerSecond, claimsPerSecond, p50Ms, p99Ms, fillMs } = await measure(claimers, batch, items);
      line(
        items,
        claimers,
        way,
        batch,
        filesPerSecond,
        claimsPerSecond,
        p50Ms.toFixed(1),
        p99Ms.toFixed(1),
        Math.round(fillMs),
      );
    }
  }
  process.stdout.write('\nMakespan / ideal on nodes of speed 1, 0.7, 1.3 (ideal: total / 3.0):\n\n');
  line('files', 'mean ms', 'static', 'queue');
  line(...Array(4).fill('---'));
  for (const [count, meanMs, seed] of [
    [60, 100, 1],
    [120, 50, 2],
    [240, 25, 3],
  ] as const) {
    const durationsMs = someDurations(count, meanMs, seed);
    const idealMs = durationsMs.reduce((a, b) => a + b, 0) / SPEEDS.reduce((a, b) => a + b, 0);
    const measured = await queueMakespan(server.url, durationsMs);
    line(count, meanMs, (staticMakespan(durationsMs) / idealMs).toFixed(2), (measured / idealMs).toFixed(2));
  }
  await admin.query(`DROP SCHEMA ${schema} CASCADE`);
  await admin.close();
  await bouncer?.close();
  await redis?.close();
  await server.close();
}

void main();
