import { DistributedError } from '../errors';
import type { Environment } from '../options/environment';
import type { Options } from '../options/resolve';
import { explicitVariables, type NodePosition, readPlace } from './ci-position';
import {
  describeNumber,
  type ExplicitNodes,
  type ExplicitNumber,
  readExplicit,
  readShard,
  type Shard,
} from './configured-position';
import { providers } from './detect-provider';
import type { Provider } from './providers/provider';

export interface Located {
  readonly place: NodePosition;
  /** Whether the provider's variables were used. */
  readonly isFromCi: boolean;
  /** What to print before the tests, a sentence or lines as they are to be read, or null. */
  readonly notice: string | readonly string[] | null;
}

/**
 * Finds this node's place: as set or as `--shard` says, by the CI's variables where `auto` asks for them or they can
 * only mean parallel copies of one job, else node 1 of 1. Number and total always come from the same source.
 *
 * @throws DistributedError where that source contradicts another, is incomplete or out of range.
 */
export function locate(
  options: Options,
  environment: Environment,
  shard: Shard | null,
  provider: Provider | null,
): Located {
  const { nodes, number } = readExplicit(options);
  if (shard && nodes?.value !== 'auto') return explicitly(readShard(shard, nodes, number));
  if (nodes?.value === 'auto') return locateByCi(nodes.source, environment, shard, provider);
  if (nodes) return explicitly(locateExplicitly(nodes, number, provider));
  if (number) {
    throw new DistributedError({
      code: 'NODE_NUMBER_WITHOUT_NODES',
      message: `${describeNumber(number)} is given, but not the number of nodes.`,
      remedy: 'Set JEST_DISTRIBUTED_NODES (--nodes) beside it.',
    });
  }
  return locateUnasked(environment, provider);
}

function explicitly(place: NodePosition): Located {
  return { place, isFromCi: false, notice: null };
}

function locateExplicitly(
  nodes: ExplicitNodes,
  number: ExplicitNumber | null,
  provider: Provider | null,
): NodePosition {
  const total = Number(nodes.value);
  if (number) return { number: number.value, nodes: total, source: `${number.source} and ${nodes.source}` };
  if (total === 1) return { number: 1, nodes: 1, source: nodes.source };
  const last = total - 1;
  const index = `JEST_DISTRIBUTED_NODE_NUMBER (1 to ${total}) or JEST_DISTRIBUTED_NODE_INDEX (0 to ${last}) on each node`;
  throw new DistributedError({
    code: 'NODES_WITHOUT_NODE_NUMBER',
    message: `There are ${total} nodes (from ${nodes.source}), but the node number is not set.`,
    remedy:
      provider === null || provider.node === null
        ? `Set ${index}${byHandClause(provider)}.`
        : `Set ${index}.\n  Or set JEST_DISTRIBUTED_NODES (--nodes) to auto, which takes both from ${variablesOf(provider.node)} of ${provider.name}.`,
  });
}

function locateByCi(source: string, environment: Environment, shard: Shard | null, provider: Provider | null): Located {
  const place = provider && readPlace(provider, environment);
  if (shard) {
    // `--shard` says both numbers itself, so a config file with `nodes: auto` need not keep it from working outside a CI.
    const sharded = readShard(shard, null, null);
    if (place && (place.number !== sharded.number || place.nodes !== sharded.nodes)) {
      throw new DistributedError({
        code: 'SHARD_CONFLICT',
        message: `${sharded.source} makes this node ${sharded.number} of ${sharded.nodes}, but it is node ${place.number} of ${place.nodes} by ${place.source} (nodes is auto, from ${source}).`,
        remedy: `Use one of the two: leave out --shard, or remove ${source}.`,
      });
    }
    return { place: sharded, isFromCi: place !== null, notice: null };
  }
  if (place) return { place, isFromCi: true, notice: null };
  throw new DistributedError({
    code: 'AUTO_WITHOUT_CI',
    message: `The number of nodes is auto (from ${source}), but ${describeLack(provider)}.`,
    remedy: `Set ${explicitVariables} on each node${byHandClause(provider)}.`,
  });
}

function describeLack(provider: Provider | null): string {
  if (provider === null) {
    const names = providers.filter(({ node }) => node !== null).map(({ name }) => name);
    return `no CI was found that gives it (known: ${names.join(', ')})`;
  }
  if (provider.node === null) return `${provider.name} has no variables for it`;
  return `${variablesOf(provider.node)} of ${provider.name} are not set; they are set on parallel jobs only`;
}

function locateUnasked(environment: Environment, provider: Provider | null): Located {
  const single: Located = { place: { number: 1, nodes: 1, source: 'default' }, isFromCi: false, notice: null };
  const place = provider && readPlace(provider, environment);
  if (provider?.byHand) return { ...single, notice: everythingRunsHere(provider.name, provider.byHand) };
  if (!provider?.node || !place) return single;
  if (provider.node.impliesSharding) return { place, isFromCi: true, notice: null };
  if (place.nodes === 1) return single;
  return {
    ...single,
    notice: `${provider.name} numbers this job ${place.number} of ${place.nodes}, but it also numbers variants of a job, so all files run here. To split them over these jobs, set --nodes auto or JEST_DISTRIBUTED_NODES=auto.`,
  };
}

function byHandClause(provider: Provider | null): string {
  if (!provider?.byHand) return '';
  const { where, nodes, nodeIndex } = provider.byHand;
  return `.\n  ${where.charAt(0).toUpperCase()}${where.slice(1)}: ${nodes} and ${nodeIndex}`;
}

/** A provider without variables for it may have any number of such jobs: no job can see whether it is the only one. */
function everythingRunsHere(provider: string, byHand: NonNullable<Provider['byHand']>): string[] {
  return [
    `all files run here, as node 1 of 1: ${provider} does not give a job the number of jobs. If this job is one of a matrix, add to the step that runs Jest:`,
    ...setupLines(byHand),
    'If one node is correct, set JEST_DISTRIBUTED_NODES: 1 to hide this message.',
  ];
}

/** Lines of the CI's file that give each job its number. */
function setupLines({ nodes, nodeIndex }: NonNullable<Provider['byHand']>): string[] {
  return ['  env:', `    ${nodes}`, `    ${nodeIndex}`];
}

function variablesOf({ positionVariable, totalVariable }: NonNullable<Provider['node']>): string {
  return `${positionVariable} and ${totalVariable}`;
}
