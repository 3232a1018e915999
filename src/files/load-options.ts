/** Flags, variables and settings files → options, for nodes and commands alike. */
import type { Environment } from '../options/environment';
import { type Options, resolveDisabled, resolveOptions } from '../options/resolve';
import { loadConfigFile } from './config-file';
import { type Folders, findFolders } from './folders';

export interface GivenSettings {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  /** Jest's root, absolute; null where the command asks no Jest. */
  readonly rootDir: string | null;
  /** Absolute; default: that of the process. */
  readonly workingDir?: string;
}

/**
 * @returns options whose paths are absolute, and the folders that they were found by.
 * @throws DistributedError on any wrong setting, unless `disabled` is set.
 */
export async function loadOptions({ flags, environment, rootDir, workingDir }: GivenSettings): Promise<{
  readonly options: Options;
  readonly folders: Folders;
}> {
  const folders = findFolders(rootDir, workingDir);
  // A broken config file must not stand in the way of the switch that turns everything off.
  const isOff = resolveDisabled({ flags, environment }).value;
  const configFile = isOff ? null : await loadConfigFile(folders);
  return { options: resolveOptions({ flags, environment, configFile, folders }), folders };
}
