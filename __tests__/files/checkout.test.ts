/** Which files of the machine that merges a blob may bring to light. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Checkout, openCheckout } from '../../src/files/checkout';
import { findFolders } from '../../src/files/folders';
import { ownCoverage } from '../../src/results/own-coverage';

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

test('coverage stays where neither its file nor a source of its map is elsewhere', () => {
  const own = `${repository}/lib/a.js`;
  const data = (file: string, map?: object) => ({
    [file]: { path: file, ...(map !== undefined && { inputSourceMap: { mappings: '', ...map } }) },
  });
  const kept = (babel: ReturnType<typeof data>) =>
    Object.keys(ownCoverage({ babel, v8: null }, checkout.mayShow).babel ?? {});
  expect(kept(data(own))).toEqual([own]);
  expect(kept(data(own, { sources: ['a.ts', '../web/src/b.ts'] }))).toEqual([own]);
  // One reader takes it for a path from the root of the disk.
  expect(kept(data(own, { sources: ['webpack:///./src/a.ts'] }))).toEqual([]);
  expect(kept(data(`${outer}/secret.js`))).toEqual([]);
  expect(kept(data(own, { sources: ['../../secret.js'] }))).toEqual([]);
  expect(kept(data(own, { sources: [`file://${outer}/secret.js`] }))).toEqual([]);
  expect(kept(data(own, { sources: ['secret.js'], sourceRoot: outer }))).toEqual([]);
  expect(kept(data(own, { sources: ['secret.js'], sourceRoot: `file://${outer}` }))).toEqual([]);
  const v8 = (url: string) => [{ result: { url, functions: [] }, transform: null }];
  expect(ownCoverage({ babel: null, v8: v8(`file://${own}`) }, checkout.mayShow).v8).toHaveLength(1);
  expect(ownCoverage({ babel: null, v8: v8(`file://${outer}/secret.js`) }, checkout.mayShow).v8).toEqual([]);
});
