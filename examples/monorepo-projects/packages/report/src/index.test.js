const report = require('.');

test('what the package offers', () => {
  expect(Object.keys(report).sort()).toEqual(['bar', 'count', 'list', 'table']);
});
