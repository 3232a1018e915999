/** A run while it lasts: what the server tells of it, folded into how it stands. */
import { useEffect, useState } from 'preact/hooks';
import type { FollowEnd } from '../../src/reports/live/event-source';
import { createFileLog, type FileLog } from '../../src/reports/live/file-log';
import { fromView, type LiveMessage } from '../../src/reports/live/live-message';
import { type LiveState, reduceLive } from '../../src/reports/live/state';

export interface LiveRun {
  readonly state: LiveState;
  /** It goes on growing: `version` says whether it has. */
  readonly log: FileLog;
  readonly version: number;
  readonly omitted: number;
  /** When `leftMs` was said, by this clock. */
  readonly toldAtMs: number;
  readonly leftMs: number | null;
  /** To be added to this clock to have that of the server. */
  readonly skewMs: number;
  /** How it came to its end; null while it goes on. */
  readonly end: FollowEnd | null;
}

export interface LiveConnection {
  readonly run: LiveRun | undefined;
  /** Why nothing is heard, while it is asked again; null while all is well. */
  readonly outage: string | null;
}

function foldMessage(before: LiveRun | undefined, message: LiveMessage, nowMs: number): LiveRun | undefined {
  if (message.kind === 'snapshot') {
    const { view, files, omitted, leftMs, nowMs: serverMs } = message;
    return {
      ...{ state: fromView(view), log: createFileLog(files, view.running), version: files.length, omitted, leftMs },
      ...{ toldAtMs: nowMs, skewMs: serverMs - nowMs, end: null },
    };
  }
  if (before === undefined || message.kind === 'outage') return before;
  if (message.kind === 'end') return { ...before, end: message.end };
  for (const event of message.events) before.log.add(event);
  const state = message.events.reduce(reduceLive, before.state);
  return { ...before, state, version: before.log.rows.length, leftMs: message.leftMs, toldAtMs: nowMs };
}

const NO_ANSWER = 'The dashboard does not answer; this page asks again.';

/** A browser asks again by itself, unless it got an answer that is no stream. */
const AGAIN_MS = 3_000;

export function useLiveRun(id: string): LiveConnection {
  const [connection, setConnection] = useState<LiveConnection>({ run: undefined, outage: null });
  useEffect(() => {
    setConnection({ run: undefined, outage: null });
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(`api/runs/${encodeURIComponent(id)}/events`);
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const message = JSON.parse(data) as LiveMessage;
        if (message.kind === 'end') source.close();
        const outage = message.kind === 'outage' ? message.text : null;
        setConnection(({ run }) => ({ run: foldMessage(run, message, Date.now()), outage }));
      };
      source.onerror = () => {
        setConnection(({ run, outage }) => ({ run, outage: outage ?? NO_ANSWER }));
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [id]);
  return connection;
}

/** A clock that ticks while something goes on. */
export function useNow(isTicking: boolean, everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isTicking, everyMs]);
  return now;
}
