/**
 * A node of the chaos test: takes items with the real feed, "runs" each for some milliseconds, and writes down what it
 * did. Its argument is a JSON `ChaosNode`. Ends with 0 (all it owns passed), 1 (something it owns did not), 2 (error).
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClaimLoop } from '../../src/jest/queue/claim-loop';
import { createResultBatcher } from '../../src/jest/queue/result-batcher';
import { createPgClient } from '../../src/postgres/client/pg-client';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { NOT_COMPARED } from '../../src/queue/plan-entries';
import { type Claimed, DEFAULT_QUEUE_LIMITS } from '../../src/queue/queue';

export interface ChaosNode {
  readonly url: string;
  readonly schema: string;
  readonly runId: string;
  readonly node: string;
  readonly log: string;
  readonly files: number;
  readonly leaseMs: number;
  /** How long a file takes at most. */
  readonly longestMs: number;
  /** Share of results that are delivered three times. */
  readonly duplicates: number;
  /** How wrong this machine's clock is. */
  readonly skewMs: number;
}

/** What a file does, by its name; the same for the nodes and for who checks them. */
export function fateOf(index: number): { readonly path: string; readonly outcome: 'passed' | 'failed' | 'poison' } {
  if (index === 33 || index === 333) return { path: `poison${index}`, outcome: 'poison' };
  if (index % 211 === 7) return { path: `fails${index}`, outcome: 'failed' };
  return { path: index % 97 === 5 ? `flaky${index}` : `ok${index}`, outcome: 'passed' };
}

async function main(settings: ChaosNode): Promise<void> {
  const { url, schema, runId, node, log, files, leaseMs, longestMs, duplicates, skewMs } = settings;
  const realNow = Date.now;
  Date.now = () => realNow() + skewMs;
  const write = (event: object) => appendFileSync(log, `${JSON.stringify({ node, ...event })}\n`);

  const queue = createPostgresQueue(createPgClient({ url, source: 'chaos' }), schema);
  const { session } = await queue.join({
    pipeline: 'chaos',
    runId,
    attempt: 1,
    node,
    home: null,
    host: null,
    token: randomUUID(),
    digest: 'd',
    inputs: { ...NOT_COMPARED, settings: {} },
    changes: null,
    job: null,
    commit: null,
    entries: Array.from({ length: files }, (_, index) => ({
      file: { project: null, path: fateOf(index).path },
      part: null,
      estimate: 10 + (index % 100),
      home: null,
    })),
    // Nodes die so often here that on a slow machine an innocent file is with four of them.
    limits: { ...DEFAULT_QUEUE_LIMITS, leaseMs, maxCrashes: 8, maxRetries: 1 },
    rerun: 'failed',
  });
  const feed = createClaimLoop({ queue, session, workers: 2 });
  const settler = createResultBatcher(queue, session);

  const runItem = async (item: Claimed): Promise<void> => {
    const { itemId, attempt, claimNumber, failures, file } = item;
    feed.begin(item);
    write({ kind: 'run', path: file.path });
    await sleep(longestMs * (0.2 + 0.8 * Math.random()));
    if (file.path.startsWith('poison')) process.kill(process.pid, 'SIGKILL');
    const fails = file.path.startsWith('fails') || (file.path.startsWith('flaky') && failures === 0);
    const result = {
      itemId,
      attempt,
      claimNumber,
      outcome: fails ? 'failed' : 'passed',
      durationMs: 10,
      detail: null,
    } as const;
    if (Math.random() < duplicates) {
      await Promise.all([settler.settle(result, false), queue.settle(session, [result])]);
      await queue.settle(session, [result]);
    } else {
      await settler.settle(result, false);
    }
    feed.done(item, result.durationMs);
  };
  const worker = async (): Promise<void> => {
    for (let item = await feed.next(); item !== undefined; item = await feed.next()) await runItem(item);
  };
  await Promise.all([worker(), worker()]);
  const { end } = feed;
  if (end?.kind !== 'finished') throw end?.kind === 'failed' ? end.error : new Error(`ended by ${end?.kind}`);
  const failures = await queue.failures(session, 'node');
  await feed.close();
  await queue.close();
  process.exitCode = failures.length > 0 ? 1 : 0;
}

if (process.argv[2]?.startsWith('{')) {
  main(JSON.parse(process.argv[2]) as ChaosNode).catch((error: unknown) => {
    process.stderr.write(`${String((error as Error)?.stack ?? error)}\n`);
    process.exit(2);
  });
}
