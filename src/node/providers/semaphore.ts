import type { Provider } from './provider';

/**
 * https://docs.semaphore.io/reference/env-vars
 *
 * Set by `parallelism`. A job has an id of its own on each start.
 */
export const semaphore: Provider = {
  name: 'Semaphore',
  detectVariable: 'SEMAPHORE',
  node: {
    positionVariable: 'SEMAPHORE_JOB_INDEX',
    base: 1,
    totalVariable: 'SEMAPHORE_JOB_COUNT',
    impliesSharding: true,
    uniqueNames: true,
  },
  runIdVariables: [['SEMAPHORE_WORKFLOW_ID']],
  attempt: null,
  jobIdVariable: 'SEMAPHORE_JOB_ID',
};
