/** The guides for CIs: each of them is complete, its nodes and merge find out who they are, and red nodes do not stop the merge. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { parseArguments } from '../../src/cli/command-line/parse-arguments';
import { COMMANDS } from '../../src/cli/commands';
import { identifyNode } from '../../src/node/identity';
import { isIdentityVariable } from '../../src/options/environment';
import { resolveOptions } from '../../src/options/resolve';
import { optionNames, optionRow } from '../../src/options/table';
import { type CodeBlock, pageNames, readPage, root } from './pages';

type Settings = Readonly<Record<string, string>>;

const pages = pageNames().map(readPage);
const guide = (name: string) => readPage(`docs/guides/${name}.md`);
const blocksOf = (name: string, language: string): CodeBlock[] =>
  guide(name).blocks.filter((block) => block.language === language);

/** The first block of a language, which is the file that the guide is about. */
function fileOf(name: string, language: string): string {
  const [block] = blocksOf(name, language);
  if (block === undefined) throw new Error(`docs/guides/${name}.md has no ${language}`);
  return block.text;
}

/** Words of a shell up to the first operator, comment or quote that is not theirs. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let rest = text.replace(/\$\{\{.*?\}\}/g, 'EXPRESSION').trimStart();
  for (;;) {
    const word = /^(?:"[^"\n]*"|'[^'\n]*'|\$\([^()]*\)|[^\s"'|&;<>()#])+/.exec(rest)?.[0];
    if (word === undefined) return words;
    words.push(word.replace(/^(["'])(.*)\1$/, '$2'));
    rest = rest.slice(word.length);
    const space = /^[ \t]+/.exec(rest)?.[0];
    if (space === undefined) return words;
    rest = rest.slice(space.length);
  }
}

const typed = pages.flatMap(({ name, blocks }) =>
  blocks.flatMap(({ text, line, language }) => {
    if (language === 'text') return [];
    const joined = text.replace(/\\\n\s*/g, ' ');
    return [...joined.matchAll(/(?<![\w@./-])jest-distributed((?: [a-z].*| --help.*)?)$/gm)]
      .map((match) => wordsOf(match[1] as string))
      .filter((words) => words.length > 0)
      .map((words) => ({ at: `${name}:${line}`, words }));
  }),
);

describe('commands of ours, wherever a page has them', () => {
  test('are found', () => {
    expect(typed.length).toBeGreaterThan(80);
    expect(typed.map(({ words }) => words[0])).toEqual(expect.arrayContaining(['run', 'merge', 'verify', 'plan']));
  });

  test('are understood by the command line', () => {
    const faults = typed.flatMap(({ at, words }) => {
      if (words[0] === 'help') return [];
      const command = COMMANDS.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '));
      if (command === undefined) return [`${at}: jest-distributed ${words.join(' ')}: no such command`];
      try {
        parseArguments(words.slice(command.name.split(' ').length), command);
        return [];
      } catch (error) {
        return [`${at}: jest-distributed ${words.join(' ')}: ${(error as Error).message}`];
      }
    });
    expect(faults).toEqual([]);
  });
});

test('every variable of ours that a page names exists', () => {
  const known = new Set([...optionNames.map((name) => optionRow(name).variable), 'JEST_DISTRIBUTED_']);
  const named = pages.flatMap(({ name, blocks }) =>
    blocks.flatMap(({ text }) =>
      [...text.matchAll(/JEST_DISTRIBUTED_[A-Z_]*/g)].map(([variable]) => ({ name, variable })),
    ),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ variable }) => !known.has(variable) && !isIdentityVariable(variable))).toEqual([]);
});

