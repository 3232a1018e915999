/**
 * Settings and identity of this process: read once, before anything is placed.
 */
import type { Folders } from '../../files/folders';
import { loadOptions } from '../../files/load-options';
import { findRunner } from '../../files/package-manager';
import { identifyNode, type NodeIdentity } from '../../node/identity';
import { refuseFlagsOfOurs } from '../../options/misplaced-flags';
import type { Options } from '../../options/resolve';
import { publishRunner } from '../../shell/runner';
import { channel } from '../channels/channel';
import { captureEnvironment } from '../channels/environment';
import { argumentsOfJest } from '../host/jest-arguments';
import { type Invocation, readInvocation } from '../host/jest-options';
import type { JestGlobalConfig, JestShardOptions } from '../host/jest-types';

const flags = channel<Readonly<Record<string, unknown>>>('flags', () => ({}));

/** Flags given to `jest-distributed run`, so that messages can name the flag and not a variable made from it. */
export const publishFlags = flags.publish;

const readFlags = flags.read;

export interface Session {
  /** Paths in them are absolute. */
  readonly options: Options;
  readonly folders: Folders;
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
  globalConfig: JestGlobalConfig,
  shard: JestShardOptions | undefined,
): Promise<Session> {
  const { variables: environment, nested } = captureEnvironment();
  const invocation = readInvocation(globalConfig);
  const given = readFlags();
  publishRunner(findRunner(process.cwd()));
  const { options, folders } = await loadOptions({ flags: given, environment, rootDir: invocation.root });
  // Where our own bin runs Jest, it has read them.
  const isOurBin = Object.keys(given).length > 0;
  if (!isOurBin && !options.disabled.value) refuseFlagsOfOurs(argumentsOfJest(process.argv) ?? []);
  const identity = identifyNode(options, environment, shard, nested);
  return { options, folders, identity, invocation, environment };
}
