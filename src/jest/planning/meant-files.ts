/** What a person may have meant by paths or patterns that no test file fits. */
import { isDistributedError } from '../../errors';
import { projectWords, settingWords } from '../../shell/jest-flags';
import { listTestFiles } from '../host/list-test-files';
import { didYouMean } from './near-files';

/** Arguments that leave no file out. */
export const unfiltered = (jestArgs: readonly string[]): string[] => [
  ...settingWords(jestArgs),
  ...projectWords(jestArgs),
];

/**
 * Asks Jest, in a process of its own, for all the files that it finds without them.
 *
 * @param given the paths or patterns, of the Jest arguments.
 * @returns `Did you mean a or b?`; null where nothing is near, or Jest cannot say.
 */
export async function meantFiles(given: readonly string[], jestArgs: readonly string[]): Promise<string | null> {
  if (given.length === 0) return null;
  try {
    const { rootPaths } = await listTestFiles(process.cwd(), unfiltered(jestArgs));
    return didYouMean(given, rootPaths);
  } catch (error) {
    if (isDistributedError(error)) return null;
    throw error;
  }
}
