/**
 * What every implementation of the queue must satisfy. Each test has a run of its own, so one database serves all.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NOT_COMPARED } from '../../src/queue/plan-entries';
import {
  type Claimed,
  DEFAULT_QUEUE_LIMITS,
  type ItemResult,
  type JoinRequest,
  type Lease,
  type Outcome,
  type Queue,
  type QueueEntry,
  type QueueLimits,
  type QueueSession,
} from '../../src/queue/queue';

export interface QueueHarness {
  /** A client of the one queue; nodes have one each. */
  readonly open: () => Promise<Queue>;
  /** Lets the queue's own clock go on, without waiting. */
  readonly elapse: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface EntryInit {
  readonly path: string;
  readonly ms?: number;
  readonly home?: number | null;
  readonly project?: string | null;
  readonly part?: string | null;
}

const LEASE_MS = 60_000;
const LIMITS: QueueLimits = { ...DEFAULT_QUEUE_LIMITS, leaseMs: LEASE_MS };

export function entriesOf(inits: readonly (string | EntryInit)[]): QueueEntry[] {
  return inits.map((init) => {
    const {
      path,
      ms = 1000,
      home = null,
      project = null,
      part = null,
    } = typeof init === 'string' ? { path: init } : init;
    return { file: { project, path }, part, estimate: ms, home };
  });
}

export function joinRequest(init: Partial<JoinRequest> & { readonly runId: string }): JoinRequest {
  return {
    pipeline: 'contract',
    attempt: 1,
    node: '1',
    home: null,
    host: null,
    token: randomUUID(),
    digest: 'd1',
    inputs: { ...NOT_COMPARED, settings: {} },
    changes: null,
    job: null,
    commit: null,
    entries: [],
    limits: LIMITS,
    rerun: 'failed',
    ...init,
  };
}

/** A node of the contract's: a client with its session and short words for what it does. */
class Node {
  constructor(
    readonly queue: Queue,
    readonly session: QueueSession,
    readonly filled: boolean,
    readonly requeued: number,
    readonly namesakes: number,
    readonly finishedAgoMs: number | null,
  ) {}

  claim(count = 1, { startNow = count, known = [] as readonly Lease[] } = {}) {
    return this.queue.claim(this.session, { count, startNow, known });
  }

  /** Claims one item and expects to get one. */
  async take(): Promise<Claimed> {
    const held = await this.queue.heartbeat(this.session);
    const [claimed] = await this.claim(1, { known: held.held });
    if (claimed === undefined) throw new Error('nothing to claim');
    return claimed;
  }

  async settle(lease: Lease, outcome: Outcome = 'passed') {
    const [settlement] = await this.queue.settle(this.session, [resultOf(lease, outcome)]);
    if (settlement === undefined) throw new Error('no decision');
    return settlement.decision;
  }

  async pathsOf(count: number): Promise<string[]> {
    return (await this.claim(count)).map(({ file }) => file.path);
  }

  finish() {
    return this.queue.finish(this.session);
  }

  sweep() {
    return this.queue.sweep(this.session, 0);
  }

  heartbeat() {
    return this.queue.heartbeat(this.session);
  }
}

export function resultOf({ itemId, attempt, claimNumber }: Lease, outcome: Outcome = 'passed'): ItemResult {
  return { itemId, attempt, claimNumber, outcome, durationMs: 7, detail: null };
}

