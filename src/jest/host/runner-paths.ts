/** Which runner a project has, and where ours is. */
import { portableName, withSlashes } from '../../blob/portable-names';
import type { JestTest } from './jest-types';

/** Absolute path of `jest-distributed/runner`. */
export const RUNNER = require.resolve('../../runner');

// `resolveRunner` of Jest leaves the stock one at this path, whatever package manager laid it there.
const STOCK_RUNNER = /[\\/]jest-runner[\\/]build[\\/]index\.m?js$/;

export const isStockRunner = (runner: string): boolean => STOCK_RUNNER.test(runner);

/** Whether a project's files run in workers of `jest-runner`, also where ours is before it. */
export const isJestsRunner = (runner: string): boolean => runner === RUNNER || isStockRunner(runner);

/** As people know it: the package it is in, else its path below the root. */
function runnerName(runner: string, root: string): string {
  const posix = withSlashes(runner);
  const installed = posix.lastIndexOf('/node_modules/');
  if (installed >= 0) return posix.slice(installed + '/node_modules/'.length);
  return portableName(root, runner);
}

/**
 * Names of the runners that projects have of their own, one a test, null for Jest's. Nobody knows whether such a runner
 * calls the test runner that selects.
 *
 * @returns undefined where all have Jest's.
 */
export function ownRunnersOf(tests: readonly JestTest[], root: string): readonly (string | null)[] | undefined {
  const names = new Map<string, string | null>();
  const runners = tests.map(({ context: { config } }) => {
    let name = names.get(config.runner);
    if (name === undefined) {
      const isJests = isJestsRunner(config.runner);
      name = isJests ? null : runnerName(config.runner, root);
      names.set(config.runner, name);
    }
    return name;
  });
  return runners.some((name) => name !== null) ? runners : undefined;
}
