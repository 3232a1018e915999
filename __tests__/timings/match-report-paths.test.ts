import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TestFile } from '../../src/plan/item';
import { type KnownFile, type Locate, locateFiles } from '../../src/timings/match-report-paths';

function knownAt(...locations: string[]): KnownFile[] {
  return locations.map((location) => ({ file: { project: null, path: location }, location }));
}

/** Where each path is, by location, or why nowhere. */
function located(paths: string[], known: readonly KnownFile[], root?: string): string[] {
  const locate = locateFiles(paths, known, root);
  return paths.map((path) => nameOf(locate, path));
}

function nameOf(locate: Locate, path: string): string {
  const found: TestFile | string = locate(path);
  return typeof found === 'string' ? `(${found})` : found.path;
}

describe('paths of a report', () => {
  const known = knownAt(
    'packages/a/src/index.test.ts',
    'packages/b/src/index.test.ts',
    'src/index.test.ts',
    'tools/x.test.ts',
  );

  test.each([
    ['relative to our root', ''],
    ['with a dot in front', './'],
    ['of a checkout elsewhere', '/home/ci/checkout/'],
    ['of a checkout on Windows', 'C:\\ci\\checkout\\'],
  ])('%s', (_, folder) => {
    const written = known.map(
      ({ location }) => folder + (folder.startsWith('C') ? location.replaceAll('/', '\\') : location),
    );
    expect(located(written, known)).toEqual(known.map(({ location }) => location));
  });

  test('of our own checkout, where the root is told', () => {
    expect(
      located(['/work/src/index.test.ts', '/work/src/gone.test.ts', '/elsewhere/nothing.test.ts'], known, '/work/'),
    ).toEqual(['src/index.test.ts', '(unknown)', '(unknown)']);
  });

  test('of a part of our tree are found where the part is', () => {
    const ours = knownAt('packages/a/src/one.test.ts', 'packages/a/src/two.test.ts', 'packages/b/src/three.test.ts');
    expect(located(['/app/src/one.test.ts', '/app/src/two.test.ts', '/app/src/gone.test.ts'], ours)).toEqual([
      'packages/a/src/one.test.ts',
      'packages/a/src/two.test.ts',
      '(unknown)',
    ]);
  });

  test('of a larger tree than ours', () => {
    expect(located(['mono/web/tools/x.test.ts', 'mono/web/src/index.test.ts'], known)).toEqual([
      'tools/x.test.ts',
      'src/index.test.ts',
    ]);
  });

  test('the many decide, so a file that moved is not mistaken for its namesake', () => {
    const paths = ['/ci/tools/x.test.ts', '/ci/packages/a/src/index.test.ts', '/ci/packages/gone/src/x.test.ts'];
    expect(located(paths, known)).toEqual(['tools/x.test.ts', 'packages/a/src/index.test.ts', '(unknown)']);
  });

  test('that fit two places equally well are ambiguous, not guessed', () => {
    const ours = knownAt('a/src/one.test.ts', 'b/src/two.test.ts');
    expect(located(['/app/src/one.test.ts', '/app/src/two.test.ts'], ours)).toEqual(['(ambiguous)', '(ambiguous)']);
  });

  test('of a file that two projects have are ambiguous', () => {
    const both = ['web', 'server'].map((project) => ({ file: { project, path: 'a.test.ts' }, location: 'a.test.ts' }));
    expect(located(['/ci/a.test.ts', 'a.test.ts'], both)).toEqual(['(ambiguous)', '(ambiguous)']);
  });

  test('that only end alike with several files say nothing', () => {
    expect(located(['/ci/other/index.test.ts'], knownAt('a/index.test.ts', 'b/index.test.ts'))).toEqual(['(unknown)']);
  });

  test('may be anything', () => {
    expect(located(['', '/', 'a suite', '\\', 'index.test.ts/'], known)).toEqual(Array(5).fill('(unknown)'));
  });

  test('in decomposed Unicode are the same files', () => {
    expect(located(['/ci/u\u0308ber.test.ts'], knownAt('\u00fcber.test.ts'))).toEqual(['\u00fcber.test.ts']);
  });
});

test('a whole suite of any shape is found from any checkout, in any order', () => {
  const segment = fc.constantFrom('a', 'b', 'src', 'test', 'index.js');
  const location = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
  const locations = fc.uniqueArray(location, { minLength: 1, maxLength: 10 });
  const folder = fc.constantFrom('/ci/build-7/', '/x/', 'D:\\agent\\work\\', '/');
  fc.assert(
    fc.property(locations, folder, (ours, checkout) => {
      const there = ours.map((path) =>
        checkout.startsWith('D') ? checkout + path.replaceAll('/', '\\') : checkout + path,
      );
      expect(located(there, knownAt(...ours))).toEqual(ours);
      expect(located([...there].reverse(), knownAt(...ours.toReversed()))).toEqual(ours.toReversed());
    }),
  );
});
