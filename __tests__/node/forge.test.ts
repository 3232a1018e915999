import { describe, expect, test } from '@jest/globals';
import { providers } from '../../src/node/detect-provider';
import { commitPage, filePages, readForge, runPage, webPage } from '../../src/node/forge';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';

describe('the page of a repository', () => {
  test.each([
    ['git@github.com:owner/name.git', 'https://github.com/owner/name', 'github'],
    ['https://github.com/owner/name', 'https://github.com/owner/name', 'github'],
    ['https://x-access-token:SECRET@github.com/owner/name.git', 'https://github.com/owner/name', 'github'],
    ['ssh://git@github.example.com:2222/owner/name.git', 'https://github.example.com/owner/name', 'github'],
    ['https://gitlab.example.com:8443/group/sub/name.git', 'https://gitlab.example.com:8443/group/sub/name', 'gitlab'],
    ['http://gitlab.local/group/name', 'http://gitlab.local/group/name', 'gitlab'],
    ['git@bitbucket.org:team/name.git', 'https://bitbucket.org/team/name', 'bitbucket'],
    ['https://me@dev.azure.com/org/project/_git/name', 'https://dev.azure.com/org/project/_git/name', 'azure'],
    ['git@ssh.dev.azure.com:v3/org/project/name', 'https://dev.azure.com/org/project/_git/name', 'azure'],
    ['https://codeberg.org/owner/name.git', 'https://codeberg.org/owner/name', 'gitea'],
  ])('%s', (remote, web, style) => {
    expect(readForge(remote, null)).toEqual({ web, style });
  });

  test('behind any host, by the CI that runs there', () => {
    const remote = 'git@code.example.com:owner/name.git';
    expect(readForge(remote, null)).toBeNull();
    expect(readForge(remote, 'GitHub Actions')).toEqual({
      web: 'https://code.example.com/owner/name',
      style: 'github',
    });
    expect(readForge(remote, 'GitLab CI')?.style).toBe('gitlab');
  });

  test.each([
    null,
    '',
    '/srv/git/name.git',
    '../name',
    'C:\\name',
    'file:///srv/name',
    'javascript:alert(1)//a/b',
    'https://github.com',
    'https://github.com/name',
  ])('none of %j', (remote) => {
    expect(readForge(remote, 'GitHub Actions')).toBeNull();
  });
});

describe('pages of it', () => {
  test.each([
    ['github.com', '/commit/', '/blob/C/', '#L'],
    ['gitlab.com', '/-/commit/', '/-/blob/C/', '#L'],
    ['bitbucket.org', '/commits/', '/src/C/', '#lines-'],
    ['codeberg.org', '/commit/', '/src/commit/C/', '#L'],
    ['dev.azure.com', '/commit/', '?version=GCC&path=/', '&line='],
  ])('on %s', (host, commit, base, line) => {
    const forge = readForge(`https://${host}/owner/name`, null);
    if (forge === null) throw new Error('no forge');
    expect(commitPage(forge, COMMIT)).toBe(`https://${host}/owner/name${commit}${COMMIT}`);
    expect(filePages(forge, COMMIT)).toEqual({
      base: `https://${host}/owner/name${base.replace(/C(?=\/|&)/, COMMIT)}`,
      line,
    });
  });

  test.each(['', 'main', '../../x', `${COMMIT}/..`, '"onclick="'])('of a commit %j there is none', (commit) => {
    const forge = { web: 'https://github.com/owner/name', style: 'github' } as const;
    expect(commitPage(forge, commit)).toBeNull();
    expect(filePages(forge, commit)).toBeNull();
  });
});

describe('the page of a run', () => {
  const page = (name: string, remote: string | null, id: string) => {
    const provider = providers.find((one) => one.name === name);
    if (provider === undefined) throw new Error(`no ${name}`);
    return runPage(provider, readForge(remote, name), id);
  };

  test.each([
    ['GitHub Actions', 'git@github.com:o/n.git', '77', 'https://github.com/o/n/actions/runs/77'],
    ['GitLab CI', 'https://gitlab.com/g/s/n.git', '77', 'https://gitlab.com/g/s/n/-/pipelines/77'],
    ['Bitbucket Pipelines', 'git@bitbucket.org:t/n.git', '7', 'https://bitbucket.org/t/n/pipelines/results/7'],
    ['Azure Pipelines', 'https://dev.azure.com/o/p/_git/n', '7', 'https://dev.azure.com/o/p/_build/results?buildId=7'],
    ['Azure Pipelines', 'git@github.com:o/n.git', '7', null],
    ['Cirrus CI', null, '7', 'https://cirrus-ci.com/build/7'],
    [
      'CircleCI',
      null,
      '5034460f-c7c4-4c43-9457-de07e2029e7b',
      'https://app.circleci.com/pipelines/workflows/5034460f-c7c4-4c43-9457-de07e2029e7b',
    ],
    ['GitHub Actions', 'git@github.com:o/n.git', '../../x', null],
    ['GitHub Actions', 'git@github.com:o/n.git', 'nightly', null],
    ['Jenkins', 'git@github.com:o/n.git', '7', null],
  ])('of %s at %s, %s', (name, remote, id, address) => {
    expect(page(name, remote, id)).toBe(address);
  });

  test.each([
    ['https://ci.example.com/job/7/', 'https://ci.example.com/job/7/'],
    ['http://ci.local:8080/job/7', 'http://ci.local:8080/job/7'],
    ['javascript:alert(1)', null],
    ['https://user:secret@ci.example.com/7', null],
    ['job/7', null],
    [undefined, null],
  ])('as the CI says it: %s', (told, address) => {
    expect(webPage(told)).toBe(address);
  });
});
