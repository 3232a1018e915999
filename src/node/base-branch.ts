/** The branch that a pull request goes into, as its CI says it. */
import type { Environment } from '../options/environment';

/** The second must be there too, where a CI has the first in every build: then it is the branch that was pushed. */
const VARIABLES: readonly (readonly [branch: string, pullRequest?: string])[] = [
  ['GITHUB_BASE_REF'],
  ['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'],
  ['BUILDKITE_PULL_REQUEST_BASE_BRANCH'],
  ['BITBUCKET_PR_DESTINATION_BRANCH'],
  ['SYSTEM_PULLREQUEST_TARGETBRANCH'],
  ['CHANGE_TARGET'],
  ['DRONE_TARGET_BRANCH', 'DRONE_PULL_REQUEST'],
  ['TRAVIS_BRANCH', 'TRAVIS_PULL_REQUEST_BRANCH'],
];

/** Without `refs/heads/`; null where no variable names one. */
export function baseBranch(environment: Environment): string | null {
  const isSet = (name: string | undefined) => name === undefined || Boolean(environment[name]);
  const [name] = VARIABLES.find(([branch, pullRequest]) => isSet(branch) && isSet(pullRequest)) ?? [];
  return name === undefined ? null : (environment[name] as string).replace(/^refs\/heads\//, '');
}
