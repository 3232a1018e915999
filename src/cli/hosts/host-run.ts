/** `run --hosts`: the nodes of a run on the hosts that were named, with the queue in this process. */
import { fstatSync, type Stats } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { nameBelow, withSlashes } from '../../blob/portable-names';
import { DistributedError } from '../../errors';
import { branchOf } from '../../files/branch';
import { headCommit } from '../../files/git';
import { loadOptions } from '../../files/load-options';
import { makeFolder, OWN_FOLDER } from '../../files/own-folder';
import { buildDigest, packageVersion } from '../../files/package-version';
import { variableName } from '../../jest/channels/environment';
import type { CopiedHead } from '../../jest/planning/commit';
import { type HostSettings, type HostsSetting, LOCAL_HOST } from '../../options/hosts';
import type { Setting } from '../../options/resolve';
import type { Plan } from '../../plan/plan';
import { countOf } from '../../reports/terminal/format';
import { printable } from '../../reports/terminal/text-width';
import type { Arguments } from '../command-line/command';
import type { Fleet, FleetRun } from '../local/fleet';
import { type StartNode, startNode } from '../local/local-node';
import { chosenWorkers } from '../local/local-nodes';
import { runLocally } from '../local/local-run';
import { runHere } from '../local/run-here';
import { copyNameOf, findTop, ownerOf } from './copy-identity';
import type { Checkout } from './copy-tree';
import { type HostRun, startHostNode } from './host-node';
import { type InstallPlan, planInstall } from './install-plan';
import { listCheckout } from './list-checkout';
import { readTree } from './tree';

/** Variables of this machine that tests commonly read, and that hosts get too. */
const SHARED_VARIABLES = ['CI', 'NODE_ENV', 'NODE_OPTIONS', 'TZ'] as const;

const sharedVariables = (): Record<string, string> =>
  Object.fromEntries(
    SHARED_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      // A module or folder that is named there may not be on the hosts.
      const isElsewhere = name === 'NODE_OPTIONS' && value?.includes('/');
      return value === undefined || isElsewhere ? [] : [[name, value]];
    }),
  );

/** Where this command prints to, `run --hosts … > log.txt`: such a file of the checkout grows while it is copied. */
function isOwnOutput(): (stats: Stats) => boolean {
  const outputs = [1, 2].flatMap((descriptor) => {
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() ? [stats] : [];
    } catch {
      // Closed.
      return [];
    }
  });
  return ({ ino, dev }) => outputs.some((output) => output.ino === ino && output.dev === dev);
}

async function readCheckout(top: string, copied: readonly string[]): Promise<Checkout> {
  const folder = path.join(top, OWN_FOLDER);
  makeFolder(folder);
  const paths = await listCheckout(top, copied);
  return { top, tree: readTree(top, paths, path.join(folder, 'tree.json'), isOwnOutput()) };
}

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= make();
    return value;
  };
};

/** What is checked out here; a copy has no git. */
async function commitVariables(top: string): Promise<Record<string, string>> {
  const head = await headCommit(top);
  if (head === undefined) return {};
  const copied: CopiedHead = { ...head, branch: await branchOf(top, process.env) };
  return { [variableName('HEAD')]: JSON.stringify(copied) };
}

/** Test files of a plan, POSIX, NFC, relative to the top; those outside of it cannot be on a host. */
const testFilesOf = ({ nodes }: Plan, rootFolder: string): string[] => {
  const root = withSlashes(rootFolder);
  const files = nodes.flatMap(({ items }) => items.map(({ file }) => path.posix.join(root, file).normalize('NFC')));
  return [...new Set(files)].filter((name) => !name.startsWith('../'));
};

async function openFleet({ hosts, copy, sshConfig }: HostsSetting, jestArgs: readonly string[]): Promise<Fleet> {
  const top = findTop();
  const owner = ownerOf(top);
  const cwd = process.cwd();
  const chosen = chosenWorkers(jestArgs);
  const checkout = once(() => readCheckout(top, copy));
  const isRemote = ({ target }: HostSettings) => target !== LOCAL_HOST;
  // What is wrong for every host stops the run before any test.
  const plans = new Map(hosts.filter(isRemote).map(({ target, install }) => [target, planInstall(top, cwd, install)]));
  const ready = hosts.some(isRemote) ? checkout() : Promise.resolve();
  // Reported where it is awaited.
  ready.catch(() => undefined);
  const head = await commitVariables(top);
  const hostOf = (node: number) => hosts[node - 1] as HostSettings;
  const workersOf = ({ workers }: HostSettings) => chosen ?? workers ?? availableParallelism();

  const begin = ({ plan, options, rootDir, writesSnapshots, socketPath, isOver, display }: FleetRun): StartNode => {
    const run: Omit<HostRun, 'copyName'> = {
      ...{ sshConfig, owner, top, checkout, isOver },
      planInstall: ({ target }) => plans.get(target) as InstallPlan,
      projectFolder: nameBelow(top, cwd),
      plan: () => JSON.stringify(plan),
      snapshotFiles: writesSnapshots ? testFilesOf(plan, path.relative(top, rootDir)) : null,
      socketPath: () => socketPath,
      choosesWorkers: chosen === undefined,
      env: sharedVariables(),
      version: packageVersion(),
      build: buildDigest(),
      leaseMs: options.leaseSeconds.value * 1_000,
      notice: ({ target }, text) => display.note(`${target}: ${text.split('\n').map(printable).join('\n')}`),
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
      return startHostNode(
        host,
        { ...run, copyName: copyNameOf(owner, host.target) },
        { ...start, variables: { ...variables, ...head, [variableName('KEEP_RESULTS')]: '1' } },
      );
    };
  };

  const names = hosts.map((host, index) => `${host.target} (node ${index + 1})`).join(', ');
  return {
    nodes: hosts.length,
    workers: Math.max(1, Math.round(hosts.reduce((sum, host) => sum + workersOf(host), 0) / hosts.length)),
    opening: (files) =>
      `${countOf(hosts.length, 'host')} ${hosts.length === 1 ? 'pulls' : 'pull'} from one queue of ${files}: ${names}`,
    nameOf: (node) => hostOf(node).target,
    ready,
    begin,
  };
}

/** What finds the tests to run in git: there is none on a host. */
const ASKS_GIT = /^(?:-o|--only-?changed|--changed-?since|--last-?commit|--changed-?files-?with-?ancestor)(?:=|$)/i;

function refuseGitArguments(jestArgs: readonly string[]): void {
  const found = jestArgs.find((arg) => ASKS_GIT.test(arg));
  if (found === undefined) return;
  throw new DistributedError({
    code: 'HOSTS_ONLY_CHANGED',
    message: `${found} does not work with run --hosts: the copies on the hosts have no git, so Jest finds no changes there.`,
    remedy: 'Name the tests by paths or patterns instead, or leave it out.',
  });
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

function refuseNodes(argv: Arguments): void {
  if (argv.nodes === undefined) return;
  throw new DistributedError({
    code: 'HOSTS_AND_NODES',
    message: `--nodes is ${JSON.stringify(argv.nodes)}, but with --hosts every host is one node.`,
    remedy: 'Leave out --nodes. For more workers on a host name their number: ada:8',
  });
}
