import { DistributedError } from '../errors';
import type { Environment } from '../options/environment';
import type { Options } from '../options/resolve';
import { isName, quote } from '../options/value';
import { readVariable } from './ci';
import type { Provider } from './providers/provider';

/** One execution of the suite over all nodes. */
export interface Run {
  /** Equal on all nodes; `local` outside a CI. Safe as one segment of a path. */
  readonly id: string;
  /** 1-based. */
  readonly attempt: number;
  /** Where the id came from, for messages. */
  readonly source: string;
}

/**
 * Which run this is: as set, else as the CI says it, else `local`, attempt 1.
 *
 * @throws DistributedError `CI_VARIABLE_INVALID` or `CI_RUN_ID_INVALID`.
 */
export function identifyRun(options: Options, environment: Environment, provider: Provider | null): Run {
  const { id, source } = options.runId
    ? { id: options.runId.value, source: options.runId.source }
    : readRunId(environment, provider);
  return { id, attempt: options.attempt?.value ?? readAttempt(environment, provider), source };
}

function readRunId(environment: Environment, provider: Provider | null): { id: string; source: string } {
  const variable = provider?.runIdVariable;
  const id = variable ? environment[variable] : undefined;
  if (!provider || !variable || id === undefined) return { id: 'local', source: 'default' };
  if (!isName(id)) {
    throw new DistributedError({
      code: 'CI_RUN_ID_INVALID',
      message: `${variable} of ${provider.name} is ${quote(id)}, which cannot name a run.`,
      remedy: 'Set JEST_DISTRIBUTED_RUN_ID (--run-id), the same on all nodes of the run.',
    });
  }
  return { id, source: variable };
}

function readAttempt(environment: Environment, provider: Provider | null): number {
  if (!provider?.attempt) return 1;
  const { variable, base } = provider.attempt;
  const count = readVariable(provider, environment, variable, base);
  return count === null ? 1 : count - base + 1;
}
