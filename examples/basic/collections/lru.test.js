const { LruCache } = require('./lru');

let cache;

beforeEach(() => {
  cache = new LruCache(3);
  for (const key of ['a', 'b', 'c']) cache.set(key, key.toUpperCase());
});

test('forgets what was used longest ago', () => {
  cache.set('d', 'D');
  expect(cache.keys()).toEqual(['b', 'c', 'd']);
});

test('reading counts as use', () => {
  expect(cache.get('a')).toBe('A');
  cache.set('d', 'D');
  expect(cache.keys()).toEqual(['c', 'a', 'd']);
});

test('a value may be undefined', () => {
  cache.set('b', undefined);
  expect(cache.get('b')).toBeUndefined();
  expect(cache.keys()).toContain('b');
});
