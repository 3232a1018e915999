const { valueAt } = require('./json-pointer');

// The table of RFC 6901, section 5.
const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, ' ': 7, 'm~n': 8 };

test.each([
  ['', document],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/ ', 7],
  ['/m~0n', 8],
])('%j', (pointer, value) => {
  expect(valueAt(document, pointer)).toEqual(value);
});

test('names what is not there', () => {
  expect(() => valueAt(document, '/foo/2')).toThrow('There is nothing at /foo/2.');
  expect(() => valueAt(document, '/toString')).toThrow('There is nothing at /toString.');
});
