/** Arguments that cannot mean with `--hosts` what they mean without. */
import { DistributedError } from '../../errors';
import type { Arguments } from './command';

/** What finds the tests to run in git: there is none on a host. */
const ASKS_GIT = /^(?:-o|--only-?changed|--changed-?since|--last-?commit|--changed-?files-?with-?ancestor)(?:=|$)/i;

/** @throws DistributedError `HOSTS_ONLY_CHANGED`. */
export function refuseGitArguments(jestArgs: readonly string[]): void {
  const found = jestArgs.find((arg) => ASKS_GIT.test(arg));
  if (found === undefined) return;
  throw new DistributedError({
    code: 'HOSTS_ONLY_CHANGED',
    message: `${found} does not work with --hosts: the copies on the hosts have no git, so Jest finds no changes there.`,
    remedy: 'Name the tests by paths or patterns instead, or leave it out.',
  });
}

/** @throws DistributedError `HOSTS_AND_NODES`. */
export function refuseNodes(argv: Arguments): void {
  if (argv.nodes === undefined) return;
  throw new DistributedError({
    code: 'HOSTS_AND_NODES',
    message: `--nodes is ${JSON.stringify(argv.nodes)}, but with --hosts every host is one node.`,
    remedy: 'Leave out --nodes. For more workers on a host name their number: ada:8',
  });
}
