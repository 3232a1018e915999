/**
 * A host from the first attempt to connect it to its end: it is connected, made ready and used. Where the connection is
 * lost meanwhile it begins again, as long as there is something to do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDistributedError } from '../../errors';
import type { HostSettings } from '../../options/hosts';
import { formatDuration } from '../../reports/terminal/format';
import { type AgentWire, type Connection, connectHost, connectionLost, endConnection } from './connect-host';
import { hostErrorText } from './host-errors';
import { type HostUse, SILENCE_SHARE } from './host-use';
import { prepareHost } from './prepare-host';
import type { HostFacts } from './protocol';

/** How it ended with a host. */
export type HostEnd<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'stopped'; readonly signal: NodeJS.Signals }
  /** Others had done everything before it was ready, or back. */
  | { readonly kind: 'late'; readonly hasBegun: boolean }
  /** It cannot be used, or not any more. */
  | { readonly kind: 'failed'; readonly hasBegun: boolean; readonly error: unknown };

export interface ReadyHost {
  readonly wire: AgentWire;
  readonly facts: HostFacts;
  /** To be called when it has begun. */
  readonly onBegin: () => void;
}

export interface KeptHost<Result> {
  readonly end: Promise<HostEnd<Result>>;
  /** Ends what it does. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Everything is done: it is not waited for any longer. */
  readonly release: () => void;
}

const PING_SHARE = 0.2;
const LONGEST_PING_MS = 5_000;

/** Between two looks at whether everything is done. */
const OVER_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** Leases for which a host that is not reached, or lost each time, is connected again. */
const PATIENCE_LEASES = 2;

/** What is worth another attempt: the way to the host, not what it is. */
const PASSING = new Set(['HOST_LOST', 'HOST_UNREACHABLE', 'HOST_FAILED']);

const isPassing = (error: unknown): boolean => isDistributedError(error) && PASSING.has(error.code);

/** Asks now and then, so that both ends notice when the other is gone. */
function keepPinging({ wire, kill }: Connection, leaseMs: number): () => void {
  const everyMs = Math.min(LONGEST_PING_MS, leaseMs * PING_SHARE);
  let answeredAt = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - answeredAt > leaseMs * SILENCE_SHARE) return kill();
    wire.call('ping', {}).then(
      () => {
        answeredAt = Date.now();
      },
      () => undefined,
    );
  }, everyMs);
  return () => clearInterval(timer);
}

/** @param work uses a host that is ready, until nothing is left to do. */
export function keepHost<Result>(
  host: HostSettings,
  use: HostUse,
  work: (ready: ReadyHost) => Promise<Result>,
): KeptHost<Result> {
  let current: Connection | undefined;
  let isWorking = false;
  let hasBegun = false;
  let stoppedBy: NodeJS.Signals | undefined;
  const stopping = new AbortController();

  const once = async (isAgain: boolean): Promise<Result> => {
    const dialledAt = Date.now();
    const connection = await connectHost(host, use.sshConfig, stopping.signal);
    current = connection;
    const { wire, kill } = connection;
    const stopPinging = keepPinging(connection, use.leaseMs);
    // A host that is not ready when others have run everything is not waited for. But an install that has begun comes to
    // its end: else a run that others finish quickly would begin it anew each time.
    let isBusy = false;
    let isNoted = false;
    const lookForEnd = async () => {
      if (isWorking || !(await use.isOver())) return;
      if (!isBusy && !isWorking) return kill();
      if (!isNoted) use.notice(host, 'all tests have run; the install goes on, so that the next run has this host');
      isNoted = true;
    };
    const watch = setInterval(() => void lookForEnd().catch(() => undefined), OVER_MS);
    try {
      return await new Promise<Result>((resolve, reject) => {
        wire.onClose(() => reject(connectionLost(host.target)));
        const begin = async () => {
          wire.listen();
          const facts = await prepareHost(host, use, wire, isAgain, dialledAt, (isInstalling) => {
            isBusy = isInstalling;
          });
          // It was installed for the next run.
          if (await use.isOver()) throw connectionLost(host.target);
          isWorking = true;
          const onBegin = () => {
            hasBegun = true;
          };
          return work({ wire, facts, onBegin });
        };
        begin().then(resolve, reject);
      });
    } finally {
      stopPinging();
      clearInterval(watch);
      current = undefined;
      isWorking = false;
      await endConnection(connection);
    }
  };

  const keepUsing = async (): Promise<HostEnd<Result>> => {
    const patienceMs = PATIENCE_LEASES * use.leaseMs;
    let pauseMs = FIRST_PAUSE_MS;
    /** End of the first attempt of those in a row that came to nothing. */
    let failingSince: number | undefined;
    for (let isAgain = false; ; isAgain = true) {
      const startedAt = Date.now();
      try {
        return { kind: 'done', result: await once(isAgain) };
      } catch (error) {
        if (stoppedBy !== undefined) return { kind: 'stopped', signal: stoppedBy };
        const text = hostErrorText(error);
        if (await use.isOver()) {
          if (!isPassing(error)) use.notice(host, text);
          return { kind: 'late', hasBegun };
        }
        const now = Date.now();
        // What lasted for a while had been reached.
        if (failingSince === undefined || now - startedAt > patienceMs) {
          failingSince = now;
          pauseMs = FIRST_PAUSE_MS;
        }
        if (!isPassing(error) || now - failingSince > patienceMs) {
          use.notice(host, text);
          return { kind: 'failed', hasBegun, error };
        }
        // The last attempt is made as the patience ends.
        const waitMs = Math.min(pauseMs, failingSince + patienceMs - now + 1);
        use.notice(
          host,
          `${(text.split('\n')[0] as string).replace(':  [', ' [').replace(': [', ' [')}; ${use.handover}; connecting again in ${formatDuration(waitMs)}`,
        );
        await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stoppedBy !== undefined) return { kind: 'stopped', signal: stoppedBy };
        if (stopping.signal.aborted) return { kind: 'late', hasBegun };
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
  };

  return {
    end: keepUsing(),
    signal: (signal) => {
      stoppedBy ??= signal;
      stopping.abort();
      if (current === undefined) return;
      // The end of the connection ends what is there.
      if (signal === 'SIGKILL' || !isWorking) current.kill();
      else current.wire.call('stop', { signal }).catch(() => undefined);
    },
    release: () => stopping.abort(),
  };
}
