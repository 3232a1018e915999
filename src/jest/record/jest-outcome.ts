import { channel } from '../channels/channel';

/** How the Jest that ran in this process came to its end, as its caller saw it. */
export type JestOutcome =
  /** Nobody saw it yet: Jest was not started by us, or the process ends before Jest has. */
  | { readonly kind: 'unknown' }
  /** Started by us, and not at its end. */
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  /** It gave up with this error: `globalTeardown` threw, or a reporter did. */
  | { readonly kind: 'threw'; readonly message: string };

const current = channel<JestOutcome>('jest-outcome', () => ({ kind: 'unknown' }));

/** Published by `jest-distributed run`, where it starts Jest. */
export const publishOutcome = current.publish;

export const readOutcome = current.read;
