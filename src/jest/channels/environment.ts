/**
 * Takes this package's variables out of `process.env`, once, and keeps them.
 *
 * A test may start a Jest of its own (a monorepo's tool, a plugin's e2e test). With our variables still there that
 * inner Jest would run only a share of ITS files, and the tests of it would fail for no visible reason. Workers are
 * forked with the main process's environment after the sequencer ran, so removing them here is early enough. What says
 * who a worker is stays: it sets nothing, and tests read it.
 */
import { isIdentityVariable } from '../../options/environment';
import { optionRow } from '../../options/table';
import { channel } from './channel';

/**
 * Variables that processes of this package hand to each other. Not for people: never documented, never in the options
 * table.
 */
export const VARIABLES = {
  NESTED: 'left behind for a Jest that a test starts: CI variables are then not its own',
  CHECKOUT: 'root and repository, from the sequencer to the workers',
  SELECTION: 'the file that says what to run of split files, from the sequencer to the workers',
  PROGRESS_FD: 'descriptor for progress, from `run --local` to a node',
  PARENT_FD: 'descriptor that ends with the parent, to a node of `run --local` and to a Jest of `grind`',
  QUEUE_SOCKET: "socket of the process that serves this machine's queue, from `run --local --queue` to a node",
  HEAD: 'commit of the checkout that a host has a copy of, from `run --hosts` to a node',
  HOST: 'name of the machine as a person gave it, from `run --hosts` to a node',
  KEEP_RESULTS: 'deliver lines of results to the queue too, from `run --hosts` to a node',
  LOCAL_RUN: 'id of one `run --local`, from it to a node',
  SETUPS: 'where hooks and fixtures of this node run, from the sequencer to the workers',
  RUN_SETUPS: 'where fixtures of the whole run are set up, from `run --local` to the workers',
  POSITION: "a worker's place in node and run, from the sequencer to the workers",
  COLLECT: 'file for the list of test files, from a command to the Jest that it asks',
  ROOT: "file for Jest's root, from a command to the Jest that it asks",
  PROBE: 'file with what to run in which order, from `grind` and `bisect` to a Jest of theirs',
  REPLAY: 'file with what to replay, from `merge` to the process that does it',
} as const;

const PUBLIC_PREFIX = 'JEST_DISTRIBUTED_';
const INTERNAL_PREFIX = 'JDIST_INTERNAL_';

/** The name of a variable in the environment. */
export const variableName = (name: keyof typeof VARIABLES): string => `${INTERNAL_PREFIX}${name}`;

const NESTED = variableName('NESTED');

export interface CapturedEnvironment {
  /** Everything as it was, ours included. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** This Jest was started by a test of a distributed run. */
  readonly nested: boolean;
}

/** Names that this very process has set for its workers; what was inherited is another Jest's. */
const forWorkers = channel('for-workers', () => new Set<string>());
const captured = channel<Record<string, string | undefined> | undefined>('environment', () => undefined);

/**
 * Sets (or removes) a variable that Jest's workers are to inherit; they are forked after the sequencer ran. A Jest that
 * a test starts takes it away again, as every variable of ours that it did not set itself.
 */
export function setForWorkers(variable: keyof typeof VARIABLES, value: string | undefined): void {
  const name = variableName(variable);
  const names = forWorkers.read();
  if (value === undefined) {
    if (names.delete(name)) delete process.env[name];
    return;
  }
  names.add(name);
  process.env[name] = value;
}

/** Settings of this package's own tests, which may run over nodes themselves. */
const TEST_PREFIX = `${PUBLIC_PREFIX}TEST_`;

/** Stays, whoever starts what: it is about the host, and a Jest that a test starts has workers on it too. */
const SLOT_DIR = optionRow('slotDir').variable;

const isOurs = (name: string): boolean =>
  (name.startsWith(PUBLIC_PREFIX) && !name.startsWith(TEST_PREFIX) && !isIdentityVariable(name) && name !== SLOT_DIR) ||
  name.startsWith(INTERNAL_PREFIX);

/**
 * The environment this process was started with; the second call in a process gives what the first one took, with
 * variables that were set in between taking precedence.
 */
export function captureEnvironment(environment: NodeJS.ProcessEnv = process.env): CapturedEnvironment {
  const before = captured.read();
  const kept = before ?? {};
  const nested = kept[NESTED] ?? (before === undefined ? environment[NESTED] : '') ?? '';
  for (const name of Object.keys(environment)) {
    if (!isOurs(name) || name === NESTED || forWorkers.read().has(name)) continue;
    kept[name] = environment[name];
    delete environment[name];
  }
  kept[NESTED] = nested;
  captured.publish(kept);
  environment[NESTED] = '1';
  return { variables: { ...environment, ...kept }, nested: nested === '1' };
}

/** A variable of ours that this process was started with; undefined where it is not set. */
export const readVariable = (name: keyof typeof VARIABLES): string | undefined =>
  captureEnvironment().variables[variableName(name)] || undefined;
