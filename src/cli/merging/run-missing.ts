/**
 * `merge --run-missing`: runs here what never ran, as a later attempt of the node that should have.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BlobMetadata, QueueNodeRecord } from '../../blob/blob';
import { headCommit } from '../../files/git';
import { type GatheredBlob, type GatheredRun, gatherRun } from '../../files/load-run';
import { withoutOptions } from '../../options/environment';
import { fileKey } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import { countOf, type FindingCode } from '../../proof/finding';
import type { Expectations } from '../../proof/proof';
import { createMemoryQueue } from '../../queue/memory-queue';
import { inputsDigest, NOT_COMPARED, planEntries } from '../../queue/plan-entries';
import { DEFAULT_QUEUE_LIMITS } from '../../queue/queue';
import { withFiltersOf } from '../../shell/jest-flags';
import { type LocalQueue, serveLocally } from '../database/local-queue';

/** What running the node again mends. */
const RERUNNABLE: ReadonlySet<FindingCode> = new Set([
  'missing-node',
  'incomplete',
  'interrupted',
  'missing-items',
  'lost-lines',
]);

const BIN = path.join(__dirname, '..', '..', 'cli.js');

function nodesToRun({ verdict, blobs }: GatheredRun, plan: Plan): number[] {
  const named = verdict.findings.filter(({ code }) => RERUNNABLE.has(code)).flatMap(({ nodes }) => nodes);
  const present = new Set(blobs.map(({ metadata }) => metadata.node.number));
  const absent = plan.nodes.map(({ node }) => node).filter((node) => !present.has(node));
  return [...new Set([...named, ...absent])].sort((a, b) => a - b);
}

function runNode(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, BIN, ...args], {
      env: { ...withoutOptions(process.env), ...variables },
      // stdout belongs to the merge.
      stdio: ['ignore', 2, 2],
    });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

const RUN_MISSING_NODE = 'run-missing';

/** Puts what is missing into a queue of its own, with the plan's digest, so that a node runs that and nothing else. */
async function queueMissing(
  run: GatheredRun,
  plan: Plan,
  queued: QueueNodeRecord,
  attempt: number,
): Promise<LocalQueue> {
  const missing = new Set(run.missing.map(({ file, part }) => fileKey(file, part)));
  const entries = planEntries(plan)
    .filter(({ file, part }) => missing.has(fileKey(file, part)))
    .map((entry) => ({ ...entry, home: null }));
  const queue = createMemoryQueue({ now: () => performance.now(), toEpochMs: (ms) => performance.timeOrigin + ms });
  const head = await headCommit(process.cwd());
  const commit = head?.commit ?? null;
  const { session } = await queue.join({
    ...{ pipeline: queued.pipeline, runId: queued.runId, attempt, entries, commit },
    ...{ node: RUN_MISSING_NODE, home: null, host: null, token: randomUUID(), job: null, rerun: 'failed' },
    ...{ inputs: { ...NOT_COMPARED, settings: {} }, changes: null },
    digest: inputsDigest(plan, head?.tree ?? null, NOT_COMPARED),
    limits: DEFAULT_QUEUE_LIMITS,
  });
  await queue.leave(session);
  return serveLocally(queue);
}

/** What was run here is repeated as on a node: the plan that it was given is gone by then. */
function repeatableAs(
  { planPath = null, repeat = null }: BlobMetadata,
  ownPlan: string,
  run: GatheredRun,
): GatheredRun {
  const isOwn = ({ metadata }: GatheredBlob) =>
    metadata.planPath != null && path.resolve(metadata.planPath) === ownPlan;
  const blobs = run.blobs.map((blob) =>
    isOwn(blob) ? { ...blob, metadata: { ...blob.metadata, planPath, repeat } } : blob,
  );
  return { ...run, blobs };
}

/**
 * Runs the nodes that are missing or were cut short, whole, one after the other, and proves again.
 *
 * @returns the run with what was added; the same run where nothing can be mended. `folder` holds the new blobs and is
 * the caller's to remove.
 */
export async function runMissing(
  run: GatheredRun,
  places: readonly string[],
  expectations: Expectations,
  jestArgs: readonly string[],
): Promise<{ readonly run: GatheredRun; readonly folder: string | undefined }> {
  const first = run.blobs[0]?.metadata;
  if (run.verdict.ok || first?.plan == null) return { run, folder: undefined };
  const { plan, job } = first;
  const { label } = job;
  const queued = first.queue;
  const nodes = queued ? [1] : nodesToRun(run, plan);
  if (nodes.length === 0 || (queued && run.missing.length === 0)) return { run, folder: undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  const planPath = path.join(folder, 'plan.json');
  await writeFile(planPath, JSON.stringify(plan));
  const attempt = Math.max(...run.blobs.map(({ metadata }) => metadata.run.attempt)) + 1;
  const queue = queued ? await queueMissing(run, plan, queued, attempt) : undefined;
  for (const node of nodes) {
    const what = queued
      ? `${countOf(run.missing.length, 'item')} of the queue that no node ran`
      : `node ${node} of ${plan.nodes.length}`;
    process.stderr.write(`jest-distributed: run here: ${what}\n`);
    const args = [
      ...['run', '--nodes', String(plan.nodes.length), '--node-number', String(node), '--plan', planPath],
      ...[`--run-id=${first.run.id}`, '--attempt', String(attempt), '--report-dir', folder],
      ...(label === null ? [] : ['--label', label]),
      ...(queued ? ['--node-name', RUN_MISSING_NODE] : []),
      ...['--', ...withFiltersOf(jestArgs, first.repeat?.jestArgs ?? jestArgs)],
    ];
    await runNode(args, queue?.variables);
  }
  await queue?.close();
  await rm(planPath);
  return { run: repeatableAs(first, planPath, gatherRun([...places, folder], expectations)), folder };
}
