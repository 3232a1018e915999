import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { branchOf } from '../../src/files/branch';
import { checkedOutBranch, headCommit, headSizes, isInCommit, isTrackedAndUnmodified } from '../../src/files/git';

let root: string;
const environment = { ...process.env };

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'git-')));
  // The repository of this package must not be found from a folder that has none.
  process.env.GIT_CEILING_DIRECTORIES = path.dirname(root);
});

afterEach(() => {
  process.env = { ...environment };
  rmSync(root, { recursive: true, force: true });
});

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', root, ...identity, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function write(name: string, text: string): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function commitAll(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'test');
}

/** A repository with one commit. */
function repository(files: Record<string, string>): void {
  git('init', '--quiet');
  git('config', 'core.autocrlf', 'false');
  for (const [name, text] of Object.entries(files)) write(name, text);
  commitAll();
}

describe('the sizes in the commit', () => {
  test('are those of the commit, whatever became of the files since', async () => {
    repository({ 'a.js': '12345', 'src/b.js': '', 'src/gone.js': '123' });
    write('a.js', 'changed');
    write('new.js', 'new');
    git('add', '--all');
    rmSync(path.join(root, 'src/gone.js'));
    expect(await headSizes(root)).toEqual(
      new Map([
        ['a.js', 5],
        ['src/b.js', 0],
        ['src/gone.js', 3],
      ]),
    );
  });

  test('are relative to the folder, and only of what is in it', async () => {
    repository({ 'a.js': '1', 'packages/web/src/b.js': '12' });
    expect(await headSizes(path.join(root, 'packages/web'))).toEqual(new Map([['src/b.js', 2]]));
  });

  test('know files with any name, in composed Unicode', async () => {
    repository({ 'with space and \u00fc.js': '1', 'u\u0308.js': '12' });
    expect(await headSizes(root)).toEqual(
      new Map([
        ['u\u0308.js'.normalize('NFC'), 2],
        ['with space and \u00fc.js', 1],
      ]),
    );
  });

  (process.platform === 'win32' ? test.skip : test)(
    'leave out links, and have names that Windows cannot have',
    async () => {
      repository({ 'a\t"b"\n.js': '1' });
      symlinkSync('a.js', path.join(root, 'link.js'));
      commitAll();
      expect(await headSizes(root)).toEqual(new Map([['a\t"b"\n.js', 1]]));
    },
  );

  test('are none for a folder that the commit does not have', async () => {
    repository({ 'a.js': '1' });
    mkdirSync(path.join(root, 'new'));
    expect(await headSizes(path.join(root, 'new'))).toEqual(new Map());
  });

  test('come from the repository of the folder, also inside a hook of another one', async () => {
    repository({ 'a.js': '1' });
    process.env.GIT_DIR = path.join(root, 'elsewhere');
    process.env.GIT_INDEX_FILE = path.join(root, 'elsewhere', 'index');
    expect(await headSizes(root)).toEqual(new Map([['a.js', 1]]));
  });
});

test('a file is in the commit whatever stands in it now, and one that is only staged is not', async () => {
  repository({ 'sub/a[1].js': '1' });
  const file = write('sub/a[1].js', '2');
  const staged = write('sub/a1.js', '1');
  git('add', '--all');
  expect(await isInCommit(file)).toBe(true);
  expect(await isInCommit(staged)).toBe(false);
  rmSync(file);
  expect(await isInCommit(file)).toBe(true);
});

describe('git cannot tell', () => {
  async function answers(): Promise<unknown[]> {
    const file = path.join(root, 'a.js');
    return [await headSizes(root), await headCommit(root), await isTrackedAndUnmodified(file), await isInCommit(file)];
  }

  const nothing = [undefined, undefined, false, false];

  test('where there is no repository', async () => {
    write('a.js', '1');
    expect(await answers()).toEqual(nothing);
  });

  test('where there is no commit', async () => {
    git('init', '--quiet');
    write('a.js', '1');
    git('add', '--all');
    expect(await answers()).toEqual(nothing);
  });

  test('where there is no git', async () => {
    repository({ 'a.js': '1' });
    process.env.PATH = root;
    expect(await answers()).toEqual(nothing);
  });

  test('where the folder is gone', async () => {
    repository({ 'a.js': '1' });
    rmSync(root, { recursive: true });
    expect(await answers()).toEqual(nothing);
  });

  test('where git refuses because the folder belongs to somebody else', async () => {
    repository({ 'a.js': '1' });
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1';
    expect(await answers()).toEqual(nothing);
  });

  test.each([
    ['extensions.partialClone', 'origin'],
    ['remote.origin.promisor', 'true'],
    ['remote.my.fork.promisor', 'yes'],
  ])('sizes in a partial clone (%s)', async (key, value) => {
    repository({ 'a.js': '1' });
    git('config', key, value);
    expect(await headSizes(root)).toBeUndefined();
  });

  test('but a remote that is said not to be a promisor is no partial clone', async () => {
    repository({ 'a.js': '1' });
    git('config', 'remote.origin.promisor', 'false');
    expect(await headSizes(root)).toEqual(new Map([['a.js', 1]]));
  });
});

