import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';

type Job = {
  readonly id: string;
  readonly needs?: readonly string[];
  readonly if?: { readonly expr: string };
  readonly env?: Token;
  readonly strategy?: Token;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
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
  'unknown job': replaced('needs: node', 'needs: nodes'),
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

  test('is a workflow without errors, with the nodes and the job that judges them', () => {
    expect(parsed.workflow.errors).toEqual([]);
    expect(parsed.workflow.jobs.map(({ id }) => id)).toEqual(['node', 'tests']);
  });

  test('starts four nodes, and none is stopped because another failed', () => {
    expect(plain(job('node')?.strategy)).toEqual({ 'fail-fast': false, matrix: { node: [1, 2, 3, 4] } });
  });

  test('tells each node its index and how many there are', () => {
    expect(plain(job('node')?.env)).toEqual({
      JEST_DISTRIBUTED_NODES: { expr: 'strategy.job-total' },
      JEST_DISTRIBUTED_NODE_INDEX: { expr: 'strategy.job-index' },
    });
    expect(job('node')?.steps.map((step) => step.run)).toContain('npx jest --testSequencer=jest-distributed');
  });

  test('judges even where a node failed: a skipped check would count as passed', () => {
    expect(job('tests')?.needs).toEqual(['node']);
    expect(job('tests')?.if).toMatchObject({ expr: 'always()' });
  });

  test.each([
    ['success', 0],
    ['failure', 1],
    ['cancelled', 1],
    ['skipped', 1],
    ['', 1],
  ])('its verdict over %j has the exit code %i', (result, exitCode) => {
    const verdict = job('tests')?.steps.at(-1)?.run;
    const shell = spawnSync('bash', ['-e', '-c', verdict ?? ''], { env: { ...process.env, RESULT: result } });
    expect(shell.status).toBe(exitCode);
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
