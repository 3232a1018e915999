/** What is checked out: on a host, which has a copy without git, that of the checkout it is a copy of. */
import { branchOf } from '../../files/branch';
import { type HeadCommit, headCommit } from '../../files/git';
import { captureEnvironment, readVariable } from '../channels/environment';

/** What stands in the variable. */
export interface CopiedHead extends HeadCommit {
  readonly branch: string | null;
}

function copiedHead(): CopiedHead | undefined {
  const given = readVariable('HEAD');
  return given === undefined ? undefined : (JSON.parse(given) as CopiedHead);
}

export const commitOf = async (rootDir: string): Promise<HeadCommit | undefined> => copiedHead() ?? headCommit(rootDir);

/** Null where nobody knows it. */
export async function testedBranch(rootDir: string): Promise<string | null> {
  const copied = copiedHead();
  return copied === undefined ? branchOf(rootDir, captureEnvironment().variables) : copied.branch;
}
