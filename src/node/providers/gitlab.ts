import type { Provider } from './provider';

/**
 * https://docs.gitlab.com/ci/variables/predefined_variables/
 *
 * `CI_NODE_TOTAL` is 1 on ordinary jobs, without an index. `parallel: 4` and `parallel: matrix` set the same variables.
 * A retried job keeps the pipeline's id and has no attempt number, only a new job id.
 */
export const gitlab: Provider = {
  name: 'GitLab CI',
  detectVariable: 'GITLAB_CI',
  node: {
    positionVariable: 'CI_NODE_INDEX',
    base: 1,
    totalVariable: 'CI_NODE_TOTAL',
    impliesSharding: false,
    uniqueNames: true,
  },
  runIdVariables: [['CI_PIPELINE_ID']],
  runPage: { id: /^\d+$/, forge: 'gitlab', address: (id, repository) => `${repository}/-/pipelines/${id}` },
  runPageVariable: 'CI_PIPELINE_URL',
  attempt: null,
  jobIdVariable: 'CI_JOB_ID',
  jobNameVariable: 'CI_JOB_NAME',
};
