/** Settings and identity of this process: read once, before anything is placed. */
import type { Folders } from '../../files/folders';
import { loadOptions } from '../../files/load-options';
import { findRunner } from '../../files/package-manager';
import { identifyNode, type NodeIdentity } from '../../node/identity';
import { ownVariables } from '../../options/environment';
import { refuseFlagsOfOurs } from '../../options/misplaced-flags';
import type { Options } from '../../options/resolve';
import { publishRunner } from '../../shell/runner';
import { channel } from '../channels/channel';
import { type CapturedEnvironment, captureEnvironment } from '../channels/environment';
import { argumentsOfJest } from '../host/jest-arguments';
import { type JestOptions, readJestOptions } from '../host/jest-options';
import type { JestGlobalConfig, JestShardOptions } from '../host/jest-types';

const flags = channel<Readonly<Record<string, unknown>>>('flags', () => ({}));

/** Flags given to `jest-distributed run`, so that messages can name the flag and not a variable made from it. */
export const publishFlags = flags.publish;

const readFlags = flags.read;

interface Settings {
  /** Paths in them are absolute. */
  readonly options: Options;
  readonly folders: Folders;
  readonly identity: NodeIdentity;
  /** The environment this process was started with, our own variables included. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Session extends Settings {
  readonly invocation: JestOptions;
}

/** `scope` is what they were resolved for: a program may start Jest several times, for other roots or as other nodes. */
const resolved = channel<{ readonly scope: string; readonly settings: Promise<Settings> } | undefined>(
  'session',
  () => undefined,
);

/**
 * Settings of this process, resolved once, with what this Jest was asked to do.
 *
 * @param shard Jest's `--shard`, which means node i of n.
 * @throws DistributedError on any wrong setting, unless `disabled` is set.
 */
export async function openSession(
  globalConfig: JestGlobalConfig,
  shard: JestShardOptions | undefined,
): Promise<Session> {
  const invocation = readJestOptions(globalConfig);
  const captured = captureEnvironment();
  const own = ownVariables(captured.variables).map((name) => [name, captured.variables[name]]);
  const scope = JSON.stringify([invocation.root, shard ?? null, own]);
  const known = resolved.read();
  const settings = known?.scope === scope ? known.settings : resolveSettings(invocation.root, shard, captured);
  resolved.publish({ scope, settings });
  return { ...(await settings), invocation };
}

async function resolveSettings(
  rootDir: string,
  shard: JestShardOptions | undefined,
  { variables: environment, nested }: CapturedEnvironment,
): Promise<Settings> {
  const given = readFlags();
  publishRunner(findRunner(process.cwd()));
  const { options, folders } = await loadOptions({ flags: given, environment, rootDir });
  // Where our own bin runs Jest, it has read them.
  const isOurBin = Object.keys(given).length > 0;
  if (!isOurBin && !options.disabled.value) refuseFlagsOfOurs(argumentsOfJest(process.argv) ?? []);
  return { options, folders, identity: identifyNode(options, environment, shard, nested), environment };
}
