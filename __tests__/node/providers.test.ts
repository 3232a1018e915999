import { describe, expect, test } from '@jest/globals';
import vendors from 'ci-info/vendors.json';
import { detectProvider, findCiSign, providers } from '../../src/node/detect-provider';
import { identifyNode } from '../../src/node/identity';
import type { Provider } from '../../src/node/providers/provider';
import { runNames } from '../../src/node/providers/run-names';
import { missingRunIdText, type Run } from '../../src/node/run';
import { resolveOptions } from '../../src/options/resolve';

type Environment = Readonly<Record<string, string>>;

interface Case {
  readonly name: string;
  /** What the second of three parallel jobs sees, on its second attempt where the provider counts attempts. */
  readonly environment: Environment;
  /** Whether that is used without being asked for. */
  readonly unasked: boolean;
  readonly source: string;
  readonly run: Pick<Run, 'id' | 'attempt' | 'source' | 'rerun'>;
  readonly jobId: string | null;
  readonly jobName?: string;
}

const cases: readonly Case[] = [
  {
    name: 'CircleCI',
    environment: {
      CIRCLECI: 'true',
      CIRCLE_NODE_INDEX: '1',
      CIRCLE_NODE_TOTAL: '3',
      CIRCLE_WORKFLOW_ID: 'a1-b2',
      CIRCLE_WORKFLOW_JOB_ID: 'job-9',
    },
    unasked: true,
    source: 'CIRCLE_NODE_INDEX and CIRCLE_NODE_TOTAL of CircleCI',
    run: { id: 'a1-b2', attempt: 1, source: 'CIRCLE_WORKFLOW_ID', rerun: 'attempt' },
    jobId: 'job-9',
  },
  {
    name: 'Buildkite',
    environment: {
      BUILDKITE: 'true',
      BUILDKITE_PARALLEL_JOB: '1',
      BUILDKITE_PARALLEL_JOB_COUNT: '3',
      BUILDKITE_BUILD_ID: '4735ba57',
      BUILDKITE_RETRY_COUNT: '1',
      BUILDKITE_JOB_ID: 'e44f9784',
    },
    unasked: true,
    source: 'BUILDKITE_PARALLEL_JOB and BUILDKITE_PARALLEL_JOB_COUNT of Buildkite',
    run: { id: '4735ba57', attempt: 2, source: 'BUILDKITE_BUILD_ID', rerun: 'attempt' },
    jobId: 'e44f9784',
  },
  {
    name: 'Semaphore',
    environment: {
      SEMAPHORE: 'true',
      SEMAPHORE_JOB_INDEX: '2',
      SEMAPHORE_JOB_COUNT: '3',
      SEMAPHORE_WORKFLOW_ID: '65c398bb',
      SEMAPHORE_JOB_ID: 'a26d42cf',
    },
    unasked: true,
    source: 'SEMAPHORE_JOB_INDEX and SEMAPHORE_JOB_COUNT of Semaphore',
    run: { id: '65c398bb', attempt: 1, source: 'SEMAPHORE_WORKFLOW_ID', rerun: 'attempt' },
    jobId: 'a26d42cf',
  },
  {
    name: 'Bitbucket Pipelines',
    environment: {
      BITBUCKET_COMMIT: '7f777ed95a19',
      BITBUCKET_PARALLEL_STEP: '1',
      BITBUCKET_PARALLEL_STEP_COUNT: '3',
      BITBUCKET_BUILD_NUMBER: '12',
      BITBUCKET_STEP_RUN_NUMBER: '2',
      BITBUCKET_STEP_UUID: '{c2d3}',
    },
    unasked: false,
    source: 'BITBUCKET_PARALLEL_STEP and BITBUCKET_PARALLEL_STEP_COUNT of Bitbucket Pipelines',
    run: { id: '12', attempt: 2, source: 'BITBUCKET_BUILD_NUMBER', rerun: 'attempt' },
    jobId: '{c2d3}',
  },
  {
    name: 'Heroku CI',
    environment: { HEROKU_TEST_RUN_ID: 'ef0f', CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' },
    unasked: true,
    source: 'CI_NODE_INDEX and CI_NODE_TOTAL of Heroku CI',
    run: { id: 'ef0f', attempt: 1, source: 'HEROKU_TEST_RUN_ID', rerun: 'attempt' },
    jobId: null,
  },
  {
    name: 'Bazel',
    environment: { BAZEL_TEST: '1', TEST_SHARD_INDEX: '1', TEST_TOTAL_SHARDS: '3' },
    unasked: true,
    source: 'TEST_SHARD_INDEX and TEST_TOTAL_SHARDS of Bazel',
    run: { id: 'local', attempt: 1, source: 'default', rerun: 'person' },
    jobId: null,
  },
  {
    name: 'GitLab CI',
    environment: {
      GITLAB_CI: 'true',
      CI_NODE_INDEX: '2',
      CI_NODE_TOTAL: '3',
      CI_PIPELINE_ID: '9001',
      CI_JOB_ID: '77',
      CI_JOB_NAME: 'test 2/3',
    },
    unasked: false,
    source: 'CI_NODE_INDEX and CI_NODE_TOTAL of GitLab CI',
    run: { id: '9001', attempt: 1, source: 'CI_PIPELINE_ID', rerun: 'job' },
    jobId: '77',
    jobName: 'test 2/3',
  },
  {
    name: 'Azure Pipelines',
    environment: {
      TF_BUILD: 'True',
      SYSTEM_JOBPOSITIONINPHASE: '2',
      SYSTEM_TOTALJOBSINPHASE: '3',
      BUILD_BUILDID: '1234',
      SYSTEM_JOBATTEMPT: '2',
      SYSTEM_JOBID: '12f1170f',
    },
    unasked: false,
    source: 'SYSTEM_JOBPOSITIONINPHASE and SYSTEM_TOTALJOBSINPHASE of Azure Pipelines',
    run: { id: '1234', attempt: 2, source: 'BUILD_BUILDID', rerun: 'attempt' },
    jobId: '12f1170f',
  },
];

const parallel = providers.filter(({ node }) => node !== null);

function identify(environment: Readonly<Record<string, string | undefined>>) {
  return identifyNode(resolveOptions({ environment }), environment);
}

function messageOf(environment: Readonly<Record<string, string | undefined>>): string {
  try {
    identify(environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

test('every provider with node variables has a case here', () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(parallel.map(({ name }) => name).sort());
});

describe.each(cases)('$name', ({ name, environment, unasked, source, run, jobId, jobName = null }) => {
  test('auto takes node 2 of 3', () => {
    expect(identify({ ...environment, JEST_DISTRIBUTED_NODES: 'auto' })).toEqual({
      number: 2,
      nodes: 3,
      source,
      run: { ...run, unknownIn: null },
      jobId,
      jobName,
      provider: name,
      notice: null,
      statusFile: null,
    });
  });

  if (unasked) {
    test('is used without being asked for', () => {
      const { number, nodes, notice } = identify(environment);
      expect({ number, nodes, notice }).toEqual({ number: 2, nodes: 3, notice: null });
    });
  } else {
    test('runs everything without being asked, and says how to split', () => {
      const identity = identify(environment);
      expect(identity).toMatchObject({ number: 1, nodes: 1, source: 'default', run, jobId, provider: name });
      expect(identity.notice).toBe(
        `${name} numbers this job 2 of 3, but it also numbers variants of a job, so all files run here. To split them over these jobs, set --nodes auto or JEST_DISTRIBUTED_NODES=auto.`,
      );
    });
  }

  test('explicit settings come first and need no notice', () => {
    const explicit = { JEST_DISTRIBUTED_NODES: '5', JEST_DISTRIBUTED_NODE_NUMBER: '4' };
    expect(identify({ ...environment, ...explicit })).toMatchObject({ number: 4, nodes: 5, run, notice: null });
  });

  test('the number of nodes alone is refused, since both come from one source', () => {
    const message = messageOf({ ...environment, JEST_DISTRIBUTED_NODES: '3' });
    expect(message).toContain('There are 3 nodes (from JEST_DISTRIBUTED_NODES), but the node number is not set.');
    expect(message).toContain(`Or set JEST_DISTRIBUTED_NODES (--nodes) to auto, which takes both from ${source}.`);
  });

  test('a nested Jest does not take the variables by itself', () => {
    const identity = identifyNode(resolveOptions({ environment: {} }), environment, null, true);
    expect(identity).toMatchObject({ number: 1, nodes: 1, provider: null, notice: null, run: { id: 'local' } });
  });

  test('a nested Jest takes what is set explicitly', () => {
    const options = resolveOptions({ environment: { JEST_DISTRIBUTED_NODES: 'auto' } });
    expect(identifyNode(options, environment, undefined, true)).toMatchObject({ number: 2, nodes: 3 });
  });
});

describe.each(parallel.map((provider) => [provider.name, provider] as const))(
  '%s, wrong variables',
  (name, provider) => {
    const { positionVariable, totalVariable, base } = provider.node as NonNullable<typeof provider.node>;
    const remedy = ` itself: find out what changed it, or set JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER`;
    const job = (position: string | undefined, total: string | undefined) => ({
      [provider.detectVariable]: 'x1',
      [positionVariable]: position,
      [totalVariable]: total,
    });

    test.each([
      [String(base), '', `${totalVariable} of ${name} is set but empty.`],
      [String(base), 'many', `${totalVariable} of ${name} is "many", but it must be a whole number of 1 or more.`],
      [String(base), '0', `${totalVariable} of ${name} is "0", but it must be a whole number of 1 or more.`],
      ['', '3', `${positionVariable} of ${name} is set but empty.`],
      ['x', '3', `${positionVariable} of ${name} is "x", but it must be a whole number from ${base} to ${base + 2}.`],
      [String(base + 3), '3', `${positionVariable} of ${name} is "${base + 3}", but it must be`],
      [String(base - 1), '3', `${positionVariable} of ${name} is "${base - 1}", but it must be`],
    ])('position %j of %j', (position, total, message) => {
      expect(messageOf(job(position, total))).toContain(message);
      expect(messageOf(job(position, total))).toContain(remedy);
    });

    test('a position without a total', () => {
      expect(messageOf(job(String(base), undefined))).toBe(
        `jest-distributed: ${positionVariable} of ${name} is ${base}, but ${totalVariable} is not set.\n` +
          `  Pass ${totalVariable} on to where Jest runs, or set JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER instead.`,
      );
    });

    test('a total without a position', () => {
      expect(messageOf(job(undefined, '3'))).toBe(
        `jest-distributed: ${totalVariable} of ${name} is 3, but ${positionVariable} is not set.\n` +
          `  Pass ${positionVariable} on to where Jest runs, or set JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER instead.`,
      );
    });

    test.each([undefined, 'auto'])('a total of 1 needs no position (nodes: %s)', (nodes) => {
      const identity = identify({ ...job(undefined, '1'), JEST_DISTRIBUTED_NODES: nodes });
      expect(identity).toMatchObject({ number: 1, nodes: 1, notice: null });
    });

    test('an ordinary job is one node', () => {
      expect(identify(job(undefined, undefined))).toMatchObject({
        number: 1,
        nodes: 1,
        source: 'default',
        notice: null,
      });
    });

    test('auto on an ordinary job is refused', () => {
      expect(messageOf({ ...job(undefined, undefined), JEST_DISTRIBUTED_NODES: 'auto' })).toBe(
        `jest-distributed: The number of nodes is auto (from JEST_DISTRIBUTED_NODES), but ${positionVariable} and ${totalVariable} of ${name} are not set; they are set on parallel jobs only.\n` +
          '  Set JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER on each node.',
      );
    });
  },
);

describe('GitHub Actions', () => {
  const environment = {
    GITHUB_ACTIONS: 'true',
    GITHUB_RUN_ID: '1658821493',
    GITHUB_RUN_ATTEMPT: '3',
    GITHUB_JOB: 'unit',
  };
  const wayToSet =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the workflow's syntax
    'In the workflow: JEST_DISTRIBUTED_NODES: ${{ strategy.job-total }} and JEST_DISTRIBUTED_NODE_INDEX: ${{ strategy.job-index }}.';

  test('gives the run and not the node', () => {
    expect(identify(environment)).toMatchObject({
      number: 1,
      nodes: 1,
      run: { id: '1658821493', attempt: 3, source: 'GITHUB_RUN_ID', rerun: 'attempt' },
      jobId: 'unit',
      provider: 'GitHub Actions',
    });
  });

  test('says what the workflow lacks, as lines to copy, until a number of nodes is set', () => {
    const { notice } = identify(environment);
    expect(notice?.[0]).toMatch(
      /^all files run here, as node 1 of 1: GitHub Actions does not give a job the number of jobs/,
    );
    expect(notice?.slice(1, 4)).toEqual([
      '  env:',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the workflow's syntax
      '    JEST_DISTRIBUTED_NODES: ${{ strategy.job-total }}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the workflow's syntax
      '    JEST_DISTRIBUTED_NODE_INDEX: ${{ strategy.job-index }}',
    ]);
    expect(identify({ ...environment, JEST_DISTRIBUTED_NODES: '1' }).notice).toBeNull();
  });

  test.each(['auto', '4'])('nodes: %s says what the workflow must pass', (nodes) => {
    expect(messageOf({ ...environment, JEST_DISTRIBUTED_NODES: nodes })).toContain(wayToSet);
  });

  test('variables of another CI that were set by hand are not used', () => {
    const foreign = { CIRCLE_NODE_INDEX: '1', CIRCLE_NODE_TOTAL: '3', CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' };
    expect(identify({ ...environment, ...foreign })).toMatchObject({ number: 1, nodes: 1, source: 'default' });
  });
});

describe('Bazel', () => {
  const environment = {
    BAZEL_TEST: '1',
    TEST_SHARD_INDEX: '0',
    TEST_TOTAL_SHARDS: '2',
    TEST_SHARD_STATUS_FILE: '/t/s',
  };

  test('names the status file where its shards are used', () => {
    expect(identify(environment).statusFile).toBe('/t/s');
    expect(
      identify({ ...environment, JEST_DISTRIBUTED_NODES: '3', JEST_DISTRIBUTED_NODE_NUMBER: '1' }).statusFile,
    ).toBeNull();
  });

  test('comes before the CI it runs in', () => {
    const outer = { CIRCLECI: 'true', CIRCLE_NODE_INDEX: '3', CIRCLE_NODE_TOTAL: '4' };
    expect(identify({ ...environment, ...outer })).toMatchObject({ number: 1, nodes: 2, provider: 'Bazel' });
  });
});

describe('providers of which only the name of a run is known', () => {
  const signOf = ({ detectVariable, detectValue = 'x' }: Provider) => ({ [detectVariable]: detectValue });

  test.each(runNames.map((provider) => [provider.name, provider] as const))('%s', (name, provider) => {
    for (const [place, variables] of provider.runIdVariables.entries()) {
      const set = Object.fromEntries(variables.map((variable, index) => [variable, `v${index}`]));
      const { run, provider: found } = identify({ ...signOf(provider), ...set });
      expect([found, run.source, run.id, run.unknownIn]).toEqual([
        name,
        variables.join(' and '),
        variables.map((_, index) => `v${index}`).join('/'),
        null,
      ]);
      expect(place).toBeLessThan(provider.runIdVariables.length);
    }
    if (provider.runIdVariables.flat().includes(provider.detectVariable)) return;
    const { run } = identify(signOf(provider));
    expect([run.id, run.source, run.unknownIn]).toEqual(['local', 'default', name]);
  });

  test('are recognised as ci-info does', () => {
    const byName = new Map(vendors.map((vendor) => [vendor.name, vendor.env]));
    const others = runNames.filter(({ name, detectVariable, detectValue }) => {
      const env = byName.get(name);
      if (Array.isArray(env)) return !env.includes(detectVariable);
      return typeof env === 'string'
        ? env !== detectVariable
        : (env as Readonly<Record<string, string>> | undefined)?.[detectVariable] !== detectValue;
    });
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  test('Harness sets variables of Drone too, not in every stage', () => {
    const harness = { HARNESS_BUILD_ID: '7', HARNESS_PIPELINE_ID: 'web', DRONE: 'true', DRONE_BUILD_NUMBER: '7' };
    for (const repo of [{}, { DRONE_REPO: 'a/b' }])
      expect(identify({ ...harness, ...repo }).run).toMatchObject({ id: 'web/7', unknownIn: null });
  });

  test('Jenkins: the tag, else job and number', () => {
    const jenkins = { JENKINS_URL: 'http://ci', JOB_NAME: 'a/b', BUILD_NUMBER: '7' };
    expect(identify({ ...jenkins, BUILD_TAG: 'jenkins-a%2Fb-7' }).run).toMatchObject({
      id: 'jenkins-a%2Fb-7',
      source: 'BUILD_TAG',
      rerun: 'attempt',
    });
    expect(identify(jenkins).run).toMatchObject({ id: 'a/b/7', source: 'JOB_NAME and BUILD_NUMBER' });
  });

  test('a build of a batch of AWS CodeBuild has an id that the others have not', () => {
    const build = { CODEBUILD_BUILD_ARN: 'arn:1', CODEBUILD_BUILD_ID: 'web:b1e6' };
    expect(identify(build).run).toMatchObject({ id: 'web:b1e6', unknownIn: null });
    expect(identify({ ...build, CODEBUILD_BATCH_BUILD_IDENTIFIER: 'node1' }).run).toMatchObject({
      id: 'local',
      unknownIn: 'CODEBUILD_BATCH_BUILD_IDENTIFIER of AWS CodeBuild',
    });
  });
});

describe('a CI that nobody knows', () => {
  test.each([
    [{ CI: 'true' }, 'CI=true'],
    [{ BUILD_NUMBER: '7' }, 'BUILD_NUMBER=7'],
    [{ CI: 'false', BUILD_NUMBER: '7' }, null],
    [{ CI: '' }, null],
    [{}, null],
  ])('%j', (environment, sign) => {
    expect(findCiSign(environment)).toBe(sign);
    expect(identify(environment).run).toMatchObject({ id: 'local', unknownIn: sign });
  });

  test.each([
    [{}, 'the run id is not set, and no CI was detected'],
    [{ CI: 'true' }, 'the run id is not set: CI=true says that this is a CI job, but no known CI was recognised'],
    [{ GITHUB_ACTIONS: 'true' }, 'the run id is not set, and GitHub Actions gives none'],
  ])('what a message says of %j', (environment, text) => {
    expect(missingRunIdText(identify(environment).run)).toBe(text);
  });

  test('is known once somebody says which run it is', () => {
    expect(identify({ CI: 'true', JEST_DISTRIBUTED_RUN_ID: '9' }).run).toEqual({
      id: '9',
      attempt: 1,
      source: 'JEST_DISTRIBUTED_RUN_ID',
      rerun: 'attempt',
      unknownIn: null,
    });
  });
});

describe('detection', () => {
  test('agrees with ci-info wherever both know a provider', () => {
    // ci-info has no Bazel, and for Heroku a variable that is set outside test runs too.
    const known = { 'GitLab CI': 'GITLAB', CircleCI: 'CIRCLE', Buildkite: 'BUILDKITE', Semaphore: 'SEMAPHORE' };
    const more = {
      'Azure Pipelines': 'AZURE_PIPELINES',
      'Bitbucket Pipelines': 'BITBUCKET',
      'GitHub Actions': 'GITHUB_ACTIONS',
    };
    const table = Object.entries({ ...known, ...more });
    expect(table.map(([name]) => providers.find((provider) => provider.name === name)?.detectVariable)).toEqual(
      table.map(([, constant]) => vendors.find((vendor) => vendor.constant === constant)?.env),
    );
    expect(table.length + 2).toBe(providers.length - runNames.length);
  });

  test('node variables alone are enough where their names are a provider’s own', () => {
    expect(identify({ CIRCLE_NODE_INDEX: '1', CIRCLE_NODE_TOTAL: '3' })).toMatchObject({ number: 2, nodes: 3 });
    expect(identify({ CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' }).notice).toContain('GitLab CI numbers this job 1 of 3');
  });

  test('a telling variable that is empty tells nothing', () => {
    expect(detectProvider({ CIRCLECI: '', GITLAB_CI: 'true' })?.name).toBe('GitLab CI');
    expect(detectProvider({ CI: 'true' })).toBeNull();
  });
});
