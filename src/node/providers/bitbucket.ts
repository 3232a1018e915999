import type { Provider } from './provider';

/**
 * https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
 *
 * Set on every step of a `parallel` group, whatever the other steps do: with a lint step beside the tests, Jest would be
 * step 2 of 2 and silently run half the suite. So they are used only where `nodes: auto` says that the group is one job.
 * Re-running failed steps keeps the build number and raises the step's run
 * number.
 */
export const bitbucket: Provider = {
  name: 'Bitbucket Pipelines',
  detectVariable: 'BITBUCKET_COMMIT',
  node: {
    positionVariable: 'BITBUCKET_PARALLEL_STEP',
    base: 0,
    totalVariable: 'BITBUCKET_PARALLEL_STEP_COUNT',
    impliesSharding: false,
    uniqueNames: true,
  },
  runIdVariables: [['BITBUCKET_BUILD_NUMBER']],
  runPage: { id: /^\d+$/, forge: 'bitbucket', address: (id, repository) => `${repository}/pipelines/results/${id}` },
  attempt: { variable: 'BITBUCKET_STEP_RUN_NUMBER', base: 1 },
  jobIdVariable: 'BITBUCKET_STEP_UUID',
};
