/** The branch that a CI builds, as its variables say it. */
import type { Environment } from '../options/environment';

/**
 * That of a pull request comes first: what a CI then calls the branch may be its base, or a name of its own. The second
 * variable is set where the first one names a tag.
 */
const VARIABLES: readonly (readonly [branch: string, tag?: string])[] = [
  ['GITHUB_HEAD_REF'],
  ['GITHUB_REF'],
  ['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
  ['CI_COMMIT_SOURCE_BRANCH'],
  ['CI_COMMIT_BRANCH'],
  ['BUILDKITE_BRANCH', 'BUILDKITE_TAG'],
  ['CIRCLE_BRANCH'],
  ['BITBUCKET_BRANCH'],
  ['SYSTEM_PULLREQUEST_SOURCEBRANCH'],
  ['BUILD_SOURCEBRANCH'],
  ['CHANGE_BRANCH'],
  ['BRANCH_NAME', 'TAG_NAME'],
  ['GIT_BRANCH', 'TAG_NAME'],
  ['TRAVIS_PULL_REQUEST_BRANCH'],
  ['TRAVIS_BRANCH', 'TRAVIS_TAG'],
  ['DRONE_SOURCE_BRANCH'],
  ['DRONE_BRANCH'],
  ['APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH'],
  ['APPVEYOR_REPO_BRANCH', 'APPVEYOR_REPO_TAG_NAME'],
  ['SEMAPHORE_GIT_PR_BRANCH'],
  ['SEMAPHORE_GIT_BRANCH', 'SEMAPHORE_GIT_TAG_NAME'],
  ['CODEBUILD_WEBHOOK_HEAD_REF'],
  ['CF_BRANCH'],
  ['CIRRUS_BRANCH', 'CIRRUS_TAG'],
  ['HEROKU_TEST_RUN_BRANCH'],
  ['bamboo_repository_pr_sourceBranch'],
  ['bamboo_planRepository_branchName'],
  ['BITRISE_GIT_BRANCH', 'BITRISE_GIT_TAG'],
];

/** Without `refs/heads/` and, from Jenkins, without the remote; null for a ref that is no branch. */
function nameOf(variable: string, ref: string): string | null {
  const branch = ref.replace(/^refs\/heads\//, '');
  if (branch.startsWith('refs/')) return null;
  return variable === 'GIT_BRANCH' ? branch.replace(/^origin\//, '') : branch;
}

/** Null where no variable names one. */
export function builtBranch(environment: Environment): string | null {
  for (const [variable, tag] of VARIABLES) {
    const ref = environment[variable];
    if (!ref || (tag !== undefined && environment[tag])) continue;
    const branch = nameOf(variable, ref);
    if (branch !== null) return branch;
  }
  return null;
}
