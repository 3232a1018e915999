/** Which files of the machine that merges a blob may bring to light. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ownCoverage } from '../../src/blob/own-coverage';
import { type Checkout, openCheckout } from '../../src/files/checkout';
import { findFolders } from '../../src/files/folders';

let outer: string;
let repository: string;
let checkout: Checkout;
beforeAll(() => {
  outer = realpathSync(mkdtempSync(path.join(tmpdir(), 'checkout-')));
  repository = path.join(outer, 'repo');
  for (const folder of ['.git', 'web/src', 'lib']) mkdirSync(path.join(repository, folder), { recursive: true });
  writeFileSync(path.join(outer, 'secret.js'), 'secret');
  writeFileSync(path.join(repository, 'lib', 'a.ts'), '');
  symlinkSync(path.join(outer, 'secret.js'), path.join(repository, 'link.js'));
  symlinkSync(outer, path.join(repository, 'up'));
  checkout = openCheckout(findFolders(path.join(repository, 'web')));
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

describe('a file may be shown', () => {
  test.each(['web/src/a.test.js', 'lib/a.ts', 'not/there.tsx', 'web/../lib/a.ts', '.storybook/preview.js'])(
    '%s: a source of the repository',
    (file) => {
      expect(checkout.mayShow(`${repository}/${file}`)).toBe(true);
      expect(checkout.mayShow(`file://${repository}/${file}`)).toBe(true);
    },
  );

  test.each([
    ...['.env', '.npmrc', '.git/config', '.git/x.js', 'web/.secrets.js', 'key.pem', 'credentials.json', 'a.js\0'],
    ...['link.js', 'up/secret.js', '../secret.js', 'web/../../secret.js', 'web/%2e%2e/x.txt'],
  ])('not %s', (file) => {
    expect(checkout.mayShow(`${repository}/${file}`)).toBe(false);
    expect(checkout.mayShow(`file://${repository}/${file}`)).toBe(false);
  });
});

test('coverage of own files stays, of others not, and no map leads elsewhere', () => {
  const own = `${repository}/lib/a.js`;
  const data = (file: string, map?: object) => ({
    [file]: { path: file, s: { '0': 3 }, ...(map !== undefined && { inputSourceMap: { mappings: 'A', ...map } }) },
  });
  const kept = (babel: ReturnType<typeof data>) => ownCoverage({ babel, v8: null }, checkout.mayShow).babel ?? {};
  for (const same of [data(own), data(own, { sources: ['a.ts', '../web/src/b.ts'] })]) expect(kept(same)).toEqual(same);
  expect(kept(data(`${outer}/secret.js`))).toEqual({});
  // One reader takes the first for a path from the root of the disk.
  const foreign = [{ sources: ['webpack:///./src/a.ts'] }, { sources: ['../../secret.js'] }];
  const roots = [outer, `file://${outer}`].map((sourceRoot) => ({ sources: ['secret.js'], sourceRoot }));
  for (const map of [...foreign, ...roots, { sources: [`file://${outer}/secret.js`] }])
    expect(kept(data(own, map))).toEqual(data(own, { sources: [own] }));
  expect(kept(data(own, { sources: ['a.ts'], file: '../../secret.js' }))).toEqual(data(own, { sources: [own] }));
  expect(kept(data(own, { sources: ['a.ts', '../../secret.js'] }))).toEqual(data(own));
  const v8 = (url: string) => [{ result: { url, functions: [] }, transform: null }];
  expect(ownCoverage({ babel: null, v8: v8(`file://${own}`) }, checkout.mayShow).v8).toHaveLength(1);
  expect(ownCoverage({ babel: null, v8: v8(`file://${outer}/secret.js`) }, checkout.mayShow).v8).toEqual([]);
  const transform = { code: '', originalCode: '', wrapperLength: null, sourceMap: { sources: ['webpack:///a'] } };
  const mapped = [{ result: { url: `file://${own}`, functions: [] }, transform }];
  expect(ownCoverage({ babel: null, v8: mapped }, checkout.mayShow).v8).toEqual([
    { ...mapped[0], transform: { ...transform, sourceMap: { sources: [own] } } },
  ]);
});
