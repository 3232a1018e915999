/** What a node does with the steps that a queue gives it; who sets up and who tears down is the queue's contract. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectQueue } from '../../src/postgres/socket/client';
import { serveQueue } from '../../src/postgres/socket/server';
import { createMemoryQueue } from '../../src/queue/memory-queue';
import type { Queue, QueueSession } from '../../src/queue/queue';
import type { SetupSpec } from '../../src/setups/setup-spec';
import { type SharedFixtures, shareFixtures } from '../../src/setups/shared-fixtures';
import { joinRequest } from '../contracts/queue';

const FILE = path.resolve('/checkout/test/server.js');
const LIMIT_MS = 1_000;

let folder: string;
let queue: Queue;
let nowMs: number;
let close: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shared-'));
  nowMs = 0;
  queue = createMemoryQueue({ now: () => nowMs });
  ({ close } = await serveQueue(queue, path.join(folder, 'queue.sock')));
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

async function makeNode(name: string, cwd = '/checkout') {
  const { session } = await queue.join(joinRequest({ runId: 'r', node: name }));
  const own = path.join(folder, name);
  mkdirSync(own);
  const target = { kind: 'owner', socketPath: path.join(folder, 'queue.sock') };
  writeFileSync(path.join(own, 'queue.json'), JSON.stringify({ target, session }));
  return { session, fixtures: open(own, cwd) };
}

const open = (own: string, cwd = '/checkout'): SharedFixtures =>
  shareFixtures({ folder: own, cwd: path.resolve(cwd), limitMs: LIMIT_MS } as SetupSpec, () =>
    connectQueue(path.join(folder, 'queue.sock')),
  );

/** Notes what it does. */
function makeWork(log: string[], setUp: () => unknown = () => ({ url: 'u' })) {
  return {
    setUp: async () => {
      log.push('setup');
      return setUp();
    },
    tearDown: async (value: unknown) => {
      log.push(`teardown ${JSON.stringify(value)}`);
    },
  };
}

const leave = (session: QueueSession) => queue.leave(session);

test('two checkouts in different places share one set-up and one teardown', async () => {
  const log: string[] = [];
  const work = makeWork(log);
  const [one, two] = [await makeNode('a'), await makeNode('b', '/elsewhere')];
  const elsewhere = path.resolve('/elsewhere/test/server.js');
  const values = await Promise.all([one.fixtures.use(FILE, work), two.fixtures.use(elsewhere, work)]);
  expect([values, log]).toEqual([[{ url: 'u' }, { url: 'u' }], ['setup']]);
  for (const { session } of [one, two]) await leave(session);
  await Promise.all([one.fixtures.leave(FILE, work), two.fixtures.leave(elsewhere, work)]);
  expect(log).toEqual(['setup', 'teardown {"url":"u"}']);
});

test('a set-up that gives nothing gives nothing to all', async () => {
  const [one, two] = [await makeNode('a'), await makeNode('b')];
  const work = makeWork([], () => undefined);
  expect([await one.fixtures.use(FILE, work), await two.fixtures.use(FILE, work)]).toEqual([undefined, undefined]);
});

test('what fails here fails elsewhere with the same words, and where it was', async () => {
  const log: string[] = [];
  const work = makeWork(log, () => {
    throw new Error('no server');
  });
  const [one, two] = [await makeNode('a'), await makeNode('b')];
  await expect(one.fixtures.use(FILE, work)).rejects.toThrow('no server');
  await expect(two.fixtures.use(FILE, work)).rejects.toThrow(
    /no server[\s\S]*\nIt was set up on node a, for all nodes\./,
  );
  expect(log).toEqual(['setup']);
});

test('who counted as dead during its set-up is red and tears nothing down', async () => {
  const log: string[] = [];
  const [one, two] = [await makeNode('a'), await makeNode('b')];
  const work = makeWork(log, async () => {
    nowMs += 3_600_000;
    await queue.heartbeat(two.session);
    await two.fixtures.use(FILE, makeWork(log));
    return { url: 'late' };
  });
  await expect(one.fixtures.use(FILE, work)).rejects.toMatchObject({
    code: 'FIXTURE_TAKEN_OVER',
    fact: expect.stringContaining(`The fixture ${FILE} (scope run) was set up here, but meanwhile`),
  });
  await one.fixtures.leave(FILE, work);
  // What the dead one had begun was torn down by the other, without a value.
  expect(log).toEqual(['setup', 'teardown undefined', 'setup']);
});

test('a node that ends does not wait for another one', async () => {
  const [one, two] = [await makeNode('a'), await makeNode('b')];
  await queue.askFixture(one.session, 'test/server.js', LIMIT_MS);
  const waiting = two.fixtures.use(FILE, makeWork([]));
  waiting.catch(() => undefined);
  await wait(20);
  two.fixtures.stopWaiting();
  await expect(waiting).rejects.toMatchObject({
    code: 'FIXTURE_NOT_READY',
    fact: expect.stringContaining('is being set up or torn down by node a, and was not ready when this node ended'),
  });
});

test('before the node has joined, it is an error that says when to ask', async () => {
  const early = open(path.join(folder, 'nobody'));
  await expect(early.use(FILE, makeWork([]))).rejects.toMatchObject({
    code: 'FIXTURE_RUN_SCOPE',
    fact: expect.stringContaining('before this node had joined its queue, in a hook or in globalSetup'),
  });
  await early.leave(FILE, makeWork([]));
});

test('where the queue is gone, whoever has set up tears down', async () => {
  const log: string[] = [];
  const work = makeWork(log);
  const [one, two] = [await makeNode('a'), await makeNode('b')];
  for (const { fixtures } of [one, two]) await fixtures.use(FILE, work);
  await close();
  for (const { fixtures } of [one, two]) await fixtures.leave(FILE, work);
  expect(log).toEqual(['setup', 'teardown {"url":"u"}']);
  ({ close } = await serveQueue(queue, path.join(folder, 'again.sock')));
});
