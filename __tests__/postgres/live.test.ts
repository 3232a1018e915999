/** What can be seen of a run of the queue while it lasts, by a role that may only read. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { createQueueSource, findWatchedRun } from '../../src/postgres/live/queue-source';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { migrate } from '../../src/postgres/schema/migrate';
import type { Claimed, Outcome, Queue, QueueSession } from '../../src/queue/queue';
import { resultDetail } from '../../src/queue/result-detail';
import type { LiveEvent } from '../../src/reports/live/events';
import { eventSourceContract, stateOf } from '../contracts/event-source';
import { entriesOf, joinRequest } from '../contracts/queue';
import { type DatabaseBin, makeDatabaseBin } from '../support/database-bin';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import { elapse } from '../support/queue-harness';
import { makeReader, type Reader } from '../support/reader';

const schema = newSchemaName();
let server: TestPostgres;
let admin: SqlClient;
let reader: Reader;
let queue: Queue;

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  await migrate(admin, schema);
  reader = await makeReader(admin, server.url, schema);
  queue = createPostgresQueue(admin, schema);
}, 60_000);

afterAll(async () => {
  await reader?.remove();
  await admin?.query(`DROP SCHEMA ${schema} CASCADE`);
  await admin?.close();
  await server?.close();
});

const join = async (runId: string, node: string, change: Parameters<typeof joinRequest>[0] | object = {}) =>
  (await queue.join(joinRequest({ runId, node, host: `host-${node}`, ...change }))).session;

async function claimOne(session: QueueSession): Promise<Claimed> {
  const [item] = await queue.claim(session, { count: 1, startNow: 1, known: [] });
  if (item === undefined) throw new Error('nothing to claim');
  return item;
}

function settle(session: QueueSession, item: Claimed, outcome: Outcome, tests: Readonly<Record<string, string>>) {
  const testResults = Object.entries(tests).map(([fullName, status]) => ({
    ...{ fullName, status, duration: 5, failureMessages: status === 'failed' ? ['Error: no\n    at x.js:1:1'] : [] },
  }));
  return queue.settle(session, [
    { ...item, outcome, durationMs: 20, detail: resultDetail({ testResults, failureMessage: null }) },
  ]);
}

async function sourceOf(runId: string, client: SqlClient = reader.client) {
  const run = await findWatchedRun(client, schema, { runId });
  if (run === null) throw new Error('no run');
  return createQueueSource(client, schema, run, { pollMs: 20 });
}

let runs = 0;

eventSourceContract("a queue's database", async () => {
  const runId = `played-${++runs}`;
  const entries = entriesOf([
    { path: 'a.test.js', home: 1 },
    { path: 'b.test.js', home: 2 },
  ]);
  const one = await join(runId, '1', { entries, home: 1 });
  const two = await join(runId, '2', { entries, home: 2 });
  return {
    source: await sourceOf(runId),
    play: async () => {
      await settle(one, await claimOne(one), 'passed', { one: 'passed', two: 'passed' });
      await settle(two, await claimOne(two), 'failed', { breaks: 'failed', fine: 'passed' });
      for (const session of [one, two]) {
        await queue.finish(session);
        await queue.leave(session);
      }
    },
  };
});

/** Follows a run until somebody has seen enough. */
async function follow(runId: string) {
  const stop = new AbortController();
  const events: LiveEvent[] = [];
  const read: number[][] = [];
  const client: SqlClient = {
    ...reader.client,
    query: async (text, values) => {
      const rows = await reader.client.query(text, values);
      const [row] = rows;
      if (typeof row?.executions === 'string')
        read.push((JSON.parse(row.executions) as { id: string }[]).map(({ id }) => Number(id)));
      return rows;
    },
  };
  const source = await sourceOf(runId, client);
  const end = source.follow((batch) => events.push(...batch), stop.signal);
  const until = async (isEnough: () => boolean) => {
    for (let left = 500; left > 0 && !(events.length > 0 && isEnough()); left--)
      await new Promise((resolve) => setTimeout(resolve, 10));
    if (!isEnough()) throw new Error(`not seen in 5 s: ${JSON.stringify(events)}`);
  };
  /** Ids of the executions that each question brought. */
  return { events, until, end, stop, state: () => stateOf(events), read: () => read };
}

