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
  /** The server is not heard of, and is asked again. */
  readonly isCut: boolean;
}

function foldMessage(before: LiveRun | undefined, message: LiveMessage, nowMs: number): LiveRun | undefined {
  if (message.kind === 'snapshot') {
    const { view, files, omitted, leftMs, nowMs: serverMs } = message;
    return {
      ...{ state: fromView(view), log: createFileLog(files, view.running), version: files.length, omitted, leftMs },
      ...{ toldAtMs: nowMs, skewMs: serverMs - nowMs, end: null },
    };
  }
  if (before === undefined) return undefined;
  if (message.kind === 'end') return { ...before, end: message.end };
  for (const event of message.events) before.log.add(event);
  const state = message.events.reduce(reduceLive, before.state);
  return { ...before, state, version: before.log.rows.length, leftMs: message.leftMs, toldAtMs: nowMs };
}

export function useLiveRun(id: string): LiveConnection {
  const [connection, setConnection] = useState<LiveConnection>({ run: undefined, isCut: false });
  useEffect(() => {
    setConnection({ run: undefined, isCut: false });
    const source = new EventSource(`api/runs/${encodeURIComponent(id)}/events`);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as LiveMessage;
      if (message.kind === 'end') source.close();
      setConnection(({ run }) => ({ run: foldMessage(run, message, Date.now()), isCut: false }));
    };
    source.onerror = () => setConnection(({ run }) => ({ run, isCut: true }));
    return () => source.close();
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
