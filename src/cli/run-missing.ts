/**
 * `merge --run-missing`: runs here what never ran, as a later attempt of the node that should have.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type GatheredRun, gatherRun } from '../files/blob-gather';
import { withoutOptions } from '../options/environment';
import type { Plan } from '../plan/plan';
import type { FindingCode } from '../results/finding';
import type { Expectations } from '../results/proof';

/** What running the node again mends. */
const MENDABLE: ReadonlySet<FindingCode> = new Set([
  'missing-node',
  'incomplete',
  'interrupted',
  'missing-items',
  'lost-lines',
]);

const BIN = path.join(__dirname, '..', 'cli.js');

function nodesToRun({ verdict, blobs }: GatheredRun, plan: Plan): number[] {
  const named = verdict.findings.filter(({ code }) => MENDABLE.has(code)).flatMap(({ nodes }) => nodes);
  const present = new Set(blobs.map(({ metadata }) => metadata.node.number));
  const absent = plan.nodes.map(({ node }) => node).filter((node) => !present.has(node));
  return [...new Set([...named, ...absent])].sort((a, b) => a - b);
}

function runNode(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, BIN, ...args], {
      env: withoutOptions(process.env),
      // stdout belongs to the merge.
      stdio: ['ignore', 2, 2],
    });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
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
  const { plan, label } = first;
  const nodes = nodesToRun(run, plan);
  if (nodes.length === 0) return { run, folder: undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  const planPath = path.join(folder, 'plan.json');
  await writeFile(planPath, JSON.stringify(plan));
  const attempt = Math.max(...run.blobs.map(({ metadata }) => metadata.run.attempt)) + 1;
  for (const node of nodes) {
    process.stderr.write(`jest-distributed: node ${node} of ${plan.nodes.length} is run here\n`);
    await runNode([
      ...['run', '--nodes', String(plan.nodes.length), '--node-number', String(node), '--plan', planPath],
      ...['--run-id', first.run.id, '--attempt', String(attempt), '--report-dir', folder],
      ...(label === null ? [] : ['--label', label]),
      ...['--', ...jestArgs],
    ]);
  }
  await rm(planPath);
  return { run: gatherRun([...places, folder], expectations), folder };
}