describe('a run that goes on', () => {
  test('files that run, a node that is lost with one, and its file on another node', async () => {
    const runId = 'lost';
    const entries = entriesOf(['a.test.js', 'b.test.js']);
    const one = await join(runId, 'ada', { entries });
    const two = await join(runId, 'bob', { entries });
    const first = await claimOne(one);
    const seen = await follow(runId);
    await seen.until(() => seen.state().running.length === 1);
    expect(seen.state().nodes.map(({ name, host, state }) => [name, host, state])).toEqual([
      ['ada', 'host-ada', 'running'],
      ['bob', 'host-bob', 'running'],
    ]);
    await elapse(admin, schema, one.limits.leaseMs + 1_000);
    await queue.heartbeat(two);
    await seen.until(() => seen.state().nodes[0]?.state === 'lost');
    expect(seen.state().running).toEqual([]);
    await queue.sweep(two, 0);
    await seen.until(() => seen.events.some(({ kind }) => kind === 'file-lost'));
    await settle(two, await claimOne(two), 'passed', { fine: 'passed' });
    await settle(two, await claimOne(two), 'passed', { fine: 'passed' });
    // Its result comes too late, or is the first: then it counts.
    await settle(one, first, 'passed', { fine: 'passed' });
    await queue.finish(two);
    await queue.leave(two);
    expect(await seen.end).toBe('finished');
    expect(seen.state().nodes.map(({ filesDone }) => filesDone)).toEqual([0, 2]);
  });

  test('a late result of a lost file is seen, although it has an old id', async () => {
    const runId = 'late';
    const entries = entriesOf(['a.test.js']);
    const one = await join(runId, '1', { entries });
    const two = await join(runId, '2', { entries });
    const item = await claimOne(one);
    await elapse(admin, schema, one.limits.leaseMs + 1_000);
    await queue.heartbeat(two);
    await queue.sweep(two, 0);
    const seen = await follow(runId);
    await seen.until(() => seen.events.some(({ kind }) => kind === 'file-lost'));
    const [settled] = await settle(one, item, 'passed', { fine: 'passed' });
    expect(settled?.decision).toBe('accepted');
    await seen.until(() => seen.state().nodes[0]?.filesDone === 1);
    seen.stop.abort();
    expect(await seen.end).toBe('stopped');
  });

  test('a result whose transaction ends after later ones is seen, and none is read twice', async () => {
    const runId = 'overlap';
    const entries = entriesOf(['a.test.js', 'b.test.js']);
    const [one, two] = [await join(runId, '1', { entries }), await join(runId, '2', { entries })];
    const [first, second] = [await claimOne(one), await claimOne(two)];
    const seen = await follow(runId);
    const slow = createPgClient({ url: server.url, source: 'the test', connections: 1 });
    await slow.transaction(async (query) => {
      const result = { outcome: 'passed', durationMs: 20, detail: null } as const;
      await createPostgresQueue({ ...slow, query }, schema).settle(one, [{ ...first, ...result }]);
      await settle(two, second, 'passed', { fine: 'passed' });
      await seen.until(() => seen.state().nodes[1]?.filesDone === 1);
    });
    await slow.close();
    await seen.until(() => seen.state().nodes[0]?.filesDone === 1);
    seen.stop.abort();
    await seen.end;
    const ids = seen.read().flat();
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBeGreaterThan(ids[1] as number);
  });

  test('a later attempt begins anew, with what counts', async () => {
    const runId = 'again';
    const entries = entriesOf([
      { path: 'a.test.js', home: 1 },
      { path: 'b.test.js', home: 2 },
    ]);
    const one = await join(runId, '1', { entries, home: 1 });
    await settle(one, await claimOne(one), 'passed', { fine: 'passed' });
    await settle(one, await claimOne(one), 'failed', { breaks: 'failed' });
    const seen = await follow(runId);
    await seen.until(() => seen.state().failures.length === 1);
    const again = await join(runId, '1', { entries, home: 1, attempt: 2 });
    await seen.until(() => seen.events.filter(({ kind }) => kind === 'run-started').length === 2);
    const second = seen.events.slice(seen.events.findLastIndex(({ kind }) => kind === 'run-started'));
    expect(stateOf(second)).toMatchObject({ failures: [], nodes: [{ filesDone: 1 }] });
    await queue.leave(one);
    await queue.cancel(again, 'Ann');
    await queue.leave(again);
    expect(await seen.end).toBe('cancelled');
    expect(seen.events.at(-1)).toMatchObject({ kind: 'run-ended', cancelledBy: 'Ann' });
  });

  test('without an id the newest that runs is meant', async () => {
    const entries = entriesOf(['a.test.js']);
    const going = await join('going', '1', { entries, pipeline: 'own' });
    const later = await join('later', '1', { entries, pipeline: 'own' });
    await queue.leave(later);
    expect(await findWatchedRun(reader.client, schema, { pipeline: 'own' })).toMatchObject({ runId: 'going' });
    await queue.leave(going);
    expect(await findWatchedRun(reader.client, schema, { pipeline: 'own' })).toMatchObject({ runId: 'later' });
    expect(await findWatchedRun(reader.client, schema, { pipeline: 'nothing' })).toBeNull();
  });

  test('all nodes gone before the end: abandoned', async () => {
    const session = await join('left', '1', { entries: entriesOf(['a.test.js']) });
    await queue.leave(session);
    const seen = await follow('left');
    expect(await seen.end).toBe('abandoned');
    expect(seen.state().nodes[0]?.state).toBe('ended');
  });
});