describe('tracked and unmodified', () => {
  async function holds(name: string): Promise<boolean> {
    return isTrackedAndUnmodified(path.join(root, name));
  }

  test('is a file as it was committed, touched or not', async () => {
    repository({ 'a.json': 'one\n', 'deep/b.json': 'two\n' });
    write('a.json', 'one\n');
    expect(await holds('a.json')).toBe(true);
    expect(await holds('deep/b.json')).toBe(true);
  });

  test('is not one that was changed, staged or not', async () => {
    repository({ 'a.json': 'one\n' });
    write('a.json', 'two\n');
    expect(await holds('a.json')).toBe(false);
    git('add', '--all');
    expect(await holds('a.json')).toBe(false);
  });

  test.each(['--assume-unchanged', '--skip-worktree'])(
    'is not one that was changed behind the back of the index: %s',
    async (flag) => {
      repository({ 'a.json': 'one\n' });
      git('update-index', flag, 'a.json');
      write('a.json', 'two\n');
      expect(await holds('a.json')).toBe(false);
    },
  );

  test('is not one that is untracked, ignored, only staged, deleted, or a folder', async () => {
    repository({ 'a.json': 'one\n', 'folder/b.json': '', '.gitignore': 'ignored.json\n' });
    write('new.json', 'one\n');
    write('ignored.json', 'one\n');
    write('staged.json', 'one\n');
    git('add', 'staged.json');
    rmSync(path.join(root, 'a.json'));
    for (const name of ['new.json', 'ignored.json', 'staged.json', 'a.json', 'folder', 'nothing.json']) {
      expect([name, await holds(name)]).toEqual([name, false]);
    }
  });

  test('does not mistake a name for a pattern', async () => {
    repository({ 'a.json': 'one\n' });
    write('[a].json', 'one\n');
    write('*.json', 'one\n');
    expect(await holds('[a].json')).toBe(false);
    expect(await holds('*.json')).toBe(false);
  });

  test('is a file with the line ends of Windows where git converts them', async () => {
    repository({ 'a.json': 'one\n', '.gitattributes': '*.json text\n' });
    write('a.json', 'one\r\n');
    expect(await holds('a.json')).toBe(true);
  });
});

describe('the branch', () => {
  test('is the one that is checked out, if only begun, and none where HEAD is detached', async () => {
    repository({ 'a.js': '1' });
    git('checkout', '--quiet', '-b', 'topic/a');
    expect(await checkedOutBranch(root)).toBe('topic/a');
    git('checkout', '--quiet', '--orphan', 'begun');
    expect(await checkedOutBranch(root)).toBe('begun');
    git('checkout', '--quiet', '--detach', 'topic/a');
    expect(await checkedOutBranch(root)).toBeNull();
  });

  test('is what the CI calls it before what git has', async () => {
    repository({ 'a.js': '1' });
    git('checkout', '--quiet', '-b', 'mine');
    expect(await branchOf(root, {})).toBe('mine');
    expect(await branchOf(root, { CI_COMMIT_BRANCH: 'built' })).toBe('built');
  });

  test('is not known without a repository', async () => {
    expect(await checkedOutBranch(root)).toBeNull();
  });
});

describe('the commit', () => {
  test('and its tree, which another commit of the same files shares', async () => {
    repository({ 'a.js': '1' });
    const [commit, tree] = [git('rev-parse', 'HEAD').trim(), git('rev-parse', 'HEAD^{tree}').trim()];
    expect(await headCommit(root)).toEqual({ commit, tree });
    git('commit', '--quiet', '--allow-empty', '-m', 'same files');
    const other = await headCommit(root);
    expect(other?.commit).not.toBe(commit);
    expect(other?.tree).toBe(tree);
  });
});
