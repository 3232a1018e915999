/**
 * The one error type of this package.
 *
 * Recognised by a shared `Symbol.for` brand and not by `instanceof`, because two copies of the package or two realms
 * may meet: Jest runs set-up files in a sandbox of its own.
 */
const brand: unique symbol = Symbol.for('jest-distributed.error');

export interface DistributedErrorInit {
  /** Stable, machine-readable: `NODE_NUMBER_OUT_OF_RANGE`. */
  readonly code: string;
  /** The fact with the value that was found and where it came from, as one sentence. */
  readonly message: string;
  /** What to do about it, as one sentence. */
  readonly remedy: string;
  readonly cause?: unknown;
}

export class DistributedError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly [brand] = true;

  constructor({ code, message, remedy, cause }: DistributedErrorInit) {
    super(`jest-distributed: ${message}\n  ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = 'DistributedError';
    this.code = code;
    this.remedy = remedy;
    // Jest prints `error.stack` of whatever a sequencer throws. These errors speak of settings and inputs, never of our
    // code, so frames would only bury the message.
    this.stack = this.message;
  }
}

/** Tells whether a caught value is ours, whichever copy of the package made it. */
export function isDistributedError(value: unknown): value is DistributedError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