describe('nodes and merge of a guide', () => {
  const count = 4;

  interface Guide {
    readonly name: string;
    readonly language: string;
    /** What the CI sets in every job. */
    readonly ci: Settings;
    /** What it sets on a node; counted from 1. */
    readonly node: (number: number) => Settings;
    readonly runId: string;
  }

  /** Variables of ours that the file sets, as it writes them, the node's own number apart. */
  const guides: readonly Guide[] = [
    {
      name: 'circleci',
      language: 'yaml',
      ci: { CI: 'true', CIRCLECI: 'true', CIRCLE_WORKFLOW_ID: 'w-1' },
      node: (number) => ({ CIRCLE_NODE_INDEX: `${number - 1}`, CIRCLE_NODE_TOTAL: `${count}` }),
      runId: 'w-1',
    },
    {
      name: 'bitbucket',
      language: 'yaml',
      ci: { CI: 'true', BITBUCKET_COMMIT: 'c0ffee', BITBUCKET_BUILD_NUMBER: '7', BITBUCKET_STEP_RUN_NUMBER: '1' },
      node: (number) => ({ BITBUCKET_PARALLEL_STEP: `${number - 1}`, BITBUCKET_PARALLEL_STEP_COUNT: `${count}` }),
      runId: '7',
    },
    {
      name: 'jenkins',
      language: 'groovy',
      ci: { JENKINS_URL: 'https://ci.example.com/', BUILD_TAG: 'jenkins-web-7', BUILD_NUMBER: '7' },
      node: (number) => ({ JEST_DISTRIBUTED_NODE_NUMBER: `${number}` }),
      runId: 'jenkins-web-7',
    },
    {
      name: 'teamcity',
      language: 'kotlin',
      ci: { TEAMCITY_VERSION: '2025.11', BUILD_NUMBER: '7', JEST_DISTRIBUTED_RUN_ID: '4711' },
      node: (number) => ({ JEST_DISTRIBUTED_NODE_NUMBER: `${number}`, JEST_DISTRIBUTED_NODES: `${count}` }),
      runId: '4711',
    },
    {
      name: 'codebuild',
      language: 'yaml',
      ci: {
        CODEBUILD_BUILD_ARN: 'arn:aws:codebuild:1',
        CODEBUILD_BUILD_ID: 'web:1',
        CODEBUILD_BATCH_BUILD_IDENTIFIER: 'node_1',
        JEST_DISTRIBUTED_RUN_ID: 'c0ffee',
      },
      node: (number) => ({ JEST_DISTRIBUTED_NODE_NUMBER: `${number}` }),
      runId: 'c0ffee',
    },
    {
      name: 'heroku',
      language: 'json',
      ci: { CI: 'true', HEROKU_TEST_RUN_ID: 'run-1' },
      node: (number) => ({ CI_NODE_INDEX: `${number - 1}`, CI_NODE_TOTAL: `${count}` }),
      runId: 'run-1',
    },
    {
      name: 'bazel',
      language: 'python',
      ci: { BAZEL_TEST: '1' },
      node: (number) => ({ TEST_SHARD_INDEX: `${number - 1}`, TEST_TOTAL_SHARDS: `${count}` }),
      runId: 'local',
    },
  ];

  /** `NAME: '4'`, `NAME=auto`, `NAME = '4'`: what the file sets to a plain value. */
  const plainSettings = (text: string): Settings =>
    Object.fromEntries(
      [...text.matchAll(/\b(JEST_DISTRIBUTED_NODES)["']? ?[:=] ?["']?(auto|\d+)\b/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );

  test.each(guides.map((entry) => [entry.name, entry] as const))(
    '%s: each node knows its number and the run',
    (name, entry) => {
      const file = fileOf(name, entry.language);
      const identities = Array.from({ length: count }, (_, index) => {
        const environment = { ...entry.ci, ...plainSettings(file), ...entry.node(index + 1) };
        return identifyNode(resolveOptions({ environment }), environment);
      });
      expect(
        identities.map(({ number, nodes, run }) => ({ number, nodes, id: run.id, unknownIn: run.unknownIn })),
      ).toEqual(
        Array.from({ length: count }, (_, index) => ({
          number: index + 1,
          nodes: count,
          id: entry.runId,
          unknownIn: null,
        })),
      );
    },
  );

  test('files that set the run themselves hand it to nodes and merge alike', () => {
    const teamcity = fileOf('teamcity', 'kotlin').match(/param\("env\.JEST_DISTRIBUTED_RUN_ID", .*\)/g);
    expect(teamcity).toHaveLength(2);
    expect(new Set(teamcity).size).toBe(1);
    const codebuild = blocksOf('codebuild', 'yaml').map(
      ({ text }) => /export JEST_DISTRIBUTED_RUN_ID=.*/.exec(text)?.[0],
    );
    expect(codebuild).toHaveLength(2);
    expect(new Set(codebuild).size).toBe(1);
    expect(codebuild[0]).toContain('CODEBUILD_RESOLVED_SOURCE_VERSION');
  });
});

describe('red nodes', () => {
  const merges = (name: string) => blocksOf(name, 'yaml').filter(({ text }) => /jest-distributed merge/.test(text));

  test('CircleCI: a red container stores its blob, and the merge starts however its job ended', () => {
    expect(merges('circleci').length).toBe(2);
    for (const { text } of merges('circleci')) {
      const { jobs, workflows } = parse(text);
      expect(workflows.test.jobs.at(-1)).toEqual({ merge: { requires: [{ test: 'terminal' }] } });
      const steps: Record<string, unknown>[] = jobs.test.steps.slice(-3);
      expect(steps.map((step) => Object.keys(step)[0])).toEqual(['run', 'persist_to_workspace', 'run']);
      expect(steps[0]?.run).toMatch(/^npx jest-distributed run \|\| /);
      expect(steps[2]?.run).toMatch(/^exit /);
    }
  });

  test('Bitbucket: a red step keeps its blob, and the pipeline goes on to the merge', () => {
    expect(merges('bitbucket').length).toBe(2);
    for (const { text } of merges('bitbucket')) {
      const { definitions, pipelines } = parse(text);
      expect(definitions.steps[0].step['on-fail']).toEqual({ strategy: 'ignore' });
      expect(definitions.steps[0].step.artifacts.upload).toEqual([
        { name: 'blobs', type: 'shared', 'capture-on': 'always', paths: ['.jest-distributed/report/**'] },
      ]);
      const steps: { step?: Record<string, unknown>; parallel?: unknown[] }[] = pipelines.default;
      expect(steps.at(-2)?.parallel).toHaveLength(4);
      expect(steps.at(-1)?.step).toMatchObject({ name: 'merge' });
      expect(steps.at(-1)?.step).not.toHaveProperty('on-fail');
    }
  });

  test('CodeBuild: red nodes are ignored by the batch, the merge is not', () => {
    const { batch } = parse(fileOf('codebuild', 'yaml'));
    const [merge, ...others] = [...batch['build-graph']].reverse();
    expect(batch['fast-fail']).toBe(false);
    expect(merge['depend-on']).toEqual(others.map(({ identifier }) => identifier).reverse());
    expect(merge).not.toHaveProperty('ignore-failure');
    expect(others.map((build) => build['ignore-failure'])).toEqual([true, true, true, true]);
  });

  test('GitHub Actions, GitLab CI, Buildkite and Azure Pipelines: the merge runs always', () => {
    for (const name of ['github-actions', 'nx', 'turborepo']) {
      const { jobs } = parse(fileOf(name, 'yaml'));
      expect(jobs.tests.if).toBe('always()');
      expect(jobs.node.strategy['fail-fast']).toBe(false);
    }
    expect(parse(fileOf('gitlab', 'yaml')).merge.when).toBe('always');
    expect(parse(fileOf('buildkite', 'yaml')).steps[1]).toEqual({ wait: null, continue_on_failure: true });
    expect(parse(fileOf('azure-pipelines', 'yaml')).jobs[1].condition).toBe('succeededOrFailed()');
  });

  test('Jenkins and TeamCity: a failure is kept and does not stop the merge', () => {
    expect(fileOf('jenkins', 'groovy')).toMatch(
      /catchError\(buildResult: 'FAILURE'[^{]*\{\s*sh 'npm ci'\s*sh 'npx jest-distributed run'\s*\}\s*stash/,
    );
    expect(fileOf('teamcity', 'kotlin')).toMatch(
      /dependency\(build\) \{\s*snapshot \{\s*onDependencyFailure = FailureAction\.ADD_PROBLEM/,
    );
  });
});

test.each(['circleci', 'bitbucket', 'jenkins', 'teamcity', 'codebuild', 'heroku', 'bazel'])(
  '%s: the guide says what the run is, what becomes of red nodes and of re-runs',
  (name) => {
    const text = readFileSync(path.join(root, 'docs', 'guides', `${name}.md`), 'utf8');
    expect(text).toMatch(/\*\*Red (nodes|shards)\*\*/);
    expect(text).toMatch(/\*\*The run\*\*/);
    expect(text).toMatch(/\*\*(Re-runs\*\*|"Rerun workflow)|A re-run is/);
    expect(text).toMatch(/^Facts looked up on \d{4}-\d{2}-\d{2}/m);
  },
);

test('braces of the files that no parser here reads are even', () => {
  const others = pages.flatMap(({ name, blocks }) =>
    blocks
      .filter(({ language }) => ['groovy', 'kotlin', 'python'].includes(language))
      .map((block) => ({ name, ...block })),
  );
  expect(others.length).toBe(3);
  const pairs = ['{}', '()', '[]'] as const;
  for (const { name, text } of others) {
    for (const [open, close] of pairs) {
      expect({ name, open, times: text.split(open as string).length }).toEqual({
        name,
        open,
        times: text.split(close as string).length,
      });
    }
  }
});

test('the README and the start name the guide of every CI', () => {
  const guides = ['github-actions', 'gitlab', 'circleci', 'buildkite', 'azure-pipelines', 'bitbucket', 'semaphore'];
  const more = ['jenkins', 'teamcity', 'codebuild', 'heroku', 'bazel', 'nx', 'turborepo'];
  for (const [page, prefix] of [
    ['README.md', 'docs/guides/'],
    ['docs/getting-started.md', 'guides/'],
  ] as const) {
    const { links } = readPage(page);
    expect([...guides, ...more].filter((name) => !links.includes(`${prefix}${name}.md`))).toEqual([]);
  }
});
