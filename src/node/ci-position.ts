import { DistributedError } from '../errors';
import type { Environment } from '../options/environment';
import { readInteger } from '../options/number';
import { quote } from '../options/value';
import type { Provider } from './providers/provider';

/** A node's place as one source says it: both numbers, never one from here and the other from there. */
export interface NodePosition {
  /** 1-based. */
  readonly number: number;
  readonly nodes: number;
  /** For messages: `CIRCLE_NODE_INDEX and CIRCLE_NODE_TOTAL of CircleCI`. */
  readonly source: string;
}

/**
 * The place that the provider's variables give, or null where they are not set. A total of 1 needs no position: GitLab
 * sets that on ordinary jobs.
 *
 * @throws DistributedError `CI_VARIABLE_INVALID`, `CI_POSITION_WITHOUT_TOTAL` or `CI_TOTAL_WITHOUT_POSITION`.
 */
export function readPlace(provider: Provider, environment: Environment): NodePosition | null {
  if (provider.node === null) return null;
  const { positionVariable, totalVariable, base } = provider.node;
  const total = readVariable(provider, environment, totalVariable, 1);
  const position = readVariable(
    provider,
    environment,
    positionVariable,
    base,
    total === null ? undefined : total - 1 + base,
  );
  if (total === null) {
    if (position === null) return null;
    throw new DistributedError({
      code: 'CI_POSITION_WITHOUT_TOTAL',
      message: `${positionVariable} of ${provider.name} is ${position}, but ${totalVariable} is not set.`,
      remedy: `Pass ${totalVariable} on to where Jest runs, or set ${explicitVariables} instead.`,
    });
  }
  if (position === null && total > 1) {
    throw new DistributedError({
      code: 'CI_TOTAL_WITHOUT_POSITION',
      message: `${totalVariable} of ${provider.name} is ${total}, but ${positionVariable} is not set.`,
      remedy: `Pass ${positionVariable} on to where Jest runs, or set ${explicitVariables} instead.`,
    });
  }
  return {
    number: position === null ? 1 : position - base + 1,
    nodes: total,
    source: `${positionVariable} and ${totalVariable} of ${provider.name}`,
  };
}

export const explicitVariables = 'JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER';

/** A whole number from a variable of the CI, or null where it is not set. */
export function readVariable(
  provider: Provider,
  environment: Environment,
  variable: string,
  min: number,
  max?: number,
): number | null {
  const given = environment[variable];
  if (given === undefined) return null;
  const value = readInteger(given, min, max);
  if (value !== undefined) return value;
  const expected = max === undefined ? `a whole number of ${min} or more` : `a whole number from ${min} to ${max}`;
  throw new DistributedError({
    code: 'CI_VARIABLE_INVALID',
    message:
      given === ''
        ? `${variable} of ${provider.name} is set but empty.`
        : `${variable} of ${provider.name} is ${quote(given)}, but it must be ${expected}.`,
    remedy: `${provider.name} sets it to ${expected} itself: find out what changed it, or set ${explicitVariables} and JEST_DISTRIBUTED_RUN_ID, which take precedence.`,
  });
}
