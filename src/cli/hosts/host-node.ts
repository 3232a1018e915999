/**
 * A node on a host: connects, brings the checkout there, installs, starts the node, and hears of it until its end. Where
 * the connection is lost meanwhile it begins again, as long as there is something to run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DistributedError, isDistributedError, withCode } from '../../errors';
import type { HostSettings } from '../../options/hosts';
import { countOf, formatBytes, formatDuration } from '../../reports/terminal/format';
import type { NodeExit, NodeStart, RunningNode } from '../local/local-node';
import { type AgentWire, type Connection, connectHost, connectionLost, endConnection } from './connect-host';
import { type Checkout, copyTree } from './copy-tree';
import { fetchSnapshots } from './fetch-snapshots';
import { callError, clockWarning } from './host-errors';
import type { InstallPlan } from './install-plan';
import type { CopyOwner, HostFacts, NodeEnded } from './protocol';
import { receiveFiles } from './receive-files';
import { relayQueue } from './relay-queue';

/** What all hosts of a run have in common. */
export interface HostRun {
  readonly sshConfig: string | null;
  /** Of the checkout on every host. */
  readonly copyName: string;
  readonly owner: CopyOwner;
  /** Read once: hosts that come later must hold the same. */
  readonly checkout: () => Promise<Checkout>;
  readonly planInstall: (host: HostSettings) => InstallPlan;
  /** Of the checkout, absolute. */
  readonly top: string;
  /** Folder of the project relative to the top, POSIX. */
  readonly projectFolder: string;
  /** Text of the plan. */
  readonly plan: () => string;
  /** Test files, relative to the top, whose inline snapshots Jest may write; null where it writes no snapshots at all. */
  readonly snapshotFiles: readonly string[] | null;
  /** Path of the queue's socket here. */
  readonly socketPath: () => string;
  /** Whether the hosts choose the number of workers, as no argument of Jest does. */
  readonly choosesWorkers: boolean;
  /** Variables for hooks and tests on the hosts, unless the host has its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly build: string;
  readonly leaseMs: number;
  /** Whether every item has its result, so that nothing is left for a host that comes back. */
  readonly isOver: () => Promise<boolean>;
  /** A line for people. */
  readonly notice: (host: HostSettings, text: string) => void;
}

/** Of the lease: the agent ends its node when it heard nothing for so long, before the queue gives its items to others. */
const SILENCE_SHARE = 0.7;
const PING_SHARE = 0.2;
const LONGEST_PING_MS = 5_000;

/** The copy of a run that was ended just now. */
const BUSY_MS = 8_000;

/** Between two looks at whether everything has run. */
const OVER_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** Leases for which a host that is not reached, or lost each time, is connected again. */
const PATIENCE_LEASES = 2;

/** What is worth another attempt: the way to the host, not what it is. */
const PASSING = new Set(['HOST_LOST', 'HOST_UNREACHABLE', 'HOST_FAILED']);

/** Fact with its code, and remedy. */
const textOf = (error: unknown): string =>
  isDistributedError(error)
    ? `${withCode(error.fact, error.code)}\n${error.remedy}`
    : String((error as Error)?.stack ?? error);

const isPassing = (error: unknown): boolean => isDistributedError(error) && PASSING.has(error.code);

/** Without npm's word of its newer versions. */
const shownOutput = (output: string): string =>
  output
    .trim()
    .split('\n')
    .filter((line) => !/^npm notice\b/.test(line))
    .slice(-12)
    .join('\n  ');

function installFailed(
  host: HostSettings,
  { command, outside }: InstallPlan,
  exitCode: number | null,
  output: string,
): Error {
  return new DistributedError({
    code: 'HOST_INSTALL_FAILED',
    message: `"${command}" failed on ${host.target}${exitCode === null ? '' : ` with exit code ${exitCode}`}:\n  ${shownOutput(output)}`,
    remedy:
      outside.length === 0
        ? 'Correct what it says, or name another "install" for this host in the config file.'
        : `What lies outside of the repository is not copied, and package.json takes from there: ${outside.join(', ')}. Put it into the repository, or install it from a registry.`,
  });
}

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

