import { expect, test } from '@jest/globals';
import { baseBranch } from '../../src/node/base-branch';

test('the base of a pull request, without the name of a ref', () => {
  expect(baseBranch({ GITHUB_BASE_REF: 'main' })).toBe('main');
  expect(baseBranch({ SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/release/2' })).toBe('release/2');
  expect(baseBranch({ TRAVIS_BRANCH: 'main', TRAVIS_PULL_REQUEST_BRANCH: 'topic' })).toBe('main');
});

test('none of a push, where the CI names the branch that was pushed', () => {
  expect(baseBranch({ GITHUB_BASE_REF: '' })).toBeNull();
  expect(baseBranch({ DRONE_TARGET_BRANCH: 'main' })).toBeNull();
  expect(baseBranch({ TRAVIS_BRANCH: 'main', TRAVIS_PULL_REQUEST_BRANCH: '' })).toBeNull();
  expect(baseBranch({})).toBeNull();
});
