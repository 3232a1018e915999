/**
 * What `jest --shard` does (`TestSequencer.shard` of Jest 29.7 and 30.5): files sorted by the SHA-1 of their path, cut
 * into stretches of equal count. Only for comparison.
 */

import { createHash } from 'node:crypto';
import { parseKey } from './item';
import type { Assignment, StrategyInput } from './strategies/strategy';

/** Assigns files as `jest --shard` would; estimates do not matter. Parts of a file count as files of their own. */
export function jestShard({ keys, nodes }: StrategyInput): Pick<Assignment, 'nodeOf'> {
  const shas = keys.map((key) => createHash('sha1').update(pathOf(key)).digest('hex'));
  const order = keys
    .map((_, id) => id)
    .sort((one, other) => compare(shas[one], shas[other]) || compare(keys[one], keys[other]));
  const nodeOf = new Uint32Array(keys.length);
  const share = Math.floor(keys.length / nodes);
  const larger = keys.length % nodes;
  let at = 0;
  for (let node = 0; node < nodes; node++) {
    const end = at + share + (node < larger ? 1 : 0);
    for (; at < end; at++) nodeOf[order[at] as number] = node;
  }
  return { nodeOf };
}

/** Jest hashes the path alone: two projects' files of one path tie, and then lie as Jest found them. */
const pathOf = (key: string): string => parseKey(key).file.path;

function compare(one: string | undefined, other: string | undefined): number {
  if (one === other || one === undefined || other === undefined) return 0;
  return one < other ? -1 : 1;
}