describe('the command', () => {
  let bin: DatabaseBin;
  const environment = () => ({
    JEST_DISTRIBUTED_DATABASE_URL: reader.url,
    JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
  });
  beforeAll(() => {
    bin = makeDatabaseBin('contract');
  });
  afterAll(() => bin.remove());

  test('shows a run as lines of a log, with a role that may only read, and ends as it ended', async () => {
    const runId = 'shown';
    const session = await join(runId, 'ada', { entries: entriesOf(['a.test.js', 'b.test.js']), commit: 'c0ffee' });
    const child = bin.start(['watch', runId], environment());
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    const exit = new Promise((resolve) => child.on('close', resolve));
    for (let left = 500; left > 0 && !stdout.includes('started'); left--) await new Promise((go) => setTimeout(go, 10));
    await settle(session, await claimOne(session), 'failed', { '::error::breaks \u001b[2J': 'failed' });
    for (let left = 500; left > 0 && !stdout.includes('failed:'); left--) await new Promise((go) => setTimeout(go, 10));
    await settle(session, await claimOne(session), 'passed', { fine: 'passed' });
    await queue.finish(session);
    await queue.leave(session);
    expect(await exit).toBe(1);
    expect(stdout).toMatch(/^node ada: started\n/);
    expect(stdout).toMatch(/^node ada: failed: [ab]\.test\.js › ::error::breaks \\u\{1b\}\[2J\n {2}Error: no$/m);
    expect(stdout).toMatch(/jest-distributed: run shown failed: 1 node: 2 of 2 files, 1 test failed/);
  });

  test('events as JSON, and the history with the same role', () => {
    const watched = bin.run(['watch', 'played-2', '--json'], environment());
    const events = watched.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LiveEvent);
    expect(stateOf(events).failures).toHaveLength(1);
    expect(bin.run(['history'], environment())).toMatchObject({ status: 0, stderr: '' });
  });

  test('waits for a run that has not begun, until somebody has enough', async () => {
    const child = bin.start(['watch', 'never'], environment());
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('waiting for run never')) child.kill('SIGINT');
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  });
});
