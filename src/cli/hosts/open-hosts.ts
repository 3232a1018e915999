/** The hosts that a command was given, and what goes to each of them: the checkout, its commit, variables. */
import { fstatSync, type Stats } from 'node:fs';
import path from 'node:path';
import { nameBelow } from '../../blob/portable-names';
import { branchOf } from '../../files/branch';
import { headCommit } from '../../files/git';
import { makeFolder, OWN_FOLDER } from '../../files/own-folder';
import { buildDigest, packageVersion } from '../../files/package-version';
import { variableName } from '../../jest/channels/environment';
import type { CopiedHead } from '../../jest/planning/commit';
import { type HostSettings, type HostsSetting, LOCAL_HOST } from '../../options/hosts';
import { printable } from '../../reports/terminal/text-width';
import { copyNameOf, findTop, ownerOf } from './copy-identity';
import type { Checkout } from './copy-tree';
import type { HostUse } from './host-use';
import { type InstallPlan, planInstall } from './install-plan';
import { listCheckout } from './list-checkout';
import { readTree } from './tree';

/** Variables of this machine that tests commonly read, and that hosts get too. */
const SHARED_VARIABLES = ['CI', 'NODE_ENV', 'NODE_OPTIONS', 'TZ'] as const;

const sharedVariables = (): Record<string, string> =>
  Object.fromEntries(
    SHARED_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      // A module or folder that is named there may not be on the hosts.
      const isElsewhere = name === 'NODE_OPTIONS' && value?.includes('/');
      return value === undefined || isElsewhere ? [] : [[name, value]];
    }),
  );

/** Where this command prints to, `run --hosts … > log.txt`: such a file of the checkout grows while it is copied. */
function isOwnOutput(): (stats: Stats) => boolean {
  const outputs = [1, 2].flatMap((descriptor) => {
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() ? [stats] : [];
    } catch {
      // Closed.
      return [];
    }
  });
  return ({ ino, dev }) => outputs.some((output) => output.ino === ino && output.dev === dev);
}

async function readCheckout(top: string, copied: readonly string[]): Promise<Checkout> {
  const folder = path.join(top, OWN_FOLDER);
  makeFolder(folder);
  const paths = await listCheckout(top, copied);
  return { top, tree: readTree(top, paths, path.join(folder, 'tree.json'), isOwnOutput()) };
}

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= make();
    return value;
  };
};

/** What is checked out here; a copy has no git. */
async function commitVariables(top: string): Promise<Record<string, string>> {
  const head = await headCommit(top);
  if (head === undefined) return {};
  const copied: CopiedHead = { ...head, branch: await branchOf(top, process.env) };
  return { [variableName('HEAD')]: JSON.stringify(copied) };
}

export const isRemote = ({ target }: HostSettings): boolean => target !== LOCAL_HOST;

interface OwnUse extends Pick<HostUse, 'leaseMs' | 'isOver' | 'handover'> {
  /** A line for people. */
  readonly note: (text: string) => void;
}

export interface OpenedHosts {
  /** Of this checkout, absolute. */
  readonly top: string;
  /** What is copied. Rejects where no host could be used. */
  readonly checkout: () => Promise<Checkout>;
  /** Variables of ours that say what is checked out here. */
  readonly head: Readonly<Record<string, string>>;
  readonly use: (own: OwnUse) => HostUse;
}

/**
 * What is wrong for every host is thrown here, before any of them is asked.
 *
 * @throws DistributedError `HOSTS_NEED_GIT`, `HOST_LOCK_FILE_MISSING`.
 */
export async function openHosts({ hosts, copy, sshConfig }: HostsSetting): Promise<OpenedHosts> {
  const top = findTop();
  const owner = ownerOf(top);
  const cwd = process.cwd();
  const checkout = once(() => readCheckout(top, copy));
  const remote = hosts.filter(isRemote);
  const plans = new Map(remote.map(({ target, install }) => [target, planInstall(top, cwd, install)]));
  // Read while others begin; a failure is reported where it is awaited.
  if (remote.length > 0) checkout().catch(() => undefined);
  return {
    ...{ top, checkout, head: await commitVariables(top) },
    use: ({ note, ...own }) => ({
      ...{ sshConfig, owner, checkout, top, projectFolder: nameBelow(top, cwd), ...own },
      notice: ({ target }, text) => note(`${target}: ${text.split('\n').map(printable).join('\n')}`),
      copyName: ({ target }) => copyNameOf(owner, target),
      planInstall: ({ target }) => plans.get(target) as InstallPlan,
      ...{ env: sharedVariables(), version: packageVersion(), build: buildDigest() },
    }),
  };
}