export function queueContract(name: string, makeHarness: () => Promise<QueueHarness>): void {
  describe(`${name} as a queue`, () => {
    let harness: QueueHarness;
    const clients: Queue[] = [];
    let runs = 0;

    beforeAll(async () => {
      harness = await makeHarness();
    }, 120_000);
    afterAll(async () => {
      for (const client of clients) await client.close();
      await harness?.close();
    });

    const prefix = randomUUID().slice(0, 8);
    const newRunId = () => `${prefix}-${++runs}`;
    // Few clients, reused: a node's identity is its session, not its connection.
    const clientOf = async (index: number): Promise<Queue> => {
      clients[index] ??= await harness.open();
      return clients[index] as Queue;
    };

    const join = async (init: Partial<JoinRequest> & { readonly runId: string }): Promise<Node> => {
      const queue = await clientOf(Number(init.node ?? 1) % 3);
      const { session, filled, requeued, sameNameSessions, finishedAgoMs } = await queue.join(joinRequest(init));
      return new Node(queue, session, filled, requeued, sameNameSessions, finishedAgoMs);
    };

    /** Nodes 1 to n of a new run. */
    const nodes = async (
      count: number,
      inits: readonly (string | EntryInit)[],
      more: Partial<JoinRequest> & { readonly limits?: QueueLimits } = {},
    ): Promise<Node[]> => {
      const runId = newRunId();
      const joined: Node[] = [];
      for (let number = 1; number <= count; number++) {
        const request = { runId, entries: entriesOf(inits), node: String(number), home: number, ...more };
        joined.push(await join(request));
      }
      return joined;
    };

    describe('joining', () => {
      test('the first node fills the run and the others attach', async () => {
        const [one, two] = (await nodes(2, ['a', 'b'])) as [Node, Node];
        expect([one.filled, two.filled]).toEqual([true, false]);
        expect(await two.queue.waiting(two.session, 5)).toEqual({ items: 2, open: 2, running: [] });
      });

      test('of many nodes that come at once exactly one fills', async () => {
        const runId = newRunId();
        const entries = entriesOf(Array.from({ length: 50 }, (_, i) => `f${i}`));
        const joined = await Promise.all(
          Array.from({ length: 12 }, (_, i) => join({ runId, entries, node: String(i + 1) })),
        );
        expect(joined.filter(({ filled }) => filled)).toHaveLength(1);
        const [{ queue, session }] = joined as [Node];
        expect(await queue.waiting(session, 5)).toEqual({ items: 50, open: 50, running: [] });
      });

      test('files, projects and parts come back as they were put in', async () => {
        const inits = [
          { path: 'a b/ü.test.js', project: 'unit: "x"', part: 'math > adds', ms: 5 },
          { path: 'a b/ü.test.js', project: null, part: null, ms: 4 },
          { path: 'a b/ü.test.js', project: '', part: null, ms: 3 },
        ];
        const [node] = (await nodes(1, inits)) as [Node];
        const claimed = await node.claim(5);
        expect(claimed.map(({ file, part, estimate }) => ({ ...file, part, estimate }))).toEqual([
          { project: 'unit: "x"', path: 'a b/ü.test.js', part: 'math > adds', estimate: 5 },
          { project: null, path: 'a b/ü.test.js', part: null, estimate: 4 },
          { project: '', path: 'a b/ü.test.js', part: null, estimate: 3 },
        ]);
        expect(new Set(claimed.map(({ key }) => key)).size).toBe(3);
      });

      test('the limits are those of the node that filled', async () => {
        const runId = newRunId();
        const one = await join({ runId, entries: entriesOf(['a']) });
        const two = await join({ runId, entries: entriesOf(['a']), node: '2', limits: { ...LIMITS, maxRetries: 5 } });
        expect(two.session.limits).toEqual(one.session.limits);
      });

      test('another plan is refused, naming the files that differ', async () => {
        const runId = newRunId();
        await join({
          runId,
          entries: entriesOf(['a', 'b']),
          inputs: { ...NOT_COMPARED, settings: { jest: '30.5.2', nodes: 2 } },
        });
        const other = join({
          runId,
          node: '2',
          digest: 'd2',
          entries: entriesOf(['b', 'c']),
          inputs: { ...NOT_COMPARED, settings: { nodes: 2, jest: '29.7.0' } },
        });
        await expect(other).rejects.toMatchObject({
          code: 'QUEUE_PLAN_DIFFERS',
          message: expect.stringMatching(
            /Node 2 planned d2, but run .* was filled by node 1 from d1: only this node found c; only the run has a; jest is "29.7.0" here and "30.5.2" there\./,
          ),
        });
      });

      test('other contents of the same files are refused, naming the file, also where nothing is left to run', async () => {
        const runId = newRunId();
        const inputs = { ...NOT_COMPARED, settings: {}, contents: 'aaaaaaaaaaaabbbbbbbbbbbb' };
        const one = await join({ runId, entries: entriesOf(['a', 'b']), inputs });
        for (const lease of await one.claim(2)) await one.settle(lease);
        await one.finish();
        const changed = { ...inputs, contents: 'aaaaaaaaaaaacccccccccccc' };
        const other = join({ runId, node: '2', digest: 'd2', entries: entriesOf(['a', 'b']), inputs: changed });
        await expect(other).rejects.toMatchObject({
          code: 'QUEUE_TREE_DIFFERS',
          message: expect.stringMatching(
            /^jest-distributed: Run .* was started by node 1 with other files than those of node 2: other contents of b\. Its results/,
          ),
        });
      });

      test('what changed in the checkout counts once all nodes have ended', async () => {
        const runId = newRunId();
        const request = { runId, entries: entriesOf(['a']), changes: 'c1', inputs: { ...NOT_COMPARED, settings: {} } };
        const one = await join(request);
        // Tests may write into the checkout that nodes of one machine share.
        const two = await join({ ...request, node: '2', changes: 'c2' });
        await one.queue.leave(one.session);
        await two.queue.leave(two.session);
        const inputs = { ...request.inputs, changed: { 'src/a.js': '1234' } };
        await expect(join({ ...request, node: '3', changes: 'c2', inputs })).rejects.toMatchObject({
          code: 'QUEUE_TREE_DIFFERS',
          message: expect.stringContaining('other changes that are not committed in src/a.js.'),
        });
        await expect(join({ ...request, node: '3', changes: null })).resolves.toBeDefined();
        expect((await join({ ...request, node: '4' })).filled).toBe(false);
      });

      test('a join whose answer was lost and is repeated opens one session', async () => {
        const runId = newRunId();
        const token = randomUUID();
        const first = await join({ runId, entries: entriesOf(['a']), token });
        const again = await join({ runId, entries: entriesOf(['a']), token });
        expect(again.session.sessionId).toBe(first.session.sessionId);
        expect(again.namesakes).toBe(0);
      });

      test('two live nodes of one name are told so, and share the work', async () => {
        const runId = newRunId();
        const one = await join({ runId, entries: entriesOf(['a', 'b']) });
        const two = await join({ runId, entries: entriesOf(['a', 'b']) });
        expect([one.namesakes, two.namesakes]).toEqual([0, 1]);
        expect([...(await one.pathsOf(1)), ...(await two.pathsOf(2))].sort()).toEqual(['a', 'b']);
      });

      test('a node that joins late, after the end, finds the run finished', async () => {
        const [one] = (await nodes(1, ['a'])) as [Node];
        await one.settle(await one.take());
        expect((await one.finish()).finished).toBe(true);
        const late = await join({ runId: one.session.runId, entries: entriesOf(['a']), node: '2' });
        expect(await late.claim()).toEqual([]);
        expect(await late.finish()).toEqual({ finished: true, cancelledBy: null, queued: false, leased: false });
      });

      test('says how long ago the run that it finds was finished', async () => {
        const [one] = (await nodes(1, ['a'])) as [Node];
        const { runId } = one.session;
        await one.settle(await one.take(), 'failed');
        expect((await join({ runId, entries: entriesOf(['a']), node: '2' })).finishedAgoMs).toBeNull();
        await one.finish();
        await harness.elapse(180_000);
        const late = await join({ runId, entries: entriesOf(['a']), node: '2' });
        expect(late.finishedAgoMs).toBeGreaterThanOrEqual(180_000);
        expect(late.finishedAgoMs).toBeLessThan(240_000);
        expect(await late.queue.failures(late.session, 'node')).toEqual([]);
        expect(await late.queue.failures(late.session, 'run')).toMatchObject([{ node: '1', outcome: 'failed' }]);
        // Its own failure runs again: then the run is not finished.
        expect((await join({ runId, entries: entriesOf(['a']), attempt: 2 })).finishedAgoMs).toBeNull();
      });

      test('an empty run is finished at once', async () => {
        const [node] = (await nodes(1, [])) as [Node];
        expect(await node.claim()).toEqual([]);
        expect((await node.finish()).finished).toBe(true);
      });
    });

    describe('claiming', () => {
      test('longest first, ties by key', async () => {
        const [node] = (await nodes(1, [
          { path: 'short', ms: 1 },
          { path: 'b', ms: 50 },
          { path: 'a', ms: 50 },
        ])) as [Node];
        expect(await node.pathsOf(2)).toEqual(['a', 'b']);
        expect(await node.pathsOf(2)).toEqual(['a', 'b']); // unknown to the caller, so handed out again
      });

      test('items without a home, then own ones, then the longest of anybody', async () => {
        const [one, two] = (await nodes(2, [
          { path: 'two-long', ms: 90, home: 2 },
          { path: 'two-short', ms: 10, home: 2 },
          { path: 'one-short', ms: 20, home: 1 },
          { path: 'free', ms: 30, home: null },
        ])) as [Node, Node];
        const taken = await one.claim(3);
        expect(taken.map(({ file }) => file.path)).toEqual(['free', 'one-short', 'two-long']);
        expect(await two.pathsOf(5)).toEqual(['two-short']);
      });

      test('no item goes to two sessions', async () => {
        const [one, two] = (await nodes(2, ['a', 'b', 'c'])) as [Node, Node];
        const [mine, theirs] = [await one.pathsOf(2), await two.pathsOf(2)];
        expect([...mine, ...theirs].sort()).toEqual(['a', 'b', 'c']);
      });

      test('a claim whose answer was lost is handed out again, and only to its holder', async () => {
        const [one, two] = (await nodes(2, ['a', 'b'])) as [Node, Node];
        const [lost] = await one.claim(1);
        expect(await two.pathsOf(2)).toEqual(['b']);
        expect(await one.claim(1)).toEqual([lost]);
        expect(await one.claim(1, { known: [lost as Claimed] })).toEqual([]);
      });

      test('an empty claim says whether others still hold something', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        const lease = await one.take();
        expect(await two.claim()).toEqual([]);
        expect(await two.finish()).toEqual({ finished: false, cancelledBy: null, queued: false, leased: true });
        await one.settle(lease);
        expect((await two.finish()).finished).toBe(true);
      });

      test('what is settled, passed or not, is no longer waited for', async () => {
        const [node] = (await nodes(1, ['a', 'b', 'c', 'd'])) as [Node];
        await node.settle(await node.take());
        await node.settle(await node.take(), 'failed');
        const { key } = await node.take();
        expect(await node.queue.waiting(node.session, 5)).toMatchObject({ items: 4, open: 2, running: [{ key }] });
        expect(await node.queue.accepted(node.session)).toMatchObject([{ outcome: 'passed' }, { outcome: 'failed' }]);
      });
    });

    describe('settling', () => {
      test('a second delivery gets the same decision and counts once', async () => {
        const [node] = (await nodes(1, ['a'])) as [Node];
        const lease = await node.take();
        const decisions = await Promise.all([node.settle(lease), node.settle(lease), node.settle(lease)]);
        expect(decisions).toEqual(['accepted', 'accepted', 'accepted']);
        expect(await node.queue.history(node.session)).toHaveLength(1);
      });

      test('a second delivery of a failure that was sent on is not a second failure', async () => {
        const [one, two] = (await nodes(2, ['a'], { limits: { ...LIMITS, maxRetries: 1 } })) as [Node, Node];
        const lease = await one.take();
        expect([await one.settle(lease, 'failed'), await one.settle(lease, 'failed')]).toEqual(['retried', 'retried']);
        const again = await two.take();
        expect(again.failures).toBe(1);
        expect(await one.settle(lease, 'failed')).toBe('retried');
        expect(await two.settle(again)).toBe('accepted');
      });

      test('another claim after an accepted one is superseded, whatever it says', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        const slow = await one.take();
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await two.sweep();
        expect(await two.settle(await two.take())).toBe('accepted');
        expect(await one.settle(slow, 'failed')).toBe('superseded');
        expect(await one.queue.accepted(one.session)).toMatchObject([{ outcome: 'passed', node: '2', claimNumber: 2 }]);
      });

      test('a late result counts where none was accepted, queued or held by another', async () => {
        const [one, two] = (await nodes(2, ['a', 'b'])) as [Node, Node];
        const slow = await one.claim(2);
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        expect(await two.sweep()).toEqual({ lost: 2, poison: 0 });
        const again = await two.take();
        const [sameFile, otherFile] = again.file.path === 'a' ? slow : [slow[1], slow[0]];
        expect(await one.settle(sameFile as Claimed)).toBe('accepted');
        expect(await one.settle(otherFile as Claimed)).toBe('accepted');
        expect(await two.settle(again)).toBe('superseded');
        expect((await two.finish()).finished).toBe(true);
        expect((await two.queue.accepted(two.session))?.map(({ node }) => node)).toEqual(['1', '1']);
      });

      test('a late failure does not take the item from the node that runs it again', async () => {
        const [one, two] = (await nodes(2, ['a'], { limits: { ...LIMITS, maxRetries: 1 } })) as [Node, Node];
        const slow = await one.take();
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await two.sweep();
        const again = await two.take();
        expect(await one.settle(slow, 'failed')).toBe('retried');
        await one.heartbeat();
        expect(await one.claim()).toEqual([]);
        expect(await two.settle(again)).toBe('accepted');
      });

      test('a result of an attempt that nobody claimed is superseded', async () => {
        const [node] = (await nodes(1, ['a'])) as [Node];
        const lease = await node.take();
        expect(await node.settle({ ...lease, claimNumber: 9 })).toBe('superseded');
        expect(await node.settle({ ...lease, attempt: 2 })).toBe('superseded');
        expect(await node.settle(lease)).toBe('accepted');
      });

      test('an attempt number that is given a second time, as after a crash of the server, counts then', async () => {
        const [node] = (await nodes(1, ['a'])) as [Node];
        const lease = await node.take();
        expect(await node.settle({ ...lease, claimNumber: 2 })).toBe('superseded');
        await node.queue.expire(node.session);
        await node.heartbeat();
        const again = await node.take();
        expect(again.claimNumber).toBe(2);
        expect(await node.settle(again)).toBe('accepted');
        expect(await node.queue.accepted(node.session)).toHaveLength(1);
      });

      test('an attempt number that is given a second time can be lost too', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        const lease = await one.take();
        expect(await one.settle({ ...lease, claimNumber: 2 })).toBe('superseded');
        await one.queue.expire(one.session);
        expect((await two.take()).claimNumber).toBe(2);
        await harness.elapse(LEASE_MS + 1000);
        await one.heartbeat();
        expect(await one.sweep()).toEqual({ lost: 1, poison: 0 });
        expect(await one.settle(await one.take())).toBe('accepted');
      });

      test('a batch gets one decision for each result, in its order', async () => {
        const [node] = (await nodes(1, ['a', 'b', 'c'])) as [Node];
        const leases = await node.claim(3);
        const shuffled = [leases[2], leases[0], leases[1]] as Claimed[];
        const settled = await node.queue.settle(node.session, [
          ...shuffled.map((lease) => resultOf(lease)),
          { ...resultOf(leases[0] as Claimed), claimNumber: 5 },
        ]);
        expect(settled.map(({ itemId, decision }) => [itemId, decision])).toEqual([
          ...shuffled.map(({ itemId }) => [itemId, 'accepted']),
          [(leases[0] as Claimed).itemId, 'superseded'],
        ]);
        expect(await node.queue.settle(node.session, [])).toEqual([]);
      });
    });

    describe('retrying', () => {
      const limits = { ...LIMITS, maxRetries: 1 };

      test('without retries the first failure is accepted', async () => {
        const [node] = (await nodes(1, ['a'])) as [Node];
        expect(await node.settle(await node.take(), 'failed')).toBe('accepted');
        expect(await node.queue.failures(node.session, 'node')).toMatchObject([
          { file: { path: 'a' }, outcome: 'failed' },
        ]);
      });

      test('a failure goes to another node, first of all, and not to the one it failed on', async () => {
        const [one, two] = (await nodes(2, [{ path: 'a', ms: 9 }, 'b', 'c'], { limits })) as [Node, Node];
        const first = await one.take();
        expect(await one.settle(first, 'failed')).toBe('retried');
        const next = await one.take();
        expect(next.itemId).not.toBe(first.itemId);
        const again = await two.take();
        expect(again).toMatchObject({ itemId: first.itemId, claimNumber: 2, failures: 1 });
      });

      test('a node that is alone runs its own failure again', async () => {
        const [node] = (await nodes(1, ['a'], { limits })) as [Node];
        await node.settle(await node.take(), 'failed');
        expect(await node.take()).toMatchObject({ claimNumber: 2, failures: 1 });
      });

      test('a node that left or died does not count as another', async () => {
        const [one, two, three] = (await nodes(3, ['a'], { limits })) as [Node, Node, Node];
        await one.settle(await one.take(), 'failed');
        await two.queue.leave(two.session);
        expect(await one.claim()).toEqual([]);
        await harness.elapse(LEASE_MS + 1000);
        await one.heartbeat();
        expect(three.session.node).toBe('3');
        expect(await one.pathsOf(1)).toEqual(['a']);
      });

      test('the last failure is accepted, and belongs to the node that had it', async () => {
        const [one, two] = (await nodes(2, ['a'], { limits })) as [Node, Node];
        await one.settle(await one.take(), 'failed');
        expect(await two.settle(await two.take(), 'failed')).toBe('accepted');
        expect(await one.queue.failures(one.session, 'node')).toEqual([]);
        expect(await two.queue.failures(two.session, 'node')).toMatchObject([
          { node: '2', outcome: 'failed', failures: 1 },
        ]);
      });

      test('a pass after a failure is accepted and remembers the failure', async () => {
        const [one, two] = (await nodes(2, ['a'], { limits })) as [Node, Node];
        await one.settle(await one.take(), 'failed');
        await two.settle(await two.take());
        expect(await two.queue.accepted(two.session)).toMatchObject([
          { outcome: 'passed', failures: 1, claimNumber: 2 },
        ]);
        expect(
          (await two.queue.history(two.session)).map(({ node, decision, outcome }) => [node, decision, outcome]),
        ).toEqual([
          ['1', 'retried', 'failed'],
          ['2', 'accepted', 'passed'],
        ]);
      });

      test('what does not count is there with its detail, and nothing else', async () => {
        const [one, two] = (await nodes(2, ['a', 'b'], { limits })) as [Node, Node];
        const [first, second] = [await one.take(), await one.take()];
        const detail = { tests: [], failure: 'no \u0007' };
        await one.queue.settle(one.session, [{ ...resultOf(first, 'failed'), detail }]);
        await two.settle(await two.take());
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await two.sweep();
        expect(await two.queue.tries(two.session)).toMatchObject([
          {
            ...{ key: first.key, file: first.file, part: null, node: '1', attempt: 1, claimNumber: 1 },
            ...{ decision: 'retried', outcome: 'failed', durationMs: 7, detail },
          },
          { key: second.key, node: '1', decision: 'lost', outcome: null, durationMs: null, detail: null },
        ]);
        expect(await two.queue.tries({ pipeline: 'contract', runId: 'none' })).toEqual([]);
      });

      test('a failure that was accepted counts no more in a later attempt', async () => {
        const [node] = (await nodes(1, ['a'], { limits: { ...limits, maxRetries: 0 } })) as [Node];
        await node.settle(await node.take(), 'failed');
        expect(await node.queue.tries(node.session)).toEqual([]);
        const again = await join({ runId: node.session.runId, entries: entriesOf(['a']), attempt: 2 });
        await again.settle(await again.take());
        expect(await again.queue.tries(again.session)).toMatchObject([
          { node: '1', attempt: 1, decision: 'replaced', outcome: 'failed' },
        ]);
      });
    });

    describe('leases', () => {
      test('a heartbeat keeps what its session holds', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        const lease = await one.take();
        await harness.elapse(LEASE_MS - 1000);
        await one.heartbeat();
        await harness.elapse(LEASE_MS - 1000);
        await two.heartbeat();
        expect(await two.sweep()).toEqual({ lost: 0, poison: 0 });
        expect((await one.heartbeat()).held).toEqual([{ itemId: lease.itemId, attempt: 1, claimNumber: 1 }]);
      });

      test('what a dead node held is picked up by another, and the history says lost', async () => {
        const [one, two] = (await nodes(2, ['a', 'b'])) as [Node, Node];
        await one.claim(1);
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        expect(await two.sweep()).toEqual({ lost: 1, poison: 0 });
        expect((await two.pathsOf(2)).sort()).toEqual(['a', 'b']);
        expect(await two.queue.history(two.session)).toMatchObject([{ node: '1', decision: 'lost', outcome: null }]);
      });

      test('a heartbeat tells a node that woke up what it lost', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        await one.take();
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await two.sweep();
        expect((await one.heartbeat()).held).toEqual([]);
        expect(await one.sweep()).toEqual({ lost: 0, poison: 0 });
      });

      test('a file that runs for too long is taken from a living node', async () => {
        const [one, two] = (await nodes(2, ['a'], { limits: { ...LIMITS, maxFileMs: 10_000 } })) as [Node, Node];
        await one.take();
        await harness.elapse(11_000);
        expect(await two.sweep()).toEqual({ lost: 1, poison: 0 });
        expect(await two.take()).toMatchObject({ crashes: 1 });
      });

      test('what a node runs without its lease is not given to it a second time, and its result counts', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        const running = await one.take();
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        expect(await two.sweep()).toEqual({ lost: 1, poison: 0 });
        await two.queue.leave(two.session);
        await one.heartbeat();
        expect(await one.claim(1, { known: [running] })).toEqual([]);
        expect(await one.settle(running)).toBe('accepted');
        expect((await one.finish()).finished).toBe(true);
      });

      test('a node that was cut off does not count its own running file as lost', async () => {
        const [one] = (await nodes(1, ['a'])) as [Node];
        const running = await one.take();
        await harness.elapse(LEASE_MS + 1000);
        expect(await one.sweep()).toEqual({ lost: 0, poison: 0 });
        expect(await one.settle(running)).toBe('accepted');
      });

      test('what a process held goes to others at once where somebody saw it end', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        await one.take();
        expect(await two.queue.expire(one.session)).toEqual({ lost: 1, poison: 0 });
        expect(await two.take()).toMatchObject({ key: 'a', crashes: 1 });
        await one.queue.leave(one.session);
        expect(await two.queue.expire(one.session)).toEqual({ lost: 0, poison: 0 });
      });

      test('a node may ask who runs what, and for how long', async () => {
        const [one, two] = (await nodes(2, ['a', 'b', 'c', 'd'])) as [Node, Node];
        const [first] = await one.claim(1);
        await harness.elapse(5000);
        await two.claim(1);
        await one.settle((await one.claim(1, { known: [first as Claimed] }))[0] as Claimed);
        const waiting = await two.queue.waiting(two.session, 5);
        expect(waiting).toMatchObject({
          items: 4,
          open: 3,
          running: [
            { key: 'a', node: '1' },
            { key: 'b', node: '2' },
          ],
        });
        const [longest, shortest] = waiting.running.map(({ runningMs }) => runningMs) as [number, number];
        expect(longest).toBeGreaterThanOrEqual(5000);
        expect(shortest).toBeLessThan(longest);
        expect((await two.queue.waiting(two.session, 1)).running).toHaveLength(1);
        expect(await two.queue.begun(two.session)).toEqual([
          { key: 'a', node: '1' },
          { key: 'b', node: '2' },
        ]);
        await one.claim(1, { startNow: 0, known: [first as Claimed] });
        expect(await two.queue.begun(two.session)).toHaveLength(2);
      });

      test('sweeping is done at most once in the given time', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        await one.take();
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await two.sweep();
        await two.take();
        await harness.elapse(LEASE_MS + 1000);
        await one.heartbeat();
        expect(await one.queue.sweep(one.session, 2 * LEASE_MS)).toEqual({ lost: 0, poison: 0 });
        expect(await one.queue.sweep(one.session, LEASE_MS)).toEqual({ lost: 1, poison: 0 });
      });

      test('a node that leaves gives everything back, claims no more and cannot send a heartbeat', async () => {
        const [one, two] = (await nodes(2, ['a', 'b'])) as [Node, Node];
        await one.claim(2);
        await one.queue.leave(one.session);
        await one.queue.leave(one.session);
        expect((await two.pathsOf(2)).sort()).toEqual(['a', 'b']);
        expect(await one.claim()).toEqual([]);
        await expect(one.heartbeat()).rejects.toMatchObject({ code: 'QUEUE_SESSION_GONE' });
      });
    });

    describe('poison', () => {
      /** A new node takes the item and dies. */
      const die = async (runId: string, inits: string[], number: number, startNow: number): Promise<void> => {
        const node = await join({ runId, entries: entriesOf(inits), node: String(number) });
        await node.claim(1, { startNow });
        await harness.elapse(LEASE_MS + 1000);
      };

      test('a file that kills every node that starts it ends the run red', async () => {
        const [watcher] = (await nodes(1, ['killer'])) as [Node];
        const { runId } = watcher.session;
        for (const [number, swept] of [
          [2, { lost: 1, poison: 0 }],
          [3, { lost: 1, poison: 0 }],
          [4, { lost: 0, poison: 1 }],
        ] as const) {
          await die(runId, ['killer'], number, 1);
          await watcher.heartbeat();
          expect(await watcher.sweep()).toEqual(swept);
        }
        expect(await watcher.claim()).toEqual([]);
        expect((await watcher.finish()).finished).toBe(true);
        expect(await watcher.queue.accepted(watcher.session)).toMatchObject([
          { outcome: 'poison', node: '4', claimNumber: 3 },
        ]);
      });

      test('an item that was held but not started is not blamed', async () => {
        const [watcher] = (await nodes(1, ['innocent'])) as [Node];
        for (let number = 2; number <= 31; number++) {
          await die(watcher.session.runId, ['innocent'], number, 0);
          await watcher.heartbeat();
          expect(await watcher.sweep()).toEqual({ lost: 1, poison: 0 });
        }
        expect(await watcher.take()).toMatchObject({ crashes: 0, claimNumber: 31 });
      });

      test('two items that a node died with are not run side by side again', async () => {
        const files = ['killer', 'innocent', 'other'].map((path, index) => ({ path, ms: 3000 - 1000 * index }));
        const [one, two, three] = (await nodes(3, files)) as [Node, Node, Node];
        expect(await one.pathsOf(2)).toEqual(['killer', 'innocent']);
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await three.heartbeat();
        expect(await two.sweep()).toEqual({ lost: 2, poison: 0 });
        const held = await two.claim(3);
        expect(held.map(({ file }) => file.path)).toEqual(['killer', 'other']);
        expect(await two.claim(1, { known: held })).toEqual([]);
        expect(await three.pathsOf(2)).toEqual(['innocent']);
      });

      test('the only node left runs them one after the other', async () => {
        const [one, two] = (await nodes(2, [{ path: 'a', ms: 2000 }, 'b'])) as [Node, Node];
        await one.claim(2);
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await two.sweep();
        for (const path of ['a', 'b']) {
          const lease = await two.take();
          expect(lease).toMatchObject({ file: { path }, crashes: 1 });
          expect(await two.claim(1, { known: [lease] })).toEqual([]);
          expect(await two.settle(lease)).toBe('accepted');
        }
        expect((await two.finish()).finished).toBe(true);
      });

      test('an item that is started later counts like one that was started at once', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        const [lease] = (await one.claim(1, { startNow: 0 })) as [Claimed];
        await one.queue.start(one.session, [lease]);
        await harness.elapse(LEASE_MS + 1000);
        await two.heartbeat();
        await two.sweep();
        expect(await two.take()).toMatchObject({ crashes: 1 });
      });
    });

    describe('fixtures of the whole run', () => {
      const LIMIT_MS = 2 * LEASE_MS;
      const ask = (node: Node) => node.queue.askFixture(node.session, 'db.js', LIMIT_MS);
      const leave = (node: Node) => node.queue.leaveFixture(node.session, 'db.js', LIMIT_MS);
      const settle = (node: Node, claimNumber: number, result: string) =>
        node.queue.settleFixture(node.session, { fixture: 'db.js', claimNumber }, result);
      const remove = (node: Node, claimNumber: number) =>
        node.queue.removeFixture(node.session, { fixture: 'db.js', claimNumber });
      const claim = (claimNumber: number) => ({ fixture: 'db.js', claimNumber });

      test('the first sets up, the others wait and get its result, the last one tears down', async () => {
        const [one, two, three] = (await nodes(3, ['a'])) as [Node, Node, Node];
        expect(await ask(one)).toEqual({ kind: 'set-up', claim: claim(1), leftover: null });
        expect(await ask(two)).toEqual({ kind: 'wait', node: '1' });
        expect(await settle(one, 1, '{"url":"p\\u0000"}')).toBe(true);
        const ready = { kind: 'ready', result: '{"url":"p\\u0000"}', node: '1' };
        expect(await ask(two)).toEqual(ready);
        expect(await ask(three)).toEqual(ready);
        expect(await ask(one)).toEqual(ready);

        expect(await leave(one)).toBeNull();
        // Its process may take some time after its session.
        await two.queue.leave(two.session);
        await three.queue.leave(three.session);
        const teardown = { claim: claim(2), result: '{"url":"p\\u0000"}' };
        expect(await leave(three)).toEqual(teardown);
        expect(await leave(three)).toEqual(teardown);
        expect(await leave(two)).toBeNull();
        await remove(three, 2);
        expect(await leave(two)).toBeNull();
        expect(await leave(three)).toBeNull();
      });

      test('of many that ask at once one sets up', async () => {
        const all = await nodes(8, ['a']);
        const steps = await Promise.all(all.map(ask));
        expect(steps.map(({ kind }) => kind).sort()).toEqual(['set-up', ...Array(7).fill('wait')]);
      });

      test('fixtures and runs have nothing to do with each other', async () => {
        const [one] = (await nodes(1, ['a'])) as [Node];
        const [other] = (await nodes(1, ['a'])) as [Node];
        for (const node of [one, other]) expect(await ask(node)).toMatchObject({ kind: 'set-up' });
        expect(await one.queue.askFixture(one.session, 'b.js', LIMIT_MS)).toMatchObject({ kind: 'set-up' });
      });

      test('a question whose answer was lost gets it again', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        expect(await ask(one)).toEqual(await ask(one));
        await settle(one, 1, '1');
        expect(await settle(one, 1, '1')).toBe(true);
        expect(await ask(two)).toEqual(await ask(two));
      });

      test('a set-up whose node died is torn down and made again by another, and the dead one comes too late', async () => {
        const [one, two, three] = (await nodes(3, ['a'])) as [Node, Node, Node];
        await ask(one);
        expect(await ask(two)).toEqual({ kind: 'wait', node: '1' });
        await harness.elapse(LEASE_MS + 1);
        for (const node of [two, three]) await node.heartbeat();
        expect(await ask(two)).toEqual({ kind: 'set-up', claim: claim(2), leftover: { result: null } });
        expect(await ask(three)).toEqual({ kind: 'wait', node: '2' });
        expect(await settle(one, 1, '"late"')).toBe(false);
        expect(await settle(two, 2, '"second"')).toBe(true);
        expect(await ask(three)).toMatchObject({ kind: 'ready', result: '"second"', node: '2' });
        // What is left of the dead node has nothing to tear down.
        expect(await leave(one)).toBeNull();
      });

      test('a set-up that takes longer than it may is made again, though its node lives', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        await ask(one);
        await harness.elapse(LIMIT_MS + 1);
        for (const node of [one, two]) await node.heartbeat();
        expect(await ask(two)).toEqual({ kind: 'set-up', claim: claim(2), leftover: { result: null } });
      });

      test('what is ready stays when the node dies that set it up, and another tears it down', async () => {
        const [one, two, three] = (await nodes(3, ['a'])) as [Node, Node, Node];
        await ask(one);
        await ask(two);
        await settle(one, 1, '1');
        await harness.elapse(LEASE_MS + 1);
        for (const node of [two, three]) await node.heartbeat();
        for (const node of [three, two]) expect(await ask(node)).toMatchObject({ kind: 'ready', result: '1' });
        expect(await leave(three)).toBeNull();
        expect(await leave(two)).toEqual({ claim: claim(2), result: '1' });
      });

      test('where all its users are dead, the next one tears down and sets up again', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        await ask(one);
        await settle(one, 1, '1');
        await harness.elapse(LEASE_MS + 1);
        await two.heartbeat();
        expect(await ask(two)).toEqual({ kind: 'set-up', claim: claim(2), leftover: { result: '1' } });
        // The same again, where that node dies too.
        await harness.elapse(LEASE_MS + 1);
        await one.heartbeat();
        expect(await ask(one)).toEqual({ kind: 'set-up', claim: claim(3), leftover: { result: '1' } });
      });

      test('a node that leaves in the middle of a set-up hands it to whoever waits', async () => {
        const [one, two, three] = (await nodes(3, ['a'])) as [Node, Node, Node];
        await ask(one);
        await ask(two);
        await one.queue.leave(one.session);
        expect(await leave(one)).toBeNull();
        expect(await ask(two)).toEqual({ kind: 'set-up', claim: claim(2), leftover: { result: null } });
        await two.queue.leave(two.session);
        // Nobody waits: it is its own to tear down, and who comes next waits for that.
        expect(await leave(two)).toEqual({ claim: claim(3), result: null });
        expect(await ask(three)).toEqual({ kind: 'wait', node: '2' });
        await remove(two, 3);
        expect(await ask(three)).toEqual({ kind: 'set-up', claim: claim(1), leftover: null });
        // Numbers begin anew, and the one that comes late has another session.
        expect(await settle(one, 1, '"late"')).toBe(false);
        await remove(one, 1);
        expect(await settle(three, 1, '1')).toBe(true);
      });

      test('a teardown whose node died is made again by whoever needs the fixture', async () => {
        const [one, two] = (await nodes(2, ['a'])) as [Node, Node];
        await ask(one);
        await settle(one, 1, '1');
        await one.queue.leave(one.session);
        expect(await leave(one)).toMatchObject({ claim: claim(2) });
        expect(await ask(two)).toEqual({ kind: 'wait', node: '1' });
        await harness.elapse(LIMIT_MS + 1);
        await two.heartbeat();
        expect(await ask(two)).toEqual({ kind: 'set-up', claim: claim(3), leftover: { result: '1' } });
        // The dead one was only slow.
        await remove(one, 2);
        expect(await settle(two, 3, '2')).toBe(true);
      });
    });

    describe('cancelling', () => {
      test('stops claims, lets running files settle, and says by whom', async () => {
        const [one, two] = (await nodes(2, ['a', 'b'])) as [Node, Node];
        const lease = await one.take();
        expect(await two.queue.cancel(two.session, 'Ann')).toBe(true);
        expect(await two.queue.cancel(two.session, 'Bob')).toBe(false);
        expect(await two.claim()).toEqual([]);
        expect((await one.heartbeat()).cancelledBy).toBe('Ann');
        expect(await one.settle(lease)).toBe('accepted');
        expect(await one.finish()).toEqual({ finished: false, cancelledBy: 'Ann', queued: true, leased: false });
      });

      test('a finished or unknown run cannot be cancelled', async () => {
        const [node] = (await nodes(1, ['a'])) as [Node];
        await node.settle(await node.take());
        await node.finish();
        expect(await node.queue.cancel(node.session, 'Ann')).toBe(false);
        expect(await node.queue.cancel({ pipeline: 'contract', runId: 'no such run' }, 'Ann')).toBe(false);
        expect(await node.queue.accepted({ pipeline: 'contract', runId: 'no such run' })).toBeNull();
      });
    });

    describe('running a CI job again', () => {
      test('puts back what that node owns and did not pass, once', async () => {
        const runId = newRunId();
        const inits = ['one-bad', 'one-good', 'two-bad'];
        const one = await join({ runId, entries: entriesOf(inits) });
        const two = await join({ runId, entries: entriesOf(inits), node: '2' });
        for (const lease of await one.claim(2))
          await one.settle(lease, lease.file.path === 'one-bad' ? 'failed' : 'passed');
        for (const lease of await two.claim(1)) await two.settle(lease, 'failed');
        expect((await one.finish()).finished).toBe(true);

        const again = await join({ runId, entries: entriesOf(inits), attempt: 2 });
        expect(again.requeued).toBe(1);
        expect((await again.finish()).queued).toBe(true);
        const [lease] = (await again.claim(5)) as [Claimed];
        expect(lease).toMatchObject({ file: { path: 'one-bad' }, attempt: 2, claimNumber: 1, failures: 0 });
        const restarted = await join({ runId, entries: entriesOf(inits), attempt: 2 });
        expect(restarted.requeued).toBe(0);
        expect(await again.settle(lease)).toBe('accepted');
        expect(await again.queue.failures(again.session, 'node')).toEqual([]);
        expect(await two.queue.failures(two.session, 'node')).toMatchObject([{ file: { path: 'two-bad' } }]);
        expect(
          (await again.queue.history(again.session)).filter(({ decision }) => decision === 'accepted'),
        ).toHaveLength(4);
      });

      test('a result of an earlier attempt counts for nothing', async () => {
        const [one] = (await nodes(1, ['a'])) as [Node];
        const lease = await one.take();
        await one.settle(lease, 'failed');
        const again = await join({ runId: one.session.runId, entries: entriesOf(['a']), attempt: 2 });
        const claimed = await again.take();
        expect(await one.settle(lease, 'failed')).toBe('accepted'); // told before, in its own attempt
        expect(await one.settle({ ...claimed, attempt: 1, claimNumber: 7 })).toBe('superseded');
        expect(await again.settle(claimed)).toBe('accepted');
      });

      test('can run everything of that node again', async () => {
        const [one] = (await nodes(1, ['a', 'b'])) as [Node];
        for (const lease of await one.claim(2)) await one.settle(lease);
        const again = await join({
          runId: one.session.runId,
          entries: entriesOf(['a', 'b']),
          attempt: 2,
          rerun: 'all',
        });
        expect(again.requeued).toBe(2);
      });

      test('a job that is run again under the same attempt is the next attempt, and its own restart is not', async () => {
        const runId = newRunId();
        const request = { runId, entries: entriesOf(['bad', 'good']) };
        const jobOf = (id: string) => ({ name: 'test 1/2', id });
        const one = await join({ ...request, job: jobOf('7') });
        for (const lease of await one.claim(2)) {
          await one.settle(lease, lease.file.path === 'bad' ? 'failed' : 'passed');
        }
        const restarted = await join({ ...request, job: jobOf('7') });
        expect([restarted.session.attempt, restarted.requeued]).toEqual([1, 0]);
        const other = await join({ ...request, job: { name: 'test 2/2', id: '8' } });
        expect([other.session.attempt, other.requeued]).toEqual([1, 0]);

        const again = await join({ ...request, job: jobOf('9') });
        expect([again.session.attempt, again.requeued]).toEqual([2, 1]);
        expect((await join({ ...request, job: jobOf('9') })).session.attempt).toBe(2);
        const lease = await again.take();
        expect(lease).toMatchObject({ file: { path: 'bad' }, attempt: 2 });
        await again.settle(lease, 'failed');
        const third = await join({ ...request, job: jobOf('10') });
        expect([third.session.attempt, third.requeued]).toEqual([3, 1]);
        await third.settle(await third.take());
        expect(await third.queue.failures(third.session, 'node')).toEqual([]);
      });

      test('reopens a cancelled run', async () => {
        const [one] = (await nodes(1, ['a'])) as [Node];
        await one.queue.cancel(one.session, 'bail');
        const again = await join({ runId: one.session.runId, entries: entriesOf(['a']), attempt: 2 });
        expect(await again.settle(await again.take())).toBe('accepted');
        expect(await again.finish()).toMatchObject({ finished: true, cancelledBy: null });
      });
    });

    test('under stress every item is accepted exactly once', async () => {
      const count = 120;
      const runId = newRunId();
      const entries = entriesOf(
        Array.from({ length: count }, (_, i) => ({ path: `f${i}`, ms: 1 + (i % 7), home: i % 3 })),
      );
      const limits = { ...LIMITS, maxRetries: 1 };
      const accepted: number[] = [];
      await Promise.all(
        Array.from({ length: 6 }, async (_, index) => {
          const node = await join({ runId, entries, node: String(index + 1), home: index % 3, limits });
          for (;;) {
            const claimed = await node.claim(1 + (index % 4));
            if (claimed.length === 0 && (await node.finish()).finished) return;
            const results = claimed.map((lease) =>
              resultOf(lease, lease.itemId % 5 === 0 && lease.failures === 0 ? 'failed' : 'passed'),
            );
            const [settled] = await Promise.all([
              node.queue.settle(node.session, results),
              node.queue.settle(node.session, results),
            ]);
            accepted.push(...settled.filter(({ decision }) => decision === 'accepted').map(({ itemId }) => itemId));
          }
        }),
      );
      expect(accepted).toHaveLength(count);
      expect(new Set(accepted).size).toBe(count);
      const results = await (await clientOf(0)).accepted({ pipeline: 'contract', runId });
      expect(results?.filter(({ outcome }) => outcome === 'passed')).toHaveLength(count);
    });
  });
}
