import { DistributedError } from '../errors';
import type { Options, Setting } from '../options/resolve';
import type { NodePosition } from './ci-position';

export type ExplicitNodes = Setting<number | 'auto'>;

/** This node as people set it. */
export interface ExplicitNumber extends Setting<number> {
  /** 1-based, however it was given. */
  readonly value: number;
  /** How it was given: the number counts from 1, the index from 0. */
  readonly as: 'number' | 'index';
}

/** Jest's `--shard`, as `globalConfig.shard` holds it. */
export interface Shard {
  /** 1-based. */
  readonly shardIndex: number;
  readonly shardCount: number;
}

/**
 * Reads the node options and refuses what contradicts itself.
 *
 * @throws DistributedError `NODE_NUMBER_AND_INDEX`, `NODE_NUMBER_WITH_AUTO` or `NODE_NUMBER_OUT_OF_RANGE`.
 */
export function readExplicit({ nodes, nodeNumber, nodeIndex }: Options): {
  nodes: ExplicitNodes | null;
  number: ExplicitNumber | null;
} {
  if (nodeNumber && nodeIndex) {
    throw new DistributedError({
      code: 'NODE_NUMBER_AND_INDEX',
      message: `Node number ${nodeNumber.value} (from ${nodeNumber.source}) and node index ${nodeIndex.value} (from ${nodeIndex.source}) are both given.`,
      remedy: 'Give only one of them: the number counts from 1, the index from 0.',
    });
  }
  const number = readNumber(nodeNumber, nodeIndex);
  if (nodes && number && nodes.value === 'auto') {
    throw new DistributedError({
      code: 'NODE_NUMBER_WITH_AUTO',
      message: `${describeNumber(number)} is given, but the number of nodes is auto (from ${nodes.source}), which takes both from the CI's variables.`,
      remedy: `Set the number of nodes itself, or remove ${number.source}.`,
    });
  }
  if (nodes && number && number.value > Number(nodes.value)) {
    const first = number.as === 'number' ? 1 : 0;
    const last = Number(nodes.value) - 1 + first;
    const fact =
      nodes.value === 1
        ? `is 1 node, so it must be ${last}`
        : `are ${nodes.value} nodes, so it must be ${first} to ${last}`;
    throw new DistributedError({
      code: 'NODE_NUMBER_OUT_OF_RANGE',
      message: `Node ${number.as} ${asGiven(number)} is out of range: there ${fact} (from ${number.source}).`,
      remedy: `Correct it, or the number of nodes, which is from ${nodes.source}.`,
    });
  }
  return { nodes: nodes ?? null, number };
}

function readNumber(nodeNumber: Options['nodeNumber'], nodeIndex: Options['nodeIndex']): ExplicitNumber | null {
  if (nodeNumber) return { ...nodeNumber, as: 'number' };
  return nodeIndex ? { value: nodeIndex.value + 1, source: nodeIndex.source, as: 'index' } : null;
}

/**
 * The place that `--shard` gives, which must be the one that is set where both are there.
 *
 * @throws DistributedError `SHARD_CONFLICT`.
 */
export function readShard(
  { shardIndex, shardCount }: Shard,
  nodes: ExplicitNodes | null,
  number: ExplicitNumber | null,
): NodePosition {
  const shard = `--shard=${shardIndex}/${shardCount}`;
  const conflict = (fact: string, source: string) =>
    new DistributedError({
      code: 'SHARD_CONFLICT',
      message: `${shard} makes this node ${shardIndex} of ${shardCount}, but ${fact}.`,
      remedy: `Use one of the two: leave out --shard, or remove ${source}.`,
    });
  if (nodes && nodes.value !== shardCount) {
    throw conflict(`the number of nodes is ${nodes.value} (from ${nodes.source})`, nodes.source);
  }
  if (number && number.value !== shardIndex) {
    throw conflict(`the node ${number.as} is ${asGiven(number)} (from ${number.source})`, number.source);
  }
  return { number: shardIndex, nodes: shardCount, source: shard };
}

/** `Node number 2 (from JEST_DISTRIBUTED_NODE_NUMBER)`. */
export function describeNumber(number: ExplicitNumber): string {
  return `Node ${number.as} ${asGiven(number)} (from ${number.source})`;
}

function asGiven({ as, value }: ExplicitNumber): number {
  return as === 'number' ? value : value - 1;
}
