/** One run for all pages that show it: it is followed once, however many they are, and while there is one. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventSource, FollowEnd } from '../reports/live/event-source';
import type { LiveEvent } from '../reports/live/events';
import { createFileLog } from '../reports/live/file-log';
import { type LiveMessage, toView } from '../reports/live/live-message';
import { foldLive, type LiveState } from '../reports/live/state';
import { timeLeft } from '../reports/live/time-left';

/** Files that a page gets at first: some megabytes. */
const MOST_FILES = 20_000;

/** Events come in bursts. */
const FLUSH_MS = 200;

/** A page that is loaded again comes back within this; one that asked what the run is wants its events within this. */
const LINGER_MS = 10_000;

/** Before a source that failed is asked again. */
const AGAIN_MS = 2_000;

type Send = (message: LiveMessage) => void;

export interface LiveRoom {
  /** @returns takes the page out. */
  join(send: Send): () => void;
  close(): void;
}

export interface RoomOptions {
  /** Nobody follows any more: the next page needs a room of its own. */
  readonly onClose: () => void;
  /** What pages are told of an error of the source. */
  readonly textOf: (error: unknown) => string;
  readonly lingerMs?: number;
  readonly againMs?: number;
}

export function openLiveRoom(
  source: EventSource,
  { onClose, textOf, lingerMs = LINGER_MS, againMs = AGAIN_MS }: RoomOptions,
): LiveRoom {
  const stop = new AbortController();
  const pages = new Set<Send>();
  const files = createFileLog();
  let state: LiveState | undefined;
  let pending: LiveEvent[] = [];
  let hasBegun = false;
  let ended: FollowEnd | undefined;
  let outage: string | undefined;
  let flushing: NodeJS.Timeout | undefined;
  let lingering: NodeJS.Timeout | undefined;

  const leftMs = () => (state === undefined || state.endedAt !== null ? null : timeLeft(state, Date.now()));

  const snapshot = (): LiveMessage | undefined =>
    state && {
      kind: 'snapshot',
      view: toView(state),
      files: files.rows.slice(-MOST_FILES),
      omitted: Math.max(0, files.rows.length - MOST_FILES),
      leftMs: leftMs(),
      nowMs: Date.now(),
    };

  const sendAll = (message: LiveMessage | undefined) => {
    if (message !== undefined) for (const send of pages) send(message);
  };

  const flush = () => {
    clearTimeout(flushing);
    flushing = undefined;
    if (hasBegun) sendAll(snapshot());
    else if (pending.length > 0) sendAll({ kind: 'events', events: pending, leftMs: leftMs() });
    hasBegun = false;
    pending = [];
  };

  const tell = (events: readonly LiveEvent[]) => {
    outage = undefined;
    for (const event of events) {
      state = foldLive(state, event);
      files.add(event);
      if (event.kind === 'run-started') hasBegun = true;
    }
    pending.push(...(hasBegun ? [] : events));
    flushing ??= setTimeout(flush, FLUSH_MS);
  };

  const close = () => {
    clearTimeout(lingering);
    clearTimeout(flushing);
    stop.abort();
    onClose();
  };

  const linger = () => {
    clearTimeout(lingering);
    lingering = setTimeout(close, lingerMs);
    lingering.unref();
  };

  /** What a source tells when it is followed anew begins with the run, and so replaces what is known. */
  const follow = async (): Promise<FollowEnd> => {
    for (;;) {
      try {
        return await source.follow(tell, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return 'stopped';
        const text = textOf(error);
        if (text !== outage) sendAll({ kind: 'outage', text });
        outage = text;
        await sleep(againMs, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
  };

  linger();
  void follow().then((how) => {
    flush();
    ended = how;
    sendAll({ kind: 'end', end: how });
  });

  return {
    join(send) {
      clearTimeout(lingering);
      // What is pending is in the snapshot; those who were here get it as events first.
      if (flushing !== undefined) flush();
      const first = snapshot();
      if (first !== undefined) send(first);
      if (outage !== undefined) send({ kind: 'outage', text: outage });
      if (ended !== undefined) send({ kind: 'end', end: ended });
      pages.add(send);
      return () => {
        pages.delete(send);
        if (pages.size === 0) linger();
      };
    },
    close,
  };
}
