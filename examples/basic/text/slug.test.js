const { slug } = require('./slug');

test.each([
  ['Hello, World!', 'hello-world'],
  ['Crème brûlée', 'creme-brulee'],
  ['  Straße 12 ', 'strasse-12'],
  ['a -- b', 'a-b'],
  ['???', ''],
])('%j becomes %j', (title, expected) => {
  expect(slug(title)).toBe(expected);
});

test('a slug stays what it is', () => {
  expect(slug(slug('Ångström & Co.'))).toBe(slug('Ångström & Co.'));
});
