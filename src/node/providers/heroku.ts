import type { Provider } from './provider';

/**
 * https://devcenter.heroku.com/articles/heroku-ci-parallel-test-runs
 *
 * The names of GitLab's variables, but counted from 0. `HEROKU_TEST_RUN_ID` is set in test runs alone; the `NODE` that
 * ci-info looks at is there on every dyno.
 */
export const heroku: Provider = {
  name: 'Heroku CI',
  detectVariable: 'HEROKU_TEST_RUN_ID',
  node: {
    positionVariable: 'CI_NODE_INDEX',
    base: 0,
    totalVariable: 'CI_NODE_TOTAL',
    impliesSharding: true,
    uniqueNames: false,
  },
  runIdVariables: [['HEROKU_TEST_RUN_ID']],
  attempt: null,
  jobIdVariable: null,
};
