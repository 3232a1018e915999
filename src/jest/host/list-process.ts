/** The process that `listTestFiles` starts. */
import { runJest } from './run-jest';

const SEQUENCER = require.resolve('./listing-sequencer');

runJest(process.cwd(), process.argv.slice(2), (config) => ({
  ...config,
  testSequencer: SEQUENCER,
  listTests: true,
  // Jest 30 would write the list into the file that is meant for the results.
  json: false,
  outputFile: undefined,
  // Changes between two runs of `plan` must not depend on what failed last on this machine.
  onlyFailures: false,
  shard: undefined,
})).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
