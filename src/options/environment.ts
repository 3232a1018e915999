import { DistributedError } from '../errors';
import { findNearest } from './did-you-mean';
import { type OptionName, optionNames, optionRow } from './table';

/** Environment variables as `process.env` holds them; the core never reads `process.env` itself. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables with this prefix are settings of people. Those that processes of ours hand to each other begin with `JDIST_INTERNAL_`. */
const prefix = 'JEST_DISTRIBUTED_';

/** Of this package's own test suite, which may itself run over nodes. */
const ownTests = 'JEST_DISTRIBUTED_TEST_';

/** What a node passes to its workers and hooks. A Jest or a command that a test starts inherits them, and they set nothing. */
const identities: readonly string[] = ['SLOT', 'SLOTS', 'WORKER', 'RUN', 'ENV_FILE'].map((name) => prefix + name);

/** Whether a variable with our prefix says who a worker is and is no setting. */
export const isIdentityVariable = (variable: string): boolean => identities.includes(variable);

/**
 * Refuses variables that begin like ours but are none, since a misspelled node number would run the wrong tests.
 *
 * @throws DistributedError `VARIABLE_UNKNOWN`.
 */
export function checkVariables(environment: Environment): void {
  const known = optionNames.map((name) => optionRow(name).variable);
  const unknown = ownVariables(environment)
    .sort()
    .filter((variable) => !known.includes(variable));
  if (unknown.length === 0) return;
  const advice = unknown.map((variable) => {
    const nearest = nearestVariable(variable);
    const it = unknown.length === 1 ? '' : `${variable}: `;
    return nearest === null ? `${it}Remove it` : `${it}Did you mean ${nearest}? If not, remove it`;
  });
  throw new DistributedError({
    code: 'VARIABLE_UNKNOWN',
    message:
      unknown.length === 1
        ? `The environment variable ${unknown[0]} is unknown.`
        : `The environment variables ${unknown.join(', ')} are unknown.`,
    remedy: [...advice.map((text) => `${text}.`), 'All variables: npx jest-distributed help run'].join('\n  '),
  });
}

/** The variable that a misspelt one may be; null where none is near. */
function nearestVariable(written: string): string | null {
  const nearest = findNearest(
    written.toUpperCase().replace(prefix, ''),
    optionNames.map((name) => optionRow(name).variable.slice(prefix.length)),
  );
  return nearest === null ? null : prefix + nearest;
}

/** The environment for a Jest that is no node of this run, such as one that a test starts: without any of our settings. */
export function withoutOptions(environment: Environment): Record<string, string | undefined> {
  const own = new Set(ownVariables(environment));
  return Object.fromEntries(Object.entries(environment).filter(([variable]) => !own.has(variable)));
}

/**
 * Settings as environment variables, the way in which the bin hands them to the Jest it starts. Defaults are left out.
 */
export function toEnvironment(
  options: Readonly<Partial<Record<OptionName, { readonly value: unknown; readonly source: string } | undefined>>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of optionNames) {
    const setting = options[name];
    if (setting !== undefined && setting.source !== 'default')
      environment[optionRow(name).variable] = String(setting.value);
  }
  return environment;
}

/** Any letter case: names are case-insensitive on Windows, and elsewhere a lower-case one is a mistake worth naming. */
export function ownVariables(environment: Environment): string[] {
  return Object.keys(environment).filter(
    (variable) =>
      environment[variable] !== undefined &&
      variable.toUpperCase().startsWith(prefix) &&
      !variable.startsWith(ownTests) &&
      !isIdentityVariable(variable),
  );
}
