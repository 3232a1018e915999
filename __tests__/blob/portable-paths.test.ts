import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toPortableJson } from '../../src/blob/portable-json';
import { toLocal, toPortable } from '../../src/blob/portable-paths';
import { ROOT_PLACEHOLDER, shownText } from '../../src/blob/shown-text';

const ROOT = '/home/ci/repo';
const portable = toPortable(ROOT, null, path.posix);

test.each([
  ["open '<jd:rootDir>/test/a.js'", "open 'test/a.js'"],
  ['at file://<jd:rootDir>/../b.mjs:1:2', 'at ../b.mjs:1:2'],
  ['in <jd:rootDir>', 'in .'],
])('people read %s as %s', (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

describe('POSIX', () => {
  test.each([
    ['/home/ci/repo/src/a.js', '<jd:rootDir>/src/a.js'],
    ['/home/ci/repo', '<jd:rootDir>'],
    ['    at f (/home/ci/repo/src/a.js:3:5)', '    at f (<jd:rootDir>/src/a.js:3:5)'],
    ['file:///home/ci/repo/src/a.mjs', 'file://<jd:rootDir>/src/a.mjs'],
    ['\u001b[36m/home/ci/repo/a.js\u001b[39m', '\u001b[36m<jd:rootDir>/a.js\u001b[39m'],
    ['"/home/ci/repo/a b.js", /home/ci/repo/c.js', '"<jd:rootDir>/a b.js", <jd:rootDir>/c.js'],
    ['line\n/home/ci/repo/a.js', 'line\n<jd:rootDir>/a.js'],
  ])('%j', (text, expected) => {
    expect(portable(text)).toBe(expected);
  });

  test.each(['/home/ci/repo2/a.js', '/home/ci/repo-old/a.js', '/mnt/home/ci/repo/a.js', '../home/ci/repo/a.js'])(
    'another folder stays as it is: %s',
    (text) => {
      expect(portable(text)).toBe(text);
    },
  );

  test('a root that is the whole disk stands in front of every path, and is no name for any', () => {
    expect(toPortable('/', null, path.posix)('/a.js and /etc')).toBe('/a.js and /etc');
    expect(toPortable('/', null, path.posix)('cd / ; ls "/"')).toBe('cd / ; ls "/"');
    expect(toPortable('/repo', '/', path.posix)('/repo/a.js /etc/b')).toBe('<jd:rootDir>/a.js /etc/b');
    expect(toPortable('C:\\', null, path.win32)('C:\\a.js')).toBe('C:\\a.js');
  });

  test('folders above the root, up to the repository', () => {
    const inside = toPortable('/repo/packages/web', '/repo', path.posix);
    expect(inside('/repo/packages/web/a.js')).toBe('<jd:rootDir>/a.js');
    expect(inside('/repo/packages/api/b.js')).toBe('<jd:rootDir>/../api/b.js');
    expect(inside('at /repo/node_modules/x/index.js:1:1')).toBe('at <jd:rootDir>/../../node_modules/x/index.js:1:1');
    expect(inside('/other/x.js')).toBe('/other/x.js');
  });
});

describe('Windows', () => {
  const windows = toPortable('C:\\ci\\repo', null, path.win32);

  test.each([
    ['C:\\ci\\repo\\src\\a.js', '<jd:rootDir>/src/a.js'],
    ['at f (C:\\ci\\repo\\src\\a.js:3:5)', 'at f (<jd:rootDir>/src/a.js:3:5)'],
    ['c:/ci/repo/src/a.js', '<jd:rootDir>/src/a.js'],
    ['file:///C:/ci/repo/a.mjs', 'file://<jd:rootDir>/a.mjs'],
    ['C:\\ci\\repo2\\a.js', 'C:\\ci\\repo2\\a.js'],
    ['a regular expression \\d and C:\\temp', 'a regular expression \\d and C:\\temp'],
  ])('%j', (text, expected) => {
    expect(windows(text)).toBe(expected);
  });
});

describe('back', () => {
  const line = JSON.stringify({ text: 'at f (<jd:rootDir>/src/a.js:3:5)', [`${ROOT_PLACEHOLDER}/b.js`]: 1 });

  test('to another POSIX folder', () => {
    expect(JSON.parse(toLocal('/other/"place"', null, path.posix)(line))).toEqual({
      text: 'at f (/other/"place"/src/a.js:3:5)',
      '/other/"place"/b.js': 1,
    });
  });

  test('to Windows', () => {
    expect(JSON.parse(toLocal('D:\\work', null, path.win32)(line))).toEqual({
      text: 'at f (D:\\work\\src\\a.js:3:5)',
      'D:\\work\\b.js': 1,
    });
  });

  test('a file URL, to either', () => {
    const url = JSON.stringify('at file://<jd:rootDir>/src/a.mjs:1:2');
    expect(JSON.parse(toLocal('/work', null, path.posix)(url))).toBe('at file:///work/src/a.mjs:1:2');
    expect(JSON.parse(toLocal('D:\\work', null, path.win32)(url))).toBe('at file:///D:/work/src/a.mjs:1:2');
  });

  test('above the root', () => {
    const above = JSON.stringify('at <jd:rootDir>/../../node_modules/x.js and <jd:rootDir>/..hidden/y.js');
    expect(JSON.parse(toLocal('/r/packages/web', '/r', path.posix)(above))).toBe(
      'at /r/node_modules/x.js and /r/packages/web/..hidden/y.js',
    );
  });

  test('is the way there, for any text', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(ROOT, `${ROOT}/src/a.js`, '(', ')', ' ', '\n', '"', '\\'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        expect(JSON.parse(toLocal(ROOT, null, path.posix)(JSON.stringify(portable(text))))).toBe(text);
      }),
    );
  });
});

