/** The commit that is checked out: on a host, which has a copy without git, that of the checkout it is a copy of. */
import { type HeadCommit, headCommit } from '../../files/git';
import { readVariable } from '../channels/environment';

export async function commitOf(rootDir: string): Promise<HeadCommit | undefined> {
  const given = readVariable('HEAD');
  return given === undefined ? headCommit(rootDir) : (JSON.parse(given) as HeadCommit);
}
