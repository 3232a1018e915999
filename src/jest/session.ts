/**
 * Settings and identity of this process: read once, before anything is placed.
 */
import { loadConfigFile } from '../files/config-file';
import { identifyNode, type NodeIdentity } from '../node/identity';
import { type Options, resolveDisabled, resolveOptions } from '../options/resolve';
import { captureEnvironment } from './environment';
import { type Invocation, readInvocation } from './invocation';
import { readFlags } from './run-state';
import type { JestGlobalConfig, JestShardOptions } from './shapes';

export interface Session {
  readonly options: Options;
  readonly identity: NodeIdentity;
  readonly invocation: Invocation;
  /** The environment this process was started with, our own variables included. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * @param shard Jest's `--shard`, which means node i of n.
 * @throws DistributedError on any wrong setting, unless `disabled` is set.
 */
export async function openSession(
  globalConfig: JestGlobalConfig | undefined,
  shard: JestShardOptions | undefined,
): Promise<Session> {
  const { variables: environment, nested } = captureEnvironment();
  const invocation = readInvocation(globalConfig);
  const flags = readFlags();
  // A broken config file must not stand in the way of the switch that turns everything off.
  const configFile = resolveDisabled({ flags, environment }).value ? null : await loadConfigFile(invocation.root);
  const options = resolveOptions({ flags, environment, configFile });
  const identity = identifyNode(options, environment, shard, nested);
  return { options, identity, invocation, environment };
}
