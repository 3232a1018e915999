import type { Provider } from './provider';

/**
 * https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
 *
 * Set only on steps of a `parallel` group. Re-running failed steps keeps the build number and raises the step's run
 * number.
 */
export const bitbucket: Provider = {
  name: 'Bitbucket Pipelines',
  telling: 'BITBUCKET_COMMIT',
  node: {
    positionVariable: 'BITBUCKET_PARALLEL_STEP',
    base: 0,
    totalVariable: 'BITBUCKET_PARALLEL_STEP_COUNT',
    onlyParallelism: true,
    ownNames: true,
  },
  runIdVariable: 'BITBUCKET_BUILD_NUMBER',
  attempt: { variable: 'BITBUCKET_STEP_RUN_NUMBER', base: 1 },
  jobIdVariable: 'BITBUCKET_STEP_UUID',
};
