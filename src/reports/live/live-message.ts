/** What a page hears of a run: first how it stands, then what happens. */
import type { FollowEnd } from './event-source';
import type { LiveEvent } from './events';
import type { FileRow } from './file-log';
import type { LiveState } from './state';

/** Estimates stay where they are: the time that is left comes with each message. */
export type LiveView = Omit<LiveState, 'estimates'>;

export type LiveMessage =
  | {
      readonly kind: 'snapshot';
      readonly view: LiveView;
      /** The newest ones. */
      readonly files: readonly FileRow[];
      /** How many older ones are not among them. */
      readonly omitted: number;
      readonly leftMs: number | null;
      /** By the clock of the sender. */
      readonly nowMs: number;
    }
  | { readonly kind: 'events'; readonly events: readonly LiveEvent[]; readonly leftMs: number | null }
  /** What keeps the sender from hearing more, as a sentence. It goes on asking, and then says how the run stands. */
  | { readonly kind: 'outage'; readonly text: string }
  | { readonly kind: 'end'; readonly end: FollowEnd };

export function toView({ estimates: _, ...view }: LiveState): LiveView {
  return view;
}

export const fromView = (view: LiveView): LiveState => ({ ...view, estimates: { byItem: new Map(), totals: [] } });
