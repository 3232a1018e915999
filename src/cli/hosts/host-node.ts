/** A node on a host: started there when the host is ready, and heard of until its end. */
import { isDistributedError } from '../../errors';
import type { HostSettings } from '../../options/hosts';
import { countOf } from '../../reports/terminal/format';
import type { NodeExit, NodeStart, RunningNode } from '../local/local-node';
import type { AgentWire } from './connect-host';
import { fetchSnapshots } from './fetch-snapshots';
import { hostErrorText } from './host-errors';
import type { HostUse } from './host-use';
import { type HostEnd, keepHost, type ReadyHost } from './keep-host';
import type { NodeEnded } from './protocol';
import { receiveFiles } from './receive-files';
import { relayQueue } from './relay-queue';

/** What all hosts of a run have in common. */
export interface HostRun extends HostUse {
  /** Text of the plan. */
  readonly plan: () => string;
  /** Test files, relative to the top, whose inline snapshots Jest may write; null where it writes no snapshots at all. */
  readonly snapshotFiles: readonly string[] | null;
  /** Path of the queue's socket here. */
  readonly socketPath: () => string;
  /** Whether the hosts choose the number of workers, as no argument of Jest does. */
  readonly choosesWorkers: boolean;
}

/** The node's end as its agent says it; undefined where the connection ended before. */
function runNode(
  host: HostSettings,
  run: HostRun,
  start: NodeStart,
  { wire, facts, onBegin }: ReadyHost,
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
      .then(onBegin, reject);
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

/** As the verdict of the run needs it. */
function exitOf(end: HostEnd<NodeExit>): NodeExit {
  switch (end.kind) {
    case 'done':
      return end.result;
    case 'stopped':
      return { exitCode: null, signal: end.signal };
    case 'late': {
      const lost = end.hasBegun
        ? 'was lost and not back before the end'
        : 'was not ready when the others had run everything';
      return { exitCode: null, signal: null, lost };
    }
    case 'failed':
      // A fault of ours is none of the host.
      if (!isDistributedError(end.error)) return { exitCode: 1, signal: null };
      return {
        ...{ exitCode: null, signal: null },
        lost: `${end.hasBegun ? 'was lost' : 'ran no tests'}: ${end.error.code}`,
      };
  }
}

export function startHostNode(host: HostSettings, run: HostRun, start: NodeStart): RunningNode {
  const { end, signal } = keepHost<NodeExit>(host, run, async (ready) => {
    const ended = await runNode(host, run, start, ready);
    // How the node ended is known by now, and counts whatever becomes of its snapshots.
    await bringSnapshots(host, run, ready.wire).catch((error: unknown) => run.notice(host, hostErrorText(error)));
    return ended;
  });
  return { exit: end.then(exitOf), signal };
}
