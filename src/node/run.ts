import type { Environment } from '../options/environment';
import type { Options } from '../options/resolve';
import { readVariable } from './ci-position';
import { findCiSign } from './detect-provider';
import type { Provider } from './providers/provider';

/** How a second start of one node under one attempt can be distinguished from two jobs that take each other's number. */
type RerunRule =
  /** Not at all: a re-run has another attempt number, or is another run. */
  | 'attempt'
  /** A re-run keeps the job's name and has a greater job id. */
  | 'job'
  /** No CI: a person starts it again on the same machine. */
  | 'person';

/** One execution of the suite over all nodes. */
export interface Run {
  /** Equal on all nodes; `local` outside a CI. Any text, as it was given. */
  readonly id: string;
  /** 1-based. */
  readonly attempt: number;
  /** Where the id came from, for messages; `default` where nothing says it. */
  readonly source: string;
  readonly rerun: RerunRule;
  /** By what a CI was recognised that does not say which run this is; null where the run is known, or in no CI. */
  readonly unknownIn: string | null;
}

const LOCAL_ID = 'local';

/**
 * Which run this is: as set, else as the CI says it, else `local`, attempt 1.
 *
 * @param isNested in a Jest that a test started: it inherits the CI's variables, and is no job of the CI.
 * @throws DistributedError `CI_VARIABLE_INVALID`.
 */
export function identifyRun(
  options: Options,
  environment: Environment,
  provider: Provider | null,
  isNested = false,
): Run {
  const sign = isNested ? null : findSign(environment, provider);
  const rerun = ruleOf(environment, provider, sign);
  const attempt = options.attempt?.value ?? readAttempt(environment, provider);
  if (options.runId) {
    return { id: options.runId.value, attempt, source: options.runId.source, rerun, unknownIn: null };
  }
  const own = readRunId(environment, provider);
  if (own !== null) return { ...own, attempt, rerun, unknownIn: null };
  return { id: LOCAL_ID, attempt, source: 'default', rerun, unknownIn: sign };
}

/** The notice on nodes that do not know which run it is; null where it is known. */
export function unknownRunNotice({ unknownIn }: Run): string | null {
  if (unknownIn === null) return null;
  return `this is a CI job (${unknownIn}) without a run id: the merge cannot distinguish its results from earlier ones and will be red. ${SET_RUN_ID}`;
}

/** The remedy where a run has no id. */
export const SET_RUN_ID =
  'Set JEST_DISTRIBUTED_RUN_ID (--run-id) to the same value on all nodes and for the merge, such as the number of the CI build; each run needs another one.';

/**
 * Why a run has no id, as the rest of a sentence.
 *
 * @example missingRunIdText(run) // 'the run id is not set, and no CI was detected'
 */
export function missingRunIdText({ unknownIn }: Run): string {
  if (unknownIn === null) return 'the run id is not set, and no CI was detected';
  // A sign of any CI, or the name of one that says too little.
  return unknownIn.includes('=')
    ? `the run id is not set: ${unknownIn} says that this is a CI job, but no known CI was recognised`
    : `the run id is not set, and ${unknownIn} gives none`;
}

function findSign(environment: Environment, provider: Provider | null): string | null {
  // Bazel runs tests on people's machines too.
  if (provider === null || provider.statusFileVariable) return findCiSign(environment);
  const batch = provider.severalBuildsVariable;
  return batch && environment[batch] ? `${batch} of ${provider.name}` : provider.name;
}

function ruleOf(environment: Environment, provider: Provider | null, sign: string | null): RerunRule {
  if (sign === null) return 'person';
  return provider?.jobNameVariable && environment[provider.jobNameVariable] ? 'job' : 'attempt';
}

function readRunId(environment: Environment, provider: Provider | null): { id: string; source: string } | null {
  if (provider === null) return null;
  const { runIdVariables, severalBuildsVariable } = provider;
  if (severalBuildsVariable && environment[severalBuildsVariable]) return null;
  const variables = runIdVariables.find((names) => names.every((name) => environment[name]));
  if (variables === undefined) return null;
  const parts = variables.map((name) => environment[name] as string);
  return { id: parts.join('/'), source: variables.join(' and ') };
}

function readAttempt(environment: Environment, provider: Provider | null): number {
  if (!provider?.attempt) return 1;
  const { variable, base } = provider.attempt;
  const count = readVariable(provider, environment, variable, base);
  return count === null ? 1 : count - base + 1;
}