describe('JSON of anything', () => {
  const same = (text: string) => text;

  test('equals JSON.stringify wherever that has an answer', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withNullPrototype: true }), (value) => {
        let expected: string | undefined;
        try {
          expected = JSON.stringify(value);
        } catch {
          return;
        }
        const copied = toPortableJson(value, same);
        expect(copied === undefined ? undefined : JSON.stringify(copied)).toBe(expected);
      }),
    );
  });

  test('what has no JSON is left out or written as its digits', () => {
    expect(
      toPortableJson({ big: 10n, call: () => 1, symbol: Symbol('s'), no: undefined, list: [() => 1] }, same),
    ).toEqual({
      big: '10',
      list: [null],
    });
  });

  test('what refers to itself is left out, what stands beside it stays', () => {
    const self: Record<string, unknown> = { id: 1 };
    self.self = self;
    self.list = [self, 2];
    expect(toPortableJson(self, same)).toEqual({ id: 1, list: [null, 2] });
  });

  test('what is too large is refused', () => {
    expect(toPortableJson(Array(100).fill(1), same, 50)).toBeUndefined();
    expect(toPortableJson(new Array(4_000_000_000), same, 50)).toBeUndefined();
    expect(toPortableJson(Buffer.alloc(50_000_000), same, 50)).toBeUndefined();
    expect(toPortableJson([1, 2], same, 50)).toEqual([1, 2]);
  });

  test('what lies deeper than a reader reads is left out', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 10_000; level++) deep = { deep };
    expect(JSON.stringify(toPortableJson(deep, same))).toBe(`${'{"deep":'.repeat(99)}{}${'}'.repeat(99)}`);
  });

  test('a property that throws costs no other', () => {
    const fail = () => {
      throw new Error('closed');
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const value = {
      before: 1,
      get getter() {
        return fail();
      },
      json: { id: 2, toJSON: fail },
      keys: new Proxy({ a: 1 }, { ownKeys: fail }),
      read: new Proxy({ a: 1 }, { get: fail }),
      revoked: proxy,
      list: Object.defineProperty([1, 2, 3], 1, { get: fail }),
      thrown: Object.defineProperty({}, 'x', { get: () => fail, enumerable: true }),
      after: 3,
    };
    expect(toPortableJson(value, same)).toEqual({
      ...{ before: 1, json: { id: 2 }, keys: {}, read: {}, revoked: {}, list: [1, null, 3], thrown: {}, after: 3 },
    });
  });

  test('maps keys as well', () => {
    expect(toPortableJson({ '/home/ci/repo/a.js': '/home/ci/repo' }, portable)).toEqual({
      '<jd:rootDir>/a.js': '<jd:rootDir>',
    });
  });
});

describe('a path that leads out of the repository', () => {
  const local = toLocal('/r/packages/web', '/r', path.posix);
  const read = (text: string) => JSON.parse(local(JSON.stringify(text))) as string;

  test.each([
    ['<jd:rootDir>/../shared/a.js', '/r/packages/shared/a.js'],
    ['<jd:rootDir>/../../a.js', '/r/a.js'],
    ['<jd:rootDir>/a/../../b.js', '/r/packages/web/a/../../b.js'],
  ])('%s does not, and is %s', (portablePath, expected) => expect(read(portablePath)).toBe(expected));

  test.each(['<jd:rootDir>/../../../etc/passwd', '<jd:rootDir>/a/../../../../x', 'file://<jd:rootDir>/../../../x'])(
    '%s keeps its placeholder',
    (portablePath) => {
      expect(read(portablePath)).toBe(portablePath);
      expect(read(`at ${portablePath}:1:2`)).toBe(`at ${portablePath}:1:2`);
    },
  );

  test('is one above the root where there is no repository', () => {
    const line = JSON.stringify('<jd:rootDir>/../x.js');
    expect(toLocal('/r/packages/web', null, path.posix)(line)).toBe(line);
    // Nor where the root is none of its folders.
    expect(toLocal('/r/packages/web', '/other', path.posix)(line)).toBe(line);
    expect(toLocal('/r/web', '/r', path.posix)(line)).toBe(JSON.stringify('/r/x.js'));
  });
});
