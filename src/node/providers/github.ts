import type { Provider } from './provider';

/**
 * https://docs.github.com/actions/reference/workflows-and-actions/variables
 *
 * A job's place in its matrix is in no variable: the workflow passes `strategy.job-index` and `strategy.job-total`.
 */
export const github: Provider = {
  name: 'GitHub Actions',
  detectVariable: 'GITHUB_ACTIONS',
  node: null,
  runIdVariables: [['GITHUB_RUN_ID']],
  runPage: { id: /^\d+$/, forge: 'github', address: (id, repository) => `${repository}/actions/runs/${id}` },
  attempt: { variable: 'GITHUB_RUN_ATTEMPT', base: 1 },
  jobIdVariable: 'GITHUB_JOB',
  byHand: {
    where: 'in the workflow',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the workflow's syntax
    nodes: 'JEST_DISTRIBUTED_NODES: ${{ strategy.job-total }}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the workflow's syntax
    nodeIndex: 'JEST_DISTRIBUTED_NODE_INDEX: ${{ strategy.job-index }}',
  },
};
