/** `run --hosts`: the nodes of a run on the hosts that were named, with the queue in this process. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { withSlashes } from '../../blob/portable-names';
import { loadOptions } from '../../files/load-options';
import { variableName } from '../../jest/channels/environment';
import type { HostSettings, HostsSetting } from '../../options/hosts';
import type { Setting } from '../../options/resolve';
import type { Plan } from '../../plan/plan';
import { countOf } from '../../reports/terminal/format';
import type { Arguments } from '../command-line/command';
import { refuseGitArguments, refuseNodes } from '../command-line/refuse-with-hosts';
import type { Fleet, FleetRun } from '../local/fleet';
import { type StartNode, startNode } from '../local/local-node';
import { chosenWorkers } from '../local/local-nodes';
import { runLocally } from '../local/local-run';
import { runHere } from '../local/run-here';
import { type HostRun, startHostNode } from './host-node';
import { isRemote, openHosts } from './open-hosts';

/** Test files of a plan, POSIX, NFC, relative to the top; those outside of it cannot be on a host. */
const testFilesOf = ({ nodes }: Plan, rootFolder: string): string[] => {
  const root = withSlashes(rootFolder);
  const files = nodes.flatMap(({ items }) => items.map(({ file }) => path.posix.join(root, file).normalize('NFC')));
  return [...new Set(files)].filter((name) => !name.startsWith('../'));
};

async function openFleet(setting: HostsSetting, jestArgs: readonly string[]): Promise<Fleet> {
  const { hosts } = setting;
  const chosen = chosenWorkers(jestArgs);
  const { top, checkout, head, use } = await openHosts(setting);
  const hostOf = (node: number) => hosts[node - 1] as HostSettings;
  const workersOf = ({ workers }: HostSettings) => chosen ?? workers ?? availableParallelism();

  const begin = ({ plan, options, rootDir, writesSnapshots, socketPath, isOver, display }: FleetRun): StartNode => {
    const run: HostRun = {
      ...use({
        ...{ isOver, leaseMs: options.leaseSeconds.value * 1_000, handover: 'its files go to other hosts' },
        note: (text) => display.note(text),
      }),
      plan: () => JSON.stringify(plan),
      snapshotFiles: writesSnapshots ? testFilesOf(plan, path.relative(top, rootDir)) : null,
      socketPath: () => socketPath,
      choosesWorkers: chosen === undefined,
    };
    return (given) => {
      const host = hostOf(given.node);
      // Fixtures of the whole run are set up by one of its nodes, by the queue: on this machine no host would reach them.
      const { [variableName('RUN_SETUPS')]: _, ...inherited } = given.variables;
      const variables = { ...inherited, [variableName('HOST')]: host.target };
      const start = { ...given, variables };
      if (!isRemote(host)) {
        const jestArgs = chosen === undefined ? [`--maxWorkers=${workersOf(host)}`, ...start.jestArgs] : start.jestArgs;
        return startNode({ ...start, jestArgs });
      }
      return startHostNode(host, run, {
        ...start,
        variables: { ...variables, ...head, [variableName('KEEP_RESULTS')]: '1' },
      });
    };
  };

  const names = hosts.map((host, index) => `${host.target} (node ${index + 1})`).join(', ');
  return {
    nodes: hosts.length,
    workers: Math.max(1, Math.round(hosts.reduce((sum, host) => sum + workersOf(host), 0) / hosts.length)),
    opening: (files) =>
      `${countOf(hosts.length, 'host')} ${hosts.length === 1 ? 'pulls' : 'pull'} from one queue of ${files}: ${names}`,
    nameOf: (node) => hostOf(node).target,
    ready: hosts.some(isRemote) ? checkout() : Promise.resolve(),
    begin,
  };
}

/**
 * Where the hosts are named by a flag or variable. What a config file says of hosts is about those that are named.
 *
 * @returns the exit code; undefined where the package is switched off, so that Jest runs in this process.
 */
export async function runOnHosts(argv: Arguments, jestArgs: readonly string[]): Promise<number | undefined> {
  const { options } = await loadOptions({ flags: argv, environment: process.env, rootDir: null });
  if (options.disabled.value) return runHere(argv, jestArgs);
  refuseNodes(argv);
  refuseGitArguments(jestArgs);
  const { value } = options.hosts as Setting<HostsSetting>;
  return runLocally(argv, jestArgs, await openFleet(value, jestArgs));
}
