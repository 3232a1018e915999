/**
 * What each option means to `run --local`: every one is handed to the nodes, has a meaning for the parent alone, or is
 * refused by name. None is accepted and then ignored.
 */
import { DistributedError } from '../../errors';
import { variableName } from '../../jest/channels/environment';
import { refuseQueueFlags } from '../../options/queue-only';
import { resolveOptions } from '../../options/resolve';
import { type OptionName, optionNames, optionRow } from '../../options/table';
import type { Arguments } from '../command-line/command';
import { sameCommand } from '../command-line/same-command';

type LocalUse =
  /** As it was given: a flag as a flag, a variable as a variable; a config file the nodes read themselves. */
  | 'node'
  /** The parent plans with it, or acts on it for all nodes. */
  | 'parent'
  /** Is for a node on a machine of its own. The reason is a clause. */
  | { readonly refused: string };

const ALL_NODES = 'run --local runs all nodes';
const OWN_FOLDER = 'run --local keeps the blobs of its nodes in a folder of its own';

export const LOCAL_USES: Readonly<Record<OptionName, LocalUse>> = {
  nodes: 'parent',
  nodeNumber: { refused: ALL_NODES },
  nodeIndex: { refused: ALL_NODES },
  disabled: 'parent',
  hashBy: 'node',
  strategy: 'parent',
  workers: 'parent',
  timings: 'parent',
  label: 'node',
  expectDigest: 'parent',
  reportDir: { refused: OWN_FOLDER },
  runId: { refused: OWN_FOLDER },
  attempt: { refused: 'run --local starts all nodes once, as attempt 1' },
  plan: 'parent',
  split: 'node',
  whole: 'node',
  group: 'node',
  splitLocal: 'node',
  env: 'node',
  nodeSetup: 'node',
  nodeTeardown: 'node',
  workerSetup: 'node',
  workerTeardown: 'node',
  hookSeconds: 'node',
  slotDir: 'node',
  hosts: 'parent',
  // Not as a flag: others would see it in the list of processes. The queue's own variables carry it.
  databaseUrl: 'parent',
  databaseSchema: 'node',
  nodeName: { refused: ALL_NODES },
  maxRetries: 'node',
  leaseSeconds: 'node',
  rerun: { refused: 'run --local starts all nodes once, as attempt 1' },
};

const namesWith = (use: 'node'): OptionName[] => optionNames.filter((name) => LOCAL_USES[name] === use);

/** The first that has no meaning here, by flag or variable. A report dir in a config file is for nodes on other machines. */
function findRefused(
  argv: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
) {
  for (const name of optionNames) {
    const use = LOCAL_USES[name];
    if (typeof use === 'string') continue;
    const { flag, variable } = optionRow(name);
    if (argv[flag] !== undefined)
      return { name: `--${flag}`, value: argv[flag], why: use.refused, remedy: 'Leave it out' };
    if (environment[variable] !== undefined) {
      const remedy = `Unset it (env -u ${variable} …)`;
      return { name: variable, value: environment[variable], why: use.refused, remedy };
    }
  }
  return undefined;
}

/** @throws DistributedError `LOCAL_OPTION_REFUSED`. */
export function refuseNodeOptions(
  argv: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const refused = findRefused(argv, environment);
  if (refused === undefined) return;
  throw new DistributedError({
    code: 'LOCAL_OPTION_REFUSED',
    message: `${refused.name} is ${JSON.stringify(refused.value)}, but ${refused.why}.`,
    remedy: `${refused.remedy}; or leave out --local to run one node.`,
  });
}

/** Flags of the parent that its nodes get too, as words. */
export function flagsForNodes(argv: Arguments): string[] {
  const given = namesWith('node').flatMap((name) => {
    const { flag } = optionRow(name);
    const value = argv[flag];
    if (value === undefined) return [];
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    return (Array.isArray(value) ? value : [value]).map((one) => `--${flag}=${String(one)}`);
  });
  // Where a config file switches the package off, a flag of the parent has overruled it, or no node would be started.
  return [`--no-${optionRow('disabled').flag}`, ...given];
}

/** Variables of the parent that its nodes get too. */
export function variablesForNodes(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    namesWith('node').flatMap((name) => {
      const { variable } = optionRow(name);
      const value = environment[variable];
      return value === undefined ? [] : [[variable, value]];
    }),
  );
}

/**
 * @param isPulled this command makes a queue, with or without a database.
 * @throws DistributedError `QUEUE_NEEDED` for a flag that only a queue acts on.
 */
export function checkQueueFlags(argv: Arguments, isPulled: boolean): void {
  const options = resolveOptions({ flags: argv, environment: process.env });
  const hasQueue = options.databaseUrl !== undefined || process.env[variableName('QUEUE_SOCKET')] !== undefined;
  if (isPulled || hasQueue || options.disabled.value) return;
  const more = [
    ...(argv.local === true ? [] : ['--local']),
    ...['--queue', ...(typeof options.nodes?.value === 'number' ? [] : ['--nodes', '4'])],
  ];
  const isRefused = findRefused(argv, process.env) !== undefined;
  refuseQueueFlags(options, isRefused ? null : sameCommand(argv, more));
}
