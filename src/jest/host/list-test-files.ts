/**
 * Asks the project's own Jest which test files a run would have.
 *
 * Jest's `--listTests` prints paths without their projects, and one path may belong to two of them; so this runs
 * `--listTests` with a sequencer that writes down all it is given.
 */
import type { PlanScope } from '../../plan/digest';
import type { TestFile } from '../../plan/item';
import { askJest } from './ask-jest';

export interface TestFileList {
  readonly root: string;
  readonly files: readonly TestFile[];
  /** POSIX, relative to root; same order. */
  readonly rootPaths: readonly string[];
  /** Absolute, as the file system has them; same order. */
  readonly testPaths: readonly string[];
  /** As of `FoundFiles`. */
  readonly ownRunners?: readonly (string | null)[];
  readonly scope: PlanScope;
  /** Arguments leave files or tests out, so this is not the whole suite. */
  readonly isFiltered: boolean;
  /** Where there are no files: why Jest is content with that, a clause; null where it would end with exit code 1. */
  readonly nothing: string | null;
  /** What tests print is to be seen as it comes, whether or not they pass. */
  readonly verbose: boolean;
  /** Number of Jest workers the run would use. */
  readonly maxWorkers: number;
  readonly jestVersion: string;
}

/**
 * @param directory where the project is.
 * @param jestArgs what follows `--`; what narrows the list (paths, `--selectProjects`) narrows it here too.
 * @throws DistributedError `JEST_NOT_FOUND`, `JEST_UNSUPPORTED`, or `COLLECT_FAILED` with what Jest printed.
 */
export async function listTestFiles(directory: string, jestArgs: readonly string[]): Promise<TestFileList> {
  const answer = await askJest({
    ...{ script: require.resolve('./list-process'), variable: 'COLLECT', directory, jestArgs },
    ...{ code: 'COLLECT_FAILED', failure: 'Jest could not list the test files of', flag: '--listTests' },
  });
  return JSON.parse(answer) as TestFileList;
}