/** @throws DistributedError where the host cannot run the tests; `HOST_LOST` where the connection ended. */
async function prepare(
  host: HostSettings,
  run: HostRun,
  wire: AgentWire,
  isAgain: boolean,
  /** `Date.now()` when it was dialled. */
  startedAt: number,
  onInstall: (isInstalling: boolean) => void,
): Promise<HostFacts> {
  const waiting = setTimeout(() => run.notice(host, 'the copy there is still in use; waiting for it'), 1_000);
  const facts = await wire
    .call('open', {
      ...{ directory: host.directory, name: run.copyName, owner: run.owner, path: host.path },
      env: { ...run.env, ...host.env },
      leaseMs: run.leaseMs * SILENCE_SHARE,
      isAgain,
      waitMs: isAgain ? run.leaseMs + BUSY_MS : BUSY_MS,
    })
    .catch((error: unknown) => {
      throw callError(host.target, host.directory ?? '~/.jest-distributed/hosts', error);
    })
    .finally(() => clearTimeout(waiting));
  const clock = clockWarning(host.target, facts.nowMs - Date.now());
  if (clock !== null) run.notice(host, textOf(clock));
  try {
    const checkout = await run.checkout();
    const plan = run.planInstall(host);
    const copied = await copyTree(wire, checkout, host, run.sshConfig, facts);
    const installStart = Date.now();
    const installing = setTimeout(() => run.notice(host, `installing: ${plan.command}`), 1_000);
    onInstall(true);
    const { ran, exitCode, output } = await wire
      .call('install', { folder: plan.folder, command: plan.command, stamp: plan.stamp })
      .finally(() => {
        clearTimeout(installing);
        onInstall(false);
      });
    if (exitCode !== 0) throw installFailed(host, plan, exitCode, output);
    const sent =
      copied.files === 0 ? 'nothing to copy' : `${countOf(copied.files, 'file')} copied (${formatBytes(copied.bytes)})`;
    const installed = ran ? `, installed in ${formatDuration(Date.now() - installStart)}` : '';
    run.notice(host, `ready in ${formatDuration(Date.now() - startedAt)}: ${sent}${installed}`);
  } catch (error) {
    throw callError(host.target, facts.folder, error);
  }
  return facts;
}

/** The node's end as its agent says it; undefined where the connection ended before. */
function runNode(
  host: HostSettings,
  run: HostRun,
  start: NodeStart,
  facts: HostFacts,
  wire: AgentWire,
  onStart: () => void,
): Promise<NodeEnded> {
  return new Promise((resolve, reject) => {
    relayQueue(wire, run.socketPath());
    receiveFiles(wire, { reportDir: start.reportDir, log: start.log });
    wire.on('progress', ({ event }) => start.onProgress(event));
    wire.on('ended', resolve);
    const workers = host.workers ?? facts.cores;
    const jestArgs = run.choosesWorkers ? [`--maxWorkers=${workers}`, ...start.jestArgs] : start.jestArgs;
    wire
      .call('start', {
        ...{ folder: run.projectFolder, node: start.node, nodes: start.nodes, plan: run.plan() },
        ...{
          version: run.version,
          build: run.build,
          target: host.target,
          top: run.top,
          flags: start.flags,
          jestArgs,
          variables: start.variables,
        },
      })
      .then(onStart, reject);
  });
}

async function bringSnapshots(host: HostSettings, run: HostRun, wire: AgentWire): Promise<void> {
  if (run.snapshotFiles === null) return;
  const { written, removed, kept } = await fetchSnapshots(wire, await run.checkout(), run.snapshotFiles);
  const changes = [
    ...(written.length > 0
      ? [`${countOf(written.length, 'file')} with snapshots written here: ${listSome(written)}`]
      : []),
    ...(removed.length > 0 ? [`${countOf(removed.length, 'snapshot file')} removed here: ${listSome(removed)}`] : []),
    ...(kept.length > 0
      ? [`snapshots of ${listSome(kept)} were not taken over: the file here was changed during the run`]
      : []),
  ];
  for (const change of changes) run.notice(host, change);
}

const MOST_NAMED = 5;

const listSome = (names: readonly string[]): string =>
  [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? [`${names.length - MOST_NAMED} more`] : [])].join(
    ', ',
  );

