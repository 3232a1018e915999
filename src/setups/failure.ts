/** Failures of hooks and fixtures, as they travel from the process that ran them to whoever reports them. */
import { DistributedError, isDistributedError } from '../errors';
import { outputBlock } from './output';
import type { Failure } from './protocol';

export function failureOf(error: unknown): Failure {
  if (isDistributedError(error)) return { code: error.code, message: error.fact, remedy: error.remedy };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'SETUPS_FAILED',
    message: `The process that runs hooks and fixtures failed.${outputBlock(text)}`,
    remedy: 'Please report it, with this text.',
  };
}

export const errorOf = (failure: Failure): DistributedError => new DistributedError(failure);

/** What nobody caught, when its set-up or teardown was over already. @param what hook or fixture, where that is known. */
export function lateFailure(what: string | undefined, error: unknown): Failure {
  return {
    code: 'SETUPS_UNCAUGHT',
    message: `${what ?? 'A hook or fixture'} left an error that nobody caught: ${thrownText(error)}`,
    remedy:
      "Look at the line that it names: an 'error' event without a listener, or a promise without await and catch, in what goes on after the set-up.",
  };
}

/** The text of what was thrown, with its frames as far as they are the user's. */
export function thrownText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? `${error.name}: ${error.message}`).split('\n');
  const own = /[\\/]jest-distributed[\\/]dist[\\/]|\(node:internal|at node:internal|at async node:internal/;
  return lines.filter((line) => !own.test(line)).join('\n');
}
