import type { Environment } from '../options/environment';
import { azure } from './providers/azure';
import { bazel } from './providers/bazel';
import { bitbucket } from './providers/bitbucket';
import { buildkite } from './providers/buildkite';
import { circle } from './providers/circle';
import { github } from './providers/github';
import { gitlab } from './providers/gitlab';
import { heroku } from './providers/heroku';
import type { Provider } from './providers/provider';
import { runNames } from './providers/run-names';
import { semaphore } from './providers/semaphore';

// Bazel first: its tests may run inside a job of any of the others, and then Bazel assigns the shares.
// Heroku before GitLab: their node variables have the same names.
export const providers: readonly Provider[] = [
  bazel,
  heroku,
  circle,
  buildkite,
  semaphore,
  bitbucket,
  azure,
  github,
  gitlab,
  ...runNames,
];

/** Signs of a CI that is none of the above: what ci-info looks at. */
const ANY_CI = [
  'CI',
  'CONTINUOUS_INTEGRATION',
  'BUILD_ID',
  'BUILD_NUMBER',
  'CI_APP_ID',
  'CI_BUILD_ID',
  'CI_BUILD_NUMBER',
  'CI_NAME',
  'RUN_ID',
];

/**
 * The provider whose job this is, or null outside a CI that we know.
 *
 * By each provider's own variable, and where none is set by its node variables: containers are often started
 * with those alone. `ci-info` is not used here because it reads `process.env` on import and does not know Bazel; a test
 * compares our variables with its table.
 */
export function detectProvider(environment: Environment): Provider | null {
  const isSet = (variable: string) => Boolean(environment[variable]);
  const isDetected = ({ detectVariable, detectValue }: Provider) =>
    detectValue === undefined ? isSet(detectVariable) : environment[detectVariable] === detectValue;
  return (
    providers.find(isDetected) ??
    providers.find(({ node }) => node?.uniqueNames && (isSet(node.positionVariable) || isSet(node.totalVariable))) ??
    null
  );
}

/** A sign that this is a job of some CI, such as `CI=true`; null where there is none. `CI=false` says that there is none. */
export function findCiSign(environment: Environment): string | null {
  if (/^(false|0)$/i.test(environment.CI ?? '')) return null;
  const sign = ANY_CI.find((variable) => Boolean(environment[variable]));
  return sign === undefined ? null : `${sign}=${environment[sign]}`;
}
