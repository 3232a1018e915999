const { topologicalOrder } = require('./topological-order');

test('what is needed comes first', () => {
  expect(topologicalOrder({ app: ['ui', 'api'], ui: ['core'], api: ['core', 'db'], core: [], db: [] })).toEqual([
    'core',
    'db',
    'api',
    'ui',
    'app',
  ]);
});

test('names the members of a cycle', () => {
  expect(() => topologicalOrder({ a: ['b'], b: ['c'], c: ['a'], free: [] })).toThrow('These need each other: a, b, c.');
});
