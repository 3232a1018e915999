import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

type Step = {
  readonly run?: string;
  readonly uses?: { readonly value: string };
  readonly if?: { readonly expr: string };
};
type Job = {
  readonly id: string;
  readonly needs?: readonly string[];
  readonly if?: { readonly expr: string };
  readonly env?: Token;
  readonly strategy?: Token;
  readonly steps: readonly Step[];
};
type Parsed = { readonly errors: readonly string[]; readonly jobs: readonly Job[] };
// The parser's serialised values: literals as they are, sequences, mappings and expressions marked.
type Token =
  | string
  | number
  | boolean
  | { readonly seq: readonly Token[] }
  | { readonly map: readonly { readonly Key: string; readonly Value: Token }[] }
  | { readonly expr: string };

const workflow = readFileSync(path.join(__dirname, '../../examples/github-actions/.github/workflows/test.yml'), 'utf8');

function replaced(from: string, to: string): string {
  if (!workflow.includes(from)) throw new Error(`The workflow has no ${JSON.stringify(from)} to break.`);
  return workflow.replace(from, to);
}

const texts = {
  workflow,
  'unknown context': replaced('strategy.job-index', 'job.index'),
  'mistyped key': replaced('fail-fast:', 'failfast:'),
  'unknown job': replaced('needs: [plan, node]', 'needs: [plan, nodes]'),
};

let parsed: Record<keyof typeof texts, Parsed>;

beforeAll(() => {
  const child = spawnSync(process.execPath, [path.join(__dirname, 'parse-workflow.mjs')], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`The parser ended with ${child.status}: ${child.stderr}`);
  parsed = JSON.parse(child.stdout);
}, 60_000);

function plain(token: Token | undefined): unknown {
  if (typeof token !== 'object') return token;
  if ('seq' in token) return token.seq.map(plain);
  if ('map' in token) return Object.fromEntries(token.map.map(({ Key, Value }) => [Key, plain(Value)]));
  return { expr: token.expr };
}

describe('the workflow of examples/github-actions', () => {
  const job = (id: string) => parsed.workflow.jobs.find((candidate) => candidate.id === id);
  const commands = (id: string) => job(id)?.steps.flatMap(({ run }) => (run?.startsWith('npx ') ? [run] : []));

  test('is a workflow without errors: a plan, the nodes, and the job that judges them', () => {
    expect(parsed.workflow.errors).toEqual([]);
    expect(parsed.workflow.jobs.map(({ id }) => id)).toEqual(['plan', 'node', 'tests']);
  });

  test('one job plans for all nodes, and they obey its plan', () => {
    expect(commands('plan')).toEqual(['npx jest-distributed plan --nodes 4 --out plan.json']);
    expect(job('node')?.needs).toEqual(['plan']);
    expect(commands('node')).toEqual(['npx jest-distributed run']);
  });

  test('starts four nodes, and none is stopped because another failed', () => {
    expect(plain(job('node')?.strategy)).toEqual({ 'fail-fast': false, matrix: { node: [1, 2, 3, 4] } });
  });

  test('tells each node its index, how many there are, and the plan', () => {
    expect(plain(job('node')?.env)).toEqual({
      JEST_DISTRIBUTED_NODES: { expr: 'strategy.job-total' },
      JEST_DISTRIBUTED_NODE_INDEX: { expr: 'strategy.job-index' },
      JEST_DISTRIBUTED_PLAN: 'plan.json',
    });
  });

  test('no node restores a cache: each could find another one', () => {
    expect(JSON.stringify(job('node')?.steps)).not.toContain('actions/cache');
    expect(JSON.stringify(job('plan')?.steps)).toContain('actions/cache/restore');
  });

  test('a node that failed sends its blob too, under a name with the attempt', () => {
    const upload = job('node')?.steps.at(-1);
    expect(JSON.stringify(upload?.uses)).toContain('actions/upload-artifact');
    expect(upload?.if?.expr).toContain('always()');
    // The parser keeps no inputs of actions.
    expect(parse(workflow).jobs.node.steps.at(-1).with).toEqual({
      name: `node-\${{ matrix.node }}-\${{ github.run_attempt }}`,
      path: '.jest-distributed/report',
      'include-hidden-files': true,
    });
  });

  test('judges even where a node failed: a skipped check would count as passed', () => {
    expect(job('tests')?.needs).toEqual(['plan', 'node']);
    expect(job('tests')?.if).toMatchObject({ expr: 'always()' });
    expect(commands('tests')).toEqual(['npx jest-distributed merge blobs --expect-nodes 4']);
  });

  test('saves timings only on the main branch, and only after a merge that was green', () => {
    const save = job('tests')?.steps.at(-1);
    expect(JSON.stringify(save?.uses)).toContain('actions/cache/save');
    expect(save?.if?.expr).toBe("success() && (github.ref == 'refs/heads/main')");
  });
});

describe('the parser is a real one: it refuses', () => {
  test('a context that GitHub does not have there', () => {
    expect(parsed['unknown context'].errors).toEqual([expect.stringContaining("Unrecognized named-value: 'job'")]);
  });

  test('a mistyped key', () => {
    expect(parsed['mistyped key'].errors).toEqual([expect.stringContaining("Unexpected value 'failfast'")]);
  });

  test('a job that waits for one that is not there', () => {
    expect(parsed['unknown job'].errors).toEqual([expect.stringContaining("depends on unknown job 'nodes'")]);
  });
});
