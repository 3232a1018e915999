/**
 * Plays the jobs of the workflow of examples/github-actions, each in a checkout of its own with nothing but what it is
 * given: artifacts in, artifacts out.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { cleanEnvironment } from '../support/projects';

const root = path.join(__dirname, '..', '..');
const cli = path.join(root, 'dist', 'cli.js');
const example = path.join(root, 'examples', 'github-actions');
const NODES = 4;
const STORE = path.join('.jest-distributed', 'timings.json');
const REPORT = path.join('.jest-distributed', 'report');

type Workflow = { readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>> };
const { jobs } = parse(readFileSync(path.join(example, '.github', 'workflows', 'test.yml'), 'utf8')) as Workflow;

let folder: string;

function checkOut(): string {
  const checkout = mkdtempSync(path.join(folder, 'checkout-'));
  cpSync(example, checkout, {
    recursive: true,
    filter: (source) => !/[\\/](node_modules|\.jest-distributed)$/.test(source),
  });
  symlinkSync(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'), 'junction');
  return checkout;
}

/** The command of ours in a job, in this checkout. */
function play(job: string, checkout: string, attempt: number, environment: Readonly<Record<string, string>> = {}) {
  const command = jobs[job]?.steps.find(({ run }) => run?.startsWith('npx jest-distributed '))?.run as string;
  const [, , ...args] = command.split(' ');
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: checkout,
    env: cleanEnvironment({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '7001',
      GITHUB_RUN_ATTEMPT: String(attempt),
      ...environment,
    }),
    encoding: 'utf8',
  });
  return { status, stderr };
}

function playNode(plan: string, blobs: string, index: number, attempt: number, break_?: (checkout: string) => void) {
  const checkout = checkOut();
  cpSync(plan, path.join(checkout, 'plan.json'));
  break_?.(checkout);
  const finished = play('node', checkout, attempt, {
    JEST_DISTRIBUTED_NODES: String(NODES),
    JEST_DISTRIBUTED_NODE_INDEX: String(index),
    JEST_DISTRIBUTED_PLAN: 'plan.json',
  });
  cpSync(path.join(checkout, REPORT), path.join(blobs, `node-${index + 1}-${attempt}`), { recursive: true });
  return finished;
}

function playMerge(blobs: string, attempt: number) {
  const checkout = checkOut();
  const summary = path.join(checkout, 'summary.md');
  writeFileSync(summary, '');
  cpSync(blobs, path.join(checkout, 'blobs'), { recursive: true });
  const finished = play('tests', checkout, attempt, { GITHUB_STEP_SUMMARY: summary });
  return { ...finished, checkout, summary: readFileSync(summary, 'utf8') };
}

beforeAll(() => {
  if (!existsSync(cli)) throw new Error('The package is not built, and these tests run it. Run: npm run build');
  folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-jobs-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the jobs of the workflow, one after the other', () => {
  let plan: string;
  let blobs: string;

  beforeAll(() => {
    const checkout = checkOut();
    expect(play('plan', checkout, 1)).toMatchObject({ status: 0 });
    plan = path.join(checkout, 'plan.json');
    blobs = mkdtempSync(path.join(folder, 'blobs-'));
  });

  test('a node whose tests fail makes the merge red, and its second attempt makes it green', () => {
    const { nodes } = JSON.parse(readFileSync(plan, 'utf8')) as { nodes: { items: { file: string }[] }[] };
    const failing = nodes.findIndex(({ items }) => items.length > 0);
    for (let index = 0; index < NODES; index++) {
      const break_ = (checkout: string) => {
        const file = nodes[failing]?.items[0]?.file as string;
        writeFileSync(
          path.join(checkout, file),
          `${readFileSync(path.join(checkout, file), 'utf8')}\ntest('x', () => { throw new Error('red'); });\n`,
        );
      };
      const { status } = playNode(plan, blobs, index, 1, index === failing ? break_ : undefined);
      expect({ index, status }).toEqual({ index, status: index === failing ? 1 : 0 });
    }
    const first = playMerge(blobs, 1);
    expect(first.status).toBe(1);

    expect(playNode(plan, blobs, failing, 2)).toMatchObject({ status: 0 });
    const second = playMerge(blobs, 2);
    expect(second).toMatchObject({ status: 0, stderr: expect.stringContaining('each of 8 files ran exactly once') });
    expect(existsSync(path.join(second.checkout, '.jest-distributed', 'report.html'))).toBe(true);
    expect(second.summary).toContain(`Attempt 2 of node ${failing + 1} replaces its attempt 1`);

    // What the cache would carry to the next run.
    const next = checkOut();
    cpSync(path.join(second.checkout, STORE), path.join(next, STORE));
    expect(play('plan', next, 1)).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(path.join(next, 'plan.json'), 'utf8'))).toMatchObject({
      unit: 'ms',
      strategy: 'sticky',
    });
  }, 120_000);

  test('the artifact of a node that is missing makes the merge red', () => {
    rmSync(path.join(blobs, 'node-4-1'), { recursive: true });
    rmSync(path.join(blobs, 'node-4-2'), { recursive: true, force: true });
    const { status, stderr } = playMerge(blobs, 1);
    expect(status).toBe(1);
    expect(stderr).toContain('The blob of node 4 of 4 is missing.');
  }, 60_000);

  test('no artifact at all makes the merge red', () => {
    const { status } = playMerge(mkdtempSync(path.join(folder, 'blobs-')), 1);
    expect(status).toBe(1);
  }, 60_000);
});
