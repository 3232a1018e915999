/**
 * `jest-distributed/setup`, for `setupFilesAfterEnv`: selects this node's tests inside split files from Jest's sandbox.
 *
 * Runs once for every test file, so it asks one environment variable and loads nothing where no file is split.
 */
const selectionFile = process.env.JDIST_INTERNAL_SELECTION;
const sandbox = globalThis as { TextEncoder?: unknown };

if (selectionFile && !Reflect.get(sandbox, Symbol.for('jest-distributed.test-runner-selects'))) {
  // The ring hashes with a TextEncoder, and jsdom's sandbox has none: lent while the ring is loaded, and taken back.
  const isLent = sandbox.TextEncoder === undefined;
  if (isLent) sandbox.TextEncoder = require('node:util').TextEncoder;
  const { selectInSandbox } =
    require('./jest/selection/setup-selection') as typeof import('./jest/selection/setup-selection');
  if (isLent) delete sandbox.TextEncoder;
  // Not the global: `injectGlobals: false` leaves none.
  const { expect } = require('@jest/globals') as typeof import('@jest/globals');
  selectInSandbox(selectionFile, expect as never);
}
