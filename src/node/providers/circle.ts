import type { Provider } from './provider';

/**
 * https://circleci.com/docs/reference/variables/
 *
 * Set by `parallelism` alone, and as 0 of 1 on ordinary jobs; a matrix makes separate jobs. A re-run is a new workflow
 * with a new id.
 */
export const circle: Provider = {
  name: 'CircleCI',
  detectVariable: 'CIRCLECI',
  node: {
    positionVariable: 'CIRCLE_NODE_INDEX',
    base: 0,
    totalVariable: 'CIRCLE_NODE_TOTAL',
    impliesSharding: true,
    uniqueNames: true,
  },
  runIdVariables: [['CIRCLE_WORKFLOW_ID']],
  runPage: { id: /^[\da-f-]{36}$/, address: (id) => `https://app.circleci.com/pipelines/workflows/${id}` },
  attempt: null,
  jobIdVariable: 'CIRCLE_WORKFLOW_JOB_ID',
};
