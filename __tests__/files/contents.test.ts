/** Contents are named as git names them, whoever names them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { hashChanges, readContents } from '../../src/files/contents';

let dir: string;
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@x', '-c', 'core.autocrlf=false', ...args], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
const at = (name: string) => path.join(dir, ...name.split('/'));
const write = (name: string, text: string) => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const NAMES = ['sub/a.test.js', 'sub/ü "b".test.js', 'sub/deep/c.test.js'];
const contents = (names: readonly string[] = NAMES, folder = 'sub') => readContents(at(folder), names.map(at));
const hash = (name: string) => git('hash-object', at(name)).trim();

beforeEach(() => {
  dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'contents-')));
  for (const name of NAMES) write(name, `test('${name.length}', () => {});\n`);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function commit(): void {
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
}

test('equal files have equal names with git and without', async () => {
  const without = await contents();
  expect(without).toMatchObject({ algorithm: 'sha1', dirty: null });
  commit();
  expect(await contents()).toEqual({ ...without, dirty: false, top: dir });
  renameSync(at('.git'), at('hidden'));
  expect(await contents()).toEqual(without);
});

test.each<[string, () => void]>([
  ['changed', () => undefined],
  ['staged', () => git('add', '-A')],
  ['hidden by a flag of the index', () => git('update-index', '--assume-unchanged', 'sub/a.test.js')],
  ['left out of a sparse checkout', () => git('update-index', '--skip-worktree', 'sub/a.test.js')],
])('a file that is %s has the name of what is on disk', async (_, prepare) => {
  commit();
  const before = await contents();
  prepare();
  write('sub/a.test.js', 'changed');
  const after = await contents();
  expect(after.names).toEqual([hash('sub/a.test.js'), ...before.names.slice(1)]);
  expect(after.names[0]).not.toBe(before.names[0]);
});

test('files that git does not track, or that lie elsewhere, are hashed; one that is not there has no name', async () => {
  commit();
  write('sub/new.test.js', 'new');
  write('beside/x.test.js', 'x');
  const { names, dirty } = await contents([...NAMES, 'sub/new.test.js', 'beside/x.test.js']);
  expect(names.slice(3)).toEqual([hash('sub/new.test.js'), hash('beside/x.test.js')]);
  expect(dirty).toBe(false);
  const [gone, here] = (await contents(['sub/gone.test.js', 'sub/new.test.js'])).names;
  expect([gone, here]).toEqual([null, hash('sub/new.test.js')]);
});

test('line ends that git converts do not count', async () => {
  write('.gitattributes', '*.js text eol=crlf\n');
  commit();
  const { names } = await contents();
  write('sub/a.test.js', "test('13', () => {});\r\n");
  expect((await contents()).names).toEqual(names);
});

test('what is changed and not committed is named from the top of the checkout, but for snapshots and new files', async () => {
  write('beside/b.js', 'b');
  write('sub/a.snap', 'a');
  commit();
  write('beside/b.js', 'changed');
  write('sub/a.snap', 'changed');
  write('sub/new.js', 'new');
  git('rm', '-q', 'sub/deep/c.test.js');
  expect(await hashChanges(await contents())).toEqual({
    'beside/b.js': hash('beside/b.js'),
    'sub/deep/c.test.js': '-',
  });
});

test('where git cannot tell, nothing is known to be changed', async () => {
  expect(await hashChanges(await contents())).toEqual({});
});
