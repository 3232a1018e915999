/**
 * Says on a Test which part of its file it stands for, where a worker can read it.
 *
 * Jest hands a worker a path and a project config, nothing else. The config arrives as JSON (child processes) or as a
 * structured clone (worker threads), and all that it says is a part of the transform cache's key, of which Jest makes a
 * string with SORTED keys. So the number of the part is written into the ORDER of the config's keys: both ways of moving
 * a config keep it, the cache's key does not hold it, and the user's cache stays warm.
 *
 * A config with a part has its keys from Z to A, neighbours swapped where a bit of the number is 1. A config of Jest's
 * own is never in that order.
 */
import { channelSymbol } from '../../channels/channel';
import type { JestProjectConfig, JestTest } from '../../host/jest-types';

/** Read in Jest's main process only, where it is on the very object. */
const NAME = channelSymbol('part');

type Config = Record<PropertyKey, unknown>;

/** A key without a value does not arrive in a worker. */
const carriedKeys = (config: Config): string[] => Object.keys(config).filter((key) => config[key] !== undefined);

const fromZtoA = (keys: readonly string[]): string[] => [...keys].sort().reverse();

/**
 * A Test of its own for one part of a file.
 *
 * @param part its name.
 * @param number 1-based position among the parts of its file, as in the selection file.
 */
export function tagPart<Test extends JestTest>(test: Test, part: string, number: number): Test {
  const config = test.context.config as unknown as Config;
  const keys = fromZtoA(carriedKeys(config));
  for (let bit = 0; 2 ** bit <= number; bit++) {
    const isSet = Math.floor(number / 2 ** bit) % 2 === 1;
    const [first, second] = [keys[2 * bit], keys[2 * bit + 1]];
    if (second === undefined) throw new RangeError(`a config of ${keys.length} keys cannot hold the part ${number}`);
    if (isSet) [keys[2 * bit], keys[2 * bit + 1]] = [second, first as string];
  }
  const tagged: Config = Object.fromEntries(keys.map((key) => [key, config[key]]));
  tagged[NAME] = part;
  return { ...test, context: { ...test.context, config: tagged as unknown as JestProjectConfig } };
}

/** The name of the part that a Test with this very config stands for, or null: the whole file. */
export function readPart(config: Pick<JestProjectConfig, 'id'>): string | null {
  return ((config as Config)[NAME] as string | undefined) ?? null;
}

/** The number of the part, in any process; null: the whole file. */
export function readPartNumber(config: Pick<JestProjectConfig, 'id'>): number | null {
  const keys = carriedKeys(config as Config);
  const plain = fromZtoA(keys);
  let number = 0;
  for (let at = 0; at < keys.length; at += 2) {
    const isPlain = keys[at] === plain[at] && keys[at + 1] === plain[at + 1];
    const isSwapped = keys[at] === plain[at + 1] && keys[at + 1] === plain[at];
    if (!isPlain && !isSwapped) return null;
    if (isSwapped) number += 2 ** (at / 2);
  }
  return number === 0 ? null : number;
}
