/** Which runner a project has, and where ours is. */

/** Absolute path of `jest-distributed/runner`. */
export const RUNNER = require.resolve('../runner');

// `resolveRunner` of Jest leaves the stock one at this path, whatever package manager laid it there.
const STOCK_RUNNER = /[\\/]jest-runner[\\/]build[\\/]index\.m?js$/;

export const isStockRunner = (runner: string): boolean => STOCK_RUNNER.test(runner);
