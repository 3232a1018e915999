import { describe, expect, test } from '@jest/globals';
import type { StoredCoverage, V8Entry } from '../../src/blob/blob';
import { foreignSources, ownCoverage } from '../../src/blob/own-coverage';

const mayShow = (file: string): boolean => file.replace(/^file:\/\//, '').startsWith('/repo/');
const own = { path: '/repo/a.js', s: { '0': 3 } };

const babelOf = (data: object): unknown =>
  ownCoverage({ babel: { 'a.js': data as never }, v8: null }, mayShow).babel?.['a.js'];

describe("coverage of this repository's files", () => {
  test('stays as it is, and where there is none nothing is made up', () => {
    const coverage: StoredCoverage = { babel: { 'a.js': own }, v8: null };
    expect(ownCoverage(coverage, mayShow)).toEqual(coverage);
    expect(ownCoverage({ babel: null, v8: null }, mayShow)).toEqual({ babel: null, v8: null });
  });

  test('that is of another place, or of none, goes', () => {
    expect(babelOf({ ...own, path: '/etc/passwd' })).toBeUndefined();
    expect(babelOf({ ...own, path: 7 })).toBeUndefined();
    const entry = (url: string) => ({ result: { url, functions: [] }, transform: null }) as unknown as V8Entry;
    const coverage = { babel: null, v8: [entry('/repo/a.js'), entry('/etc/passwd')] };
    expect(ownCoverage(coverage, mayShow).v8).toEqual([entry('/repo/a.js')]);
  });

  test('with a map of its own sources keeps the map', () => {
    const data = { ...own, inputSourceMap: { version: 3, sources: ['a.ts'], sourceRoot: '' } };
    expect(babelOf(data)).toEqual(data);
  });

  test('with a map that leads elsewhere keeps its counters: one source is the file itself, of several none', () => {
    const map = (sources: unknown, more: object = {}) => ({
      ...own,
      inputSourceMap: { version: 3, sources, ...more },
    });
    expect(babelOf(map(['/etc/passwd'], { sourceRoot: '/etc', file: 'x' }))).toEqual({
      ...own,
      inputSourceMap: { version: 3, sources: ['/repo/a.js'] },
    });
    expect(babelOf(map(['/etc/passwd', 'a.ts']))).toEqual(own);
    expect(babelOf(map([], { file: '/etc/passwd' }))).toEqual(own);
    expect(babelOf(map('no list', { file: '/etc/passwd' }))).toEqual(own);
  });

  test('every way to read a source counts', () => {
    const foreign = (sources: string[], sourceRoot = '') =>
      foreignSources({ sources, sourceRoot }, '/repo/a.js', mayShow);
    expect(foreign(['a.ts', './b/c.ts', 'file:///repo/a.ts', '/repo/x.ts'])).toEqual([]);
    expect(foreign(['../etc/passwd'])).toEqual(['../etc/passwd']);
    expect(foreign(['webpack:///etc/passwd'])).toEqual(['webpack:///etc/passwd']);
    expect(foreign(['passwd'], '/etc')).toEqual(['passwd']);
    expect(foreign(['../b.ts'], 'lib')).toEqual(['../b.ts']);
    expect(foreign(['/repo/a.ts'], '/etc')).toEqual(['/repo/a.ts']);
    expect(foreign(['file:///etc/passwd'])).toEqual(['file:///etc/passwd']);
    // A URL may hide in its escapes what its path does not show.
    const strict = (file: string) => !file.startsWith('file:') || !file.includes('%');
    const escaped = 'file:///repo/%2e%2e/etc/passwd';
    expect(foreignSources({ sources: [escaped] }, '/repo/a.js', strict)).toEqual([escaped]);
    expect(foreignSources(null, '/repo/a.js', mayShow)).toEqual([]);
    expect(foreignSources(undefined, '/repo/a.js', mayShow)).toEqual([]);
  });
});
