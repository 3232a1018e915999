/** The arguments of the Jest that runs, where the command line of this process is Jest's. */
import path from 'node:path';

/**
 * @param argv `process.argv`.
 * @returns null where the process is another program's, whose flags may mean anything: our own bin, or a tool that
 *   starts Jest from its code. A wrapper that hands its arguments on is known by `--testSequencer` among them.
 */
export function argumentsOfJest(argv: readonly string[]): readonly string[] | null {
  const args = argv.slice(2);
  const isJest = /^jest(\.js)?$/.test(path.basename(argv[1] ?? ''));
  return isJest || args.some((arg) => /^--test-?sequencer(=|$)/i.test(arg)) ? args : null;
}