export function startHostNode(host: HostSettings, run: HostRun, start: NodeStart): RunningNode {
  let current: Connection | undefined;
  let isStarted = false;
  let hasRun = false;
  let stoppedBy: NodeJS.Signals | undefined;
  const stopping = new AbortController();

  const once = async (isAgain: boolean): Promise<NodeExit> => {
    const dialledAt = Date.now();
    const connection = await connectHost(host, run.sshConfig, stopping.signal);
    current = connection;
    const { wire, kill } = connection;
    const stopPinging = keepPinging(connection, run.leaseMs);
    // A host that is not ready when others have run everything is not waited for. But an install that has begun comes to
    // its end: else a run that others finish quickly would begin it anew each time.
    let isBusy = false;
    let isNoted = false;
    const lookForEnd = async () => {
      if (isStarted || !(await run.isOver())) return;
      if (!isBusy && !isStarted) return kill();
      if (!isNoted) run.notice(host, 'all tests have run; the install goes on, so that the next run has this host');
      isNoted = true;
    };
    const watch = setInterval(() => void lookForEnd().catch(() => undefined), OVER_MS);
    try {
      return await new Promise<NodeExit>((resolve, reject) => {
        wire.onClose(() => reject(connectionLost(host.target)));
        const work = async () => {
          wire.listen();
          const facts = await prepare(host, run, wire, isAgain, dialledAt, (isInstalling) => {
            isBusy = isInstalling;
          });
          // It was installed for the next run.
          if (await run.isOver()) throw connectionLost(host.target);
          isStarted = true;
          const ended = await runNode(host, run, start, facts, wire, () => {
            hasRun = true;
          });
          // How the node ended is known by now, and counts whatever becomes of its snapshots.
          await bringSnapshots(host, run, wire).catch((error: unknown) => run.notice(host, textOf(error)));
          return ended;
        };
        work().then(resolve, reject);
      });
    } finally {
      stopPinging();
      clearInterval(watch);
      current = undefined;
      isStarted = false;
      await endConnection(connection);
    }
  };

  const keepRunning = async (): Promise<NodeExit> => {
    const patienceMs = PATIENCE_LEASES * run.leaseMs;
    let pauseMs = FIRST_PAUSE_MS;
    /** End of the first attempt of those in a row that came to nothing. */
    let failingSince: number | undefined;
    for (let isAgain = false; ; isAgain = true) {
      const startedAt = Date.now();
      try {
        return await once(isAgain);
      } catch (error) {
        if (stoppedBy !== undefined) return { exitCode: null, signal: stoppedBy };
        const text = textOf(error);
        if (await run.isOver()) {
          if (!isPassing(error)) run.notice(host, text);
          const lost = hasRun
            ? 'was lost and not back before the end'
            : 'was not ready when the others had run everything';
          return { exitCode: null, signal: null, lost };
        }
        const now = Date.now();
        // What lasted for a while had been reached.
        if (failingSince === undefined || now - startedAt > patienceMs) {
          failingSince = now;
          pauseMs = FIRST_PAUSE_MS;
        }
        if (!isPassing(error) || now - failingSince > patienceMs) {
          run.notice(host, text);
          // A fault of ours is none of the host.
          if (!isDistributedError(error)) return { exitCode: 1, signal: null };
          return { exitCode: null, signal: null, lost: `${hasRun ? 'was lost' : 'ran no tests'}: ${error.code}` };
        }
        // The last attempt is made as the patience ends.
        const waitMs = Math.min(pauseMs, failingSince + patienceMs - now + 1);
        run.notice(
          host,
          `${(text.split('\n')[0] as string).replace(':  [', ' [').replace(': [', ' [')}; its files go to other hosts; connecting again in ${formatDuration(waitMs)}`,
        );
        await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stoppedBy !== undefined) return { exitCode: null, signal: stoppedBy };
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
  };

  return {
    exit: keepRunning(),
    signal: (signal) => {
      stoppedBy ??= signal;
      stopping.abort();
      if (current === undefined) return;
      // The end of the connection ends what is there.
      if (signal === 'SIGKILL' || !isStarted) current.kill();
      else current.wire.call('stop', { signal }).catch(() => undefined);
    },
  };
}
