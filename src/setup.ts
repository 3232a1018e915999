/**
 * `jest-distributed/setup`, for `setupFilesAfterEnv`: selects this node's tests inside split files from Jest's sandbox.
 *
 * Runs once for every test file, so it asks one environment variable and loads nothing where no file is split.
 */
const selectionFile = process.env.JDIST_INTERNAL_SELECTION;

if (selectionFile && !Reflect.get(globalThis, Symbol.for('jest-distributed.test-runner-selects'))) {
  const { selectInSandbox } =
    require('./jest/split/selection/setup-selection') as typeof import('./jest/split/selection/setup-selection');
  // Not the global: `injectGlobals: false` leaves none.
  const { expect } = require('@jest/globals') as typeof import('@jest/globals');
  selectInSandbox(selectionFile, expect as never);
}
