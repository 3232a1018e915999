/**
 * How nodes on one machine ask the process that owns their queue: JSON lines over a local socket, one question and one
 * answer a line. All data of the contract is plain JSON, so nothing is translated.
 */
import { DistributedError, isDistributedError } from '../../errors';
import type { Queue } from '../../queue/queue';

/** What may be asked; `close` concerns a client's own connection only. */
export const METHODS = [
  'join',
  'claim',
  'start',
  'heartbeat',
  'settle',
  'sweep',
  'expire',
  'finish',
  'cancel',
  'leave',
  'waiting',
  'failures',
  'accepted',
  'begun',
  'tries',
  'history',
  'askFixture',
  'settleFixture',
  'leaveFixture',
  'removeFixture',
  'estimates',
] as const satisfies readonly (keyof Queue)[];

export type Method = (typeof METHODS)[number];

export interface SocketRequest {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type SocketResponse =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: { readonly code: string; readonly message: string; readonly remedy: string };
    };

export function packError(error: unknown): { code: string; message: string; remedy: string } {
  if (!isDistributedError(error)) {
    return {
      code: 'QUEUE_SERVER_FAILED',
      message: String((error as Error)?.message ?? error),
      remedy: 'Please report it.',
    };
  }
  const { code, fact, remedy } = error;
  return { code, message: fact, remedy };
}

export function unpackError(error: ReturnType<typeof packError>): DistributedError {
  return new DistributedError(error);
}
