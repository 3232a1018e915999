import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readPackageName } from '../../src/files/package-name';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'package-name-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(path.join(root, 'package.json'), text);

describe('the name of a package', () => {
  test('is read from its package.json', async () => {
    write('{"name":"@shop/web"}');
    expect(await readPackageName(root)).toBe('@shop/web');
  });

  test('is null where there is none', async () => {
    expect(await readPackageName(root)).toBeNull();
    for (const text of ['{}', '{"name":""}', '{"name":5}', 'null']) {
      write(text);
      expect(await readPackageName(root)).toBeNull();
    }
  });

  test('is an error where the file is damaged: another name would be another queue', async () => {
    write('{"name":');
    await expect(readPackageName(root)).rejects.toMatchObject({
      code: 'PACKAGE_UNREADABLE',
      message: expect.stringContaining(`${path.join(root, 'package.json')}, which names the pipeline`),
      remedy: 'Correct the file.',
    });
  });
});
