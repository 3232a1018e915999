/** The branch that a pull request goes into, as its CI says it. */
import type { Environment } from '../options/environment';

const VARIABLES = [
  'GITHUB_BASE_REF',
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
  'BUILDKITE_PULL_REQUEST_BASE_BRANCH',
  'BITBUCKET_PR_DESTINATION_BRANCH',
  'SYSTEM_PULLREQUEST_TARGETBRANCH',
  'CHANGE_TARGET',
  'DRONE_TARGET_BRANCH',
  'TRAVIS_BRANCH',
];

/** Without `refs/heads/`; null where no variable names one. */
export function baseBranch(environment: Environment): string | null {
  const named = VARIABLES.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  return named === undefined ? null : named.replace(/^refs\/heads\//, '');
}
