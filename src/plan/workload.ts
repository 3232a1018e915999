/**
 * What every strategy starts from: checked input with its hashes and totals.
 */
import { fileName, parseKey } from './item';
import { md5 } from './md5';
import type { StrategyInput } from './strategies/strategy';

export interface Workload {
  readonly keys: readonly string[];
  readonly estimates: Float64Array;
  /** Ketama hash of each key: where it is on the ring. */
  readonly hashes: Uint32Array;
  /** The next four bytes of the digest, for breaking ties independently of the ring. */
  readonly secondHashes: Uint32Array;
  readonly nodes: number;
  readonly workers: number;
  readonly total: number;
  readonly longest: number;
  /** No assignment of whole items can have a smaller makespan: max(⌈total / (nodes × workers)⌉, longest). */
  readonly lowerBound: number;
}

/**
 * Checks and hashes the input of a strategy.
 *
 * @throws RangeError where a number is out of range or a key repeats: both are the caller's mistakes, because settings
 * and file names were checked long before.
 */
export function prepare({ keys, estimates, nodes, workers }: StrategyInput): Workload {
  requireCount('nodes', nodes);
  requireCount('workers', workers);
  if (estimates.length !== keys.length) {
    throw new RangeError(`${keys.length} keys have ${estimates.length} estimates.`);
  }
  const weights = Float64Array.from(estimates);
  let total = 0;
  let longest = 0;
  for (let id = 0; id < weights.length; id++) {
    const estimate = weights[id] as number;
    if (!Number.isSafeInteger(estimate) || estimate < 1) {
      throw new RangeError(`The estimate of ${printable(keys[id] as string)} is ${estimate}, not a positive integer.`);
    }
    total += estimate;
    if (estimate > longest) longest = estimate;
  }
  if (!Number.isSafeInteger(total)) throw new RangeError(`The estimates add up to ${total}, beyond 2^53.`);
  const lowerBound = Math.max(Math.ceil(total / (nodes * workers)), longest);
  return { keys, estimates: weights, ...hashKeys(keys), nodes, workers, total, longest, lowerBound };
}

/** A time and so many thousandths more, in integers. */
export function lift(time: number, thousandths: number): number {
  return time + Math.floor(time / 1000) * thousandths + Math.floor(((time % 1000) * thousandths) / 1000);
}

function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} is ${value}, not a positive integer.`);
}

function hashKeys(keys: readonly string[]): Pick<Workload, 'hashes' | 'secondHashes'> {
  const hashes = new Uint32Array(keys.length);
  const secondHashes = new Uint32Array(keys.length);
  const seen = new Set<string>();
  keys.forEach((key, id) => {
    if (seen.has(key)) throw new RangeError(`The key ${printable(key)} repeats.`);
    seen.add(key);
    const digest = md5(key);
    hashes[id] = digest.readUInt32LE(0);
    secondHashes[id] = digest.readUInt32LE(4);
  });
  return { hashes, secondHashes };
}

function printable(key: string): string {
  const { file, part } = parseKey(key);
  return JSON.stringify(part === null ? fileName(file) : `${fileName(file)} › ${part}`);
}
