/** One run for all pages that show it: it is followed once, however many they are, and while there is one. */
import type { EventSource, FollowEnd } from '../reports/live/event-source';
import type { LiveEvent } from '../reports/live/events';
import { createFileLog } from '../reports/live/file-log';
import { type LiveMessage, toView } from '../reports/live/live-message';
import { type LiveState, reduceLive, startRun } from '../reports/live/state';
import { timeLeft } from '../reports/live/time-left';

/** Files that a page gets at first: some megabytes. */
const MOST_FILES = 20_000;

/** Events come in bursts. */
const FLUSH_MS = 200;

/** A page that is loaded again comes back within this. */
const LINGER_MS = 10_000;

type Send = (message: LiveMessage) => void;

export interface LiveRoom {
  /** @returns takes the page out. */
  join(send: Send): () => void;
  close(): void;
}

/** @param onClose nobody follows any more: the next page needs a room of its own. */
export function openLiveRoom(source: EventSource, onClose: () => void, now: () => number = Date.now): LiveRoom {
  const stop = new AbortController();
  const pages = new Set<Send>();
  const files = createFileLog();
  let state: LiveState | undefined;
  let pending: LiveEvent[] = [];
  let hasBegun = false;
  let ended: FollowEnd | undefined;
  let flushing: NodeJS.Timeout | undefined;
  let lingering: NodeJS.Timeout | undefined;

  const leftMs = () => (state === undefined || state.endedAt !== null ? null : timeLeft(state, now()));

  const snapshot = (): LiveMessage | undefined =>
    state && {
      kind: 'snapshot',
      view: toView(state),
      files: files.rows.slice(-MOST_FILES),
      omitted: Math.max(0, files.rows.length - MOST_FILES),
      leftMs: leftMs(),
      nowMs: now(),
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
    for (const event of events) {
      state = event.kind === 'run-started' ? startRun(event) : state && reduceLive(state, event);
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

  const end = (how: FollowEnd) => {
    flush();
    ended = how;
    sendAll({ kind: 'end', end: how });
    if (pages.size === 0) close();
  };
  // Where it cannot be asked any more, its pages ask for a new room and are told why.
  source.follow(tell, stop.signal).then(end, () => end('gone'));

  return {
    join(send) {
      clearTimeout(lingering);
      // What is pending is in the snapshot; those who were here get it as events first.
      if (flushing !== undefined) flush();
      const first = snapshot();
      if (first !== undefined) send(first);
      if (ended !== undefined) send({ kind: 'end', end: ended });
      pages.add(send);
      return () => {
        pages.delete(send);
        if (pages.size > 0) return;
        clearTimeout(lingering);
        lingering = setTimeout(close, LINGER_MS);
        lingering.unref();
      };
    },
    close,
  };
}
