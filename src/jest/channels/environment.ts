/**
 * Takes this package's variables out of `process.env`, once, and keeps them.
 *
 * A test may start a Jest of its own (a monorepo's tool, a plugin's e2e test). With our variables still there that
 * inner Jest would run only a share of ITS files, and the tests of it would fail for no visible reason. Workers are
 * forked with the main process's environment after the sequencer ran, so removing them here is early enough.
 */
const keptKey = Symbol.for('jest-distributed.environment');

const PUBLIC_PREFIX = 'JEST_DISTRIBUTED_';
/** Not for people; never documented, never in the options table. */
export const INTERNAL_PREFIX = 'JDIST_INTERNAL_';
/** Left behind for a Jest that a test starts: CI variables are then not its own. */
export const NESTED_VARIABLE = `${INTERNAL_PREFIX}NESTED`;

export interface CapturedEnvironment {
  /** Everything as it was, ours included. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** This Jest was started by a test of a distributed run. */
  readonly nested: boolean;
}

const forWorkersKey = Symbol.for('jest-distributed.for-workers');

/** Names that this very process has set for its workers; what was inherited is another Jest's. */
function namesForWorkers(): Set<string> {
  const shared = globalThis as unknown as Record<symbol, Set<string> | undefined>;
  shared[forWorkersKey] ??= new Set();
  return shared[forWorkersKey];
}

/**
 * Sets (or removes) a variable that Jest's workers are to inherit; they are forked after the sequencer ran. A Jest that
 * a test starts takes it away again, as every variable of ours that it did not set itself.
 */
export function setForWorkers(name: string, value: string | undefined): void {
  if (value === undefined) {
    if (namesForWorkers().delete(name)) delete process.env[name];
    return;
  }
  namesForWorkers().add(name);
  process.env[name] = value;
}

/** Settings of this package's own tests, which may run over nodes themselves. */
const TEST_PREFIX = `${PUBLIC_PREFIX}TEST_`;

const isOurs = (name: string): boolean =>
  (name.startsWith(PUBLIC_PREFIX) && !name.startsWith(TEST_PREFIX)) || name.startsWith(INTERNAL_PREFIX);

/**
 * The environment this process was started with; the second call in a process gives what the first one took, with
 * variables that were set in between taking precedence.
 */
export function captureEnvironment(environment: NodeJS.ProcessEnv = process.env): CapturedEnvironment {
  const shared = globalThis as unknown as Record<symbol, Record<string, string | undefined> | undefined>;
  const kept = shared[keptKey] ?? {};
  const nestedBefore = kept[NESTED_VARIABLE] ?? (shared[keptKey] === undefined ? environment[NESTED_VARIABLE] : '');
  const forWorkers = namesForWorkers();
  for (const name of Object.keys(environment)) {
    if (!isOurs(name) || name === NESTED_VARIABLE || forWorkers.has(name)) continue;
    kept[name] = environment[name];
    delete environment[name];
  }
  kept[NESTED_VARIABLE] = nestedBefore ?? '';
  shared[keptKey] = kept;
  environment[NESTED_VARIABLE] = '1';
  return { variables: { ...environment, ...kept }, nested: nestedBefore === '1' };
}
