/** The hosts that a campaign is to run on. */
import { loadOptions } from '../../files/load-options';
import { pickFlags } from '../../options/flags';
import type { HostsSetting } from '../../options/hosts';
import type { Setting } from '../../options/resolve';
import type { Arguments } from '../command-line/command';
import { namesHosts } from '../command-line/named-hosts';
import { refuseGitArguments, refuseNodes } from '../command-line/refuse-with-hosts';

interface CampaignHosts {
  readonly setting: HostsSetting;
  readonly leaseMs: number;
}

/**
 * @returns null where none is named.
 * @throws DistributedError `HOSTS_AND_NODES`, `HOSTS_ONLY_CHANGED`, and where an option is wrong.
 */
export async function readGrindHosts(argv: Arguments, jestArgs: readonly string[]): Promise<CampaignHosts | null> {
  if (!namesHosts(argv)) return null;
  refuseNodes(argv);
  refuseGitArguments(jestArgs);
  const flags = pickFlags(argv, ['hosts', 'leaseSeconds']);
  const { options } = await loadOptions({ flags, environment: process.env, rootDir: null });
  const { value } = options.hosts as Setting<HostsSetting>;
  return { setting: value, leaseMs: options.leaseSeconds.value * 1_000 };
}
