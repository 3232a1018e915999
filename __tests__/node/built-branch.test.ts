import { expect, test } from '@jest/globals';
import { builtBranch } from '../../src/node/built-branch';

test('the branch that was pushed, without the name of a ref or of a remote', () => {
  expect(builtBranch({ GITHUB_HEAD_REF: '', GITHUB_REF: 'refs/heads/release/2' })).toBe('release/2');
  expect(builtBranch({ BUILD_SOURCEBRANCH: 'refs/heads/main' })).toBe('main');
  expect(builtBranch({ CI_COMMIT_BRANCH: 'main' })).toBe('main');
  expect(builtBranch({ GIT_BRANCH: 'origin/topic/a' })).toBe('topic/a');
});

test('of a pull request its own branch, not its base', () => {
  expect(builtBranch({ GITHUB_HEAD_REF: 'topic', GITHUB_REF: 'refs/pull/7/merge' })).toBe('topic');
  expect(builtBranch({ CHANGE_BRANCH: 'topic', BRANCH_NAME: 'PR-7' })).toBe('topic');
  expect(builtBranch({ TRAVIS_BRANCH: 'main', TRAVIS_PULL_REQUEST_BRANCH: 'topic' })).toBe('topic');
  // Woodpecker's name of the base is what GitLab calls the branch.
  expect(builtBranch({ CI_COMMIT_BRANCH: 'main', CI_COMMIT_SOURCE_BRANCH: 'topic' })).toBe('topic');
});

test('none of a tag or of a ref that is no branch', () => {
  expect(builtBranch({ GITHUB_REF: 'refs/tags/v1' })).toBeNull();
  expect(builtBranch({ BUILD_SOURCEBRANCH: 'refs/pull/7/merge' })).toBeNull();
  expect(builtBranch({ BUILDKITE_BRANCH: 'v1', BUILDKITE_TAG: 'v1' })).toBeNull();
  expect(builtBranch({ TRAVIS_BRANCH: 'v1', TRAVIS_TAG: 'v1' })).toBeNull();
  expect(builtBranch({})).toBeNull();
});
