import type { Provider } from './provider';

/**
 * https://buildkite.com/docs/pipelines/configure/environment-variables
 *
 * Set by `parallelism` alone. The retry count is the job's own: 0 at first.
 */
export const buildkite: Provider = {
  name: 'Buildkite',
  detectVariable: 'BUILDKITE',
  node: {
    positionVariable: 'BUILDKITE_PARALLEL_JOB',
    base: 0,
    totalVariable: 'BUILDKITE_PARALLEL_JOB_COUNT',
    impliesSharding: true,
    uniqueNames: true,
  },
  runIdVariables: [['BUILDKITE_BUILD_ID']],
  runPageVariable: 'BUILDKITE_BUILD_URL',
  attempt: { variable: 'BUILDKITE_RETRY_COUNT', base: 0 },
  jobIdVariable: 'BUILDKITE_JOB_ID',
};
