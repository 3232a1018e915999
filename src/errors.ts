/**
 * The one error type of this package.
 *
 * Recognised by a shared `Symbol.for` brand and not by `instanceof`, because two copies of the package or two realms
 * may meet: Jest runs set-up files in a sandbox of its own.
 */
import { helpCommand } from './shell/help-command';
import { errorColumns, messageLines } from './shell/message-lines';
import { readRunner, withRunner } from './shell/runner';

const brand: unique symbol = Symbol.for('jest-distributed.error');

export interface DistributedErrorInit {
  /** Stable, machine-readable: `NODE_NUMBER_OUT_OF_RANGE`. Each has a section in docs/troubleshooting.md. */
  readonly code: string;
  /** The fact with the value that was found and where it came from, as one sentence. */
  readonly message: string;
  /** What to do about it, as one sentence. Commands in it start with `npx`; people read their own package manager's. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** At the end of the first line: what follows may be a list, or the text of another program. */
export function withCode(fact: string, code: string): string {
  const [first, ...others] = fact.split('\n');
  return [`${first} [${code}]`, ...others].join('\n');
}

export class DistributedError extends Error {
  readonly code: string;
  /** What happened, without the code and the remedy. */
  readonly fact: string;
  readonly remedy: string;
  readonly [brand] = true;

  constructor({ code, message, remedy: given, cause }: DistributedErrorInit) {
    const remedy = withRunner(given, readRunner());
    super(`jest-distributed: ${message}\n  ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = 'DistributedError';
    this.code = code;
    this.fact = message;
    this.remedy = remedy;
    // What people read: Jest prints the stack of whatever a sequencer throws, and so does our bin. These errors speak of
    // settings and inputs, never of our code, so frames would only bury the message.
    const text = `jest-distributed: ${withCode(message, code)}\n  ${remedy}\n  More: ${withRunner(helpCommand([code]), readRunner())}`;
    this.stack = messageLines(text, errorColumns(process.stderr)).join('\n');
  }
}

/** Tells whether a caught value is ours, whichever copy of the package made it. */
export function isDistributedError(value: unknown): value is DistributedError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
