import { isDistributedError } from '../errors';
import type { Environment } from '../options/environment';
import type { Options } from '../options/resolve';
import type { Shard } from './configured-position';
import { detectProvider } from './detect-provider';
import { locate } from './resolve-position';
import { identifyRun, type Run } from './run';

/** Who this node is, and in which run. */
export interface NodeIdentity {
  /** 1-based. */
  readonly number: number;
  readonly nodes: number;
  /** Where that is from, for messages: `JEST_DISTRIBUTED_NODE_NUMBER and JEST_DISTRIBUTED_NODES`, `--shard=2/4`, `default`. */
  readonly source: string;
  readonly run: Run;
  /** The CI's id of this job, where it has one. */
  readonly jobId: string | null;
  /** The CI's name of this job, where a re-run keeps the name and gets another id. */
  readonly jobName: string | null;
  /** The CI provider, as people call it; null outside a CI that we know. */
  readonly provider: string | null;
  /** What to print before the tests, a sentence or lines as they are to be read, or null. */
  readonly notice: string | readonly string[] | null;
  /** A file to touch as a sign that the share was understood (Bazel), or null. */
  readonly statusFile: string | null;
}

/**
 * Finds out who this node is. What is set explicitly, or by `--shard`, comes first; CI variables are used where they are
 * asked for with `nodes: auto`, or by themselves where they can only mean parallel copies of one job.
 *
 * Where the package is disabled this never throws: an identity that cannot be read becomes node 1 of 1.
 *
 * @param shard `globalConfig.shard` of Jest.
 * @param nested true in a Jest that a test of ours started: it inherits the CI's variables, but its files are not what
 *   they divide.
 * @throws DistributedError where settings or CI variables contradict each other, are incomplete or out of range.
 */
export function identifyNode(
  options: Options,
  environment: Environment,
  shard?: Shard | null,
  nested = false,
): NodeIdentity {
  const provider = nested && options.nodes?.value !== 'auto' ? null : detectProvider(environment);
  try {
    const { place, isFromCi, notice } = locate(options, environment, shard ?? null, provider);
    const statusFile = provider?.statusFileVariable && isFromCi ? environment[provider.statusFileVariable] : null;
    return {
      number: place.number,
      nodes: place.nodes,
      source: place.source,
      run: identifyRun(options, environment, provider, nested),
      jobId: (provider?.jobIdVariable && environment[provider.jobIdVariable]) || null,
      jobName: (provider?.jobNameVariable && environment[provider.jobNameVariable]) || null,
      provider: provider?.name ?? null,
      notice,
      statusFile: statusFile || null,
    };
  } catch (error) {
    if (!options.disabled.value || !isDistributedError(error)) throw error;
    return {
      number: 1,
      nodes: 1,
      source: options.disabled.source,
      run: {
        id: options.runId?.value ?? 'local',
        attempt: options.attempt?.value ?? 1,
        source: options.disabled.source,
        rerun: 'person',
        unknownIn: null,
      },
      jobId: null,
      jobName: null,
      provider: provider?.name ?? null,
      notice: null,
      statusFile: null,
    };
  }
}
