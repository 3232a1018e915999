import { DistributedError } from '../errors';
import { findNearest } from './did-you-mean';
import { hideSecrets } from './hide-secrets';
import { type OptionName, optionNames, optionRow } from './table';
import { quote } from './value';

/** What a config file held, as the edge that reads files hands it over. */
export interface ConfigFile {
  /** As messages should name it: relative to the working directory, `jest-distributed.config.json`. */
  readonly path: string;
  /** Absolute path of its folder, which paths in it are relative to. */
  readonly folder?: string;
  readonly values: unknown;
}

/**
 * Refuses a config file that is no object, has keys that are no options, or says who a node is: all nodes share the
 * file, so an identity in it would make them all the same node.
 *
 * @throws DistributedError `CONFIG_NOT_AN_OBJECT`, `CONFIG_IDENTITY`, `CONFIG_SECRET` or `CONFIG_UNKNOWN_OPTION`.
 */
export function checkConfigFile({ path, values }: ConfigFile): void {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new DistributedError({
      code: 'CONFIG_NOT_AN_OBJECT',
      message: `The settings in ${path} are ${hideSecrets(quote(values))}, but they must be an object.`,
      remedy: 'Write them as {"nodes": "auto"}. All options: npx jest-distributed help run',
    });
  }
  const settable = optionNames.filter((name) => optionRow(name).scope === 'project');
  for (const key of Object.keys(values)) {
    if ((settable as string[]).includes(key)) continue;
    if ((optionNames as string[]).includes(key)) {
      const { variable, flag, scope } = optionRow(key as OptionName);
      if (scope === 'secret') throw secretInFile(key, path, variable);
      throw new DistributedError({
        code: 'CONFIG_IDENTITY',
        message: `${key} in ${path} is ${quote((values as Record<string, unknown>)[key])}, but all nodes and runs share a config file, so it cannot identify one of them.`,
        remedy: `Remove it there and set ${variable} or --${flag} on the node.`,
      });
    }
    const nearest = findNearest(key, settable);
    throw new DistributedError({
      code: 'CONFIG_UNKNOWN_OPTION',
      message: `${key} in ${path} is not an option.`,
      remedy: `${nearest === null ? 'Remove it' : `Did you mean ${nearest}? If not, remove it`}. All options: npx jest-distributed help run`,
    });
  }
}

/** The value is not shown: that is the point. */
function secretInFile(key: string, path: string, variable: string): DistributedError {
  return new DistributedError({
    code: 'CONFIG_SECRET',
    message: `${key} is in ${path}, but it may hold a password, and config files are committed.`,
    remedy: `Remove it there, and change the password if the file was shared; set ${variable} from your CI's secrets.`,
  });
}
