import type { Provider } from './provider';

/**
 * https://learn.microsoft.com/azure/devops/pipelines/build/variables
 *
 * 1 of 1 on ordinary jobs. `strategy: parallel` and `strategy: matrix` set the same variables.
 */
export const azure: Provider = {
  name: 'Azure Pipelines',
  detectVariable: 'TF_BUILD',
  node: {
    positionVariable: 'SYSTEM_JOBPOSITIONINPHASE',
    base: 1,
    totalVariable: 'SYSTEM_TOTALJOBSINPHASE',
    impliesSharding: false,
    uniqueNames: true,
  },
  runIdVariables: [['BUILD_BUILDID']],
  runPage: {
    id: /^\d+$/,
    forge: 'azure',
    // Of the project, which the address of a repository names.
    address: (id, repository) => `${repository.replace(/\/_git\/[^/]+$/, '')}/_build/results?buildId=${id}`,
  },
  attempt: { variable: 'SYSTEM_JOBATTEMPT', base: 1 },
  jobIdVariable: 'SYSTEM_JOBID',
};
