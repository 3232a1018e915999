import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { pageNames, readPage, root } from './pages';

const isElsewhere = (link: string): boolean => /^[a-z]+:/.test(link);

/** What is wrong with a relative link, or null. */
function fault(page: string, link: string): string | null {
  const [target = '', anchor] = link.split('#', 2);
  const file = target === '' ? page : path.posix.join(path.posix.dirname(page), decodeURI(target));
  if (file.startsWith('..')) return `${link} leaves the repository`;
  if (!existsSync(path.join(root, file))) return `${link} is no file`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  return readPage(file).anchors.has(anchor) ? null : `${link} is no heading of ${file}`;
}

describe('links', () => {
  test.each(pageNames())('every relative link of %s leads somewhere', (name) => {
    const { links } = readPage(name);
    const faults = links.filter((link) => !isElsewhere(link)).map((link) => fault(name, link));
    expect(faults.filter((found) => found !== null)).toEqual([]);
  });

  test('a dead link, a dead heading and a way out of the repository are noticed', () => {
    expect(fault('README.md', 'docs/nowhere.md')).toBe('docs/nowhere.md is no file');
    expect(fault('README.md', 'docs/getting-started.md#nowhere')).toMatch(/is no heading of docs\/getting-started\.md/);
    expect(fault('README.md', '../elsewhere.md')).toMatch(/leaves the repository/);
    expect(fault('docs/getting-started.md', '#1-install')).toBeNull();
  });

  test('the README has no relative link: npm shows it too', () => {
    expect(readPage('README.md').writtenLinks.filter((link) => !/^(https:|#)/.test(link))).toEqual([]);
  });

  test('every page of docs can be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const name of reached) {
      for (const link of readPage(name).links.filter((target) => !isElsewhere(target))) {
        const file = path.posix.join(path.posix.dirname(name), link.split('#', 1)[0] as string);
        if (file.endsWith('.md') && existsSync(path.join(root, file))) reached.add(file);
      }
    }
    expect(pageNames().filter((name) => name.startsWith('docs/') && !reached.has(name))).toEqual([]);
  });
});
