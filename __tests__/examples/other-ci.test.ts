/** The GitLab and CircleCI files of examples/github-actions: what makes them safe, read out of the YAML. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';

const example = path.join(__dirname, '..', '..', 'examples', 'github-actions');

function read<Shape>(name: string): Shape {
  const document = parseDocument(readFileSync(path.join(example, name), 'utf8'));
  const problems = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (problems.length > 0) throw new Error(`${name}: ${problems.join('; ')}`);
  return document.toJS() as Shape;
}

const ours = (commands: readonly unknown[]) =>
  commands.filter((command) => typeof command === 'string' && command.startsWith('npx '));

const PLAN = ['npx jest-distributed plan --nodes 4 --out plan.json'];
const RUN = ['npx jest-distributed run'];
const RUN_AND_GO_ON = 'npx jest-distributed run || echo "export NODE_EXIT=$?" >> "$BASH_ENV"';
const MERGE = ['npx jest-distributed merge --expect-nodes 4'];
const STORE = ['.jest-distributed/timings.json'];

describe('.gitlab-ci.yml', () => {
  type Job = {
    readonly stage: string;
    readonly needs?: readonly string[];
    readonly parallel?: number;
    readonly variables?: Readonly<Record<string, string>>;
    readonly rules?: readonly { readonly when?: string; readonly variables?: Readonly<Record<string, string>> }[];
    readonly cache?: { readonly key: string; readonly paths: readonly string[]; readonly policy: string };
    readonly script: readonly string[];
    readonly artifacts: { readonly when?: string; readonly paths: readonly string[] };
  };
  type File = { readonly stages: readonly string[]; readonly plan: Job; readonly test: Job; readonly merge: Job };
  const { stages, plan, test: node, merge } = read<File>('.gitlab-ci.yml');

  test('every job is in a stage, after those it needs', () => {
    expect([plan, node, merge].map(({ stage }) => stages.indexOf(stage))).toEqual([0, 1, 2]);
    expect([plan.needs, node.needs, merge.needs]).toEqual([undefined, ['plan'], ['test']]);
  });

  test('one job plans for as many nodes as there are, and they are told to ask GitLab who they are', () => {
    expect([ours(plan.script), ours(node.script), ours(merge.script)]).toEqual([PLAN, RUN, MERGE]);
    expect(node.parallel).toBe(4);
    expect(node.variables).toEqual({ JEST_DISTRIBUTED_NODES: 'auto', JEST_DISTRIBUTED_PLAN: 'plan.json' });
    expect(plan.artifacts.paths).toEqual(['plan.json']);
  });

  test('no node has a cache; the plan and the merge share one, which only the default branch writes', () => {
    expect(node.cache).toBeUndefined();
    expect(plan.cache).toEqual({ key: 'jest-timings', paths: STORE, policy: 'pull' });
    expect(merge.cache).toEqual({ key: 'jest-timings', paths: STORE, policy: '$TIMINGS_POLICY' });
    expect(merge.rules).toEqual([
      { if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH', when: 'always', variables: { TIMINGS_POLICY: 'pull-push' } },
      { when: 'always', variables: { TIMINGS_POLICY: 'pull' } },
    ]);
  });

  test('a failed node keeps its blob, and the merge runs all the same', () => {
    expect(node.artifacts).toMatchObject({ when: 'always', paths: ['.jest-distributed/report/'] });
    expect(merge.rules?.every(({ when }) => when === 'always')).toBe(true);
  });
});

describe('.circleci/config.yml', () => {
  type Step = string | Readonly<Record<string, unknown>>;
  type Job = {
    readonly parallelism?: number;
    readonly environment?: Readonly<Record<string, string>>;
    readonly steps: readonly Step[];
  };
  type File = {
    readonly version: number;
    readonly jobs: { readonly plan: Job; readonly test: Job; readonly merge: Job };
    readonly workflows: { readonly test: { readonly jobs: readonly unknown[] } };
  };
  const { version, jobs, workflows } = read<File>('.circleci/config.yml');
  const commands = ({ steps }: Job) => ours(steps.map((step) => (typeof step === 'string' ? step : step.run)));
  const named = ({ steps }: Job, name: string) =>
    steps.flatMap((step) => (typeof step === 'object' && name in step ? [step[name]] : []));

  test('is of a version with workflows, in which each job waits for those before it, and the merge runs always', () => {
    expect(version).toBe(2.1);
    expect(workflows.test.jobs).toEqual([
      'plan',
      { test: { requires: ['plan'] } },
      { merge: { requires: [{ test: 'terminal' }] } },
    ]);
  });

  test('a failed node stores its blob before it ends as its tests did', () => {
    const steps = jobs.test.steps.slice(-3);
    expect(steps[0]).toEqual({ run: RUN_AND_GO_ON });
    expect(steps[1]).toHaveProperty('persist_to_workspace');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell reads it
    expect(steps[2]).toEqual({ run: 'exit "${NODE_EXIT:-0}"' });
  });

  test('one job plans for as many nodes as there are; CircleCI tells them who they are', () => {
    expect([jobs.plan, jobs.test, jobs.merge].map(commands)).toEqual([PLAN, [RUN_AND_GO_ON], MERGE]);
    expect(jobs.test.parallelism).toBe(4);
    expect(jobs.test.environment).toEqual({ JEST_DISTRIBUTED_PLAN: 'plan.json' });
  });

  test('what one job leaves is what the next one gets', () => {
    const kept = (job: Job) => named(job, 'persist_to_workspace');
    expect(kept(jobs.plan)).toEqual([{ root: '.', paths: ['plan.json'] }]);
    expect(kept(jobs.test)).toEqual([{ root: '.', paths: ['.jest-distributed/report'] }]);
    for (const job of [jobs.test, jobs.merge]) expect(named(job, 'attach_workspace')).toEqual([{ at: '.' }]);
  });

  test('no node restores a cache, and only the main branch saves one', () => {
    expect(named(jobs.test, 'restore_cache')).toEqual([]);
    for (const job of [jobs.plan, jobs.merge]) {
      expect(named(job, 'restore_cache')).toEqual([{ keys: ['jest-timings-v1-'] }]);
    }
    expect(jobs.merge.steps.at(-1)).toEqual({
      when: {
        condition: { equal: ['main', '<< pipeline.git.branch >>'] },
        steps: [{ save_cache: { key: 'jest-timings-v1-{{ epoch }}', paths: STORE } }],
      },
    });
  });
});
