/** The branch that is tested. A CI often checks out a commit, so that git knows none; its variables come first. */
import { builtBranch } from '../node/built-branch';
import type { Environment } from '../options/environment';
import { checkedOutBranch } from './git';

/** Null where neither names one. */
export async function branchOf(folder: string, environment: Environment): Promise<string | null> {
  return builtBranch(environment) ?? (await checkedOutBranch(folder));
}
