const { indexBy } = require('./field-index');

const teas = [
  { name: 'Sencha', kind: 'green' },
  { name: 'Assam', kind: 'black' },
  { name: 'Bancha', kind: 'green' },
];

test('finds all records with a value, in their order', () => {
  const ofKind = indexBy(teas, 'kind');
  expect(ofKind('green').map(({ name }) => name)).toEqual(['Sencha', 'Bancha']);
  expect(ofKind('white')).toEqual([]);
});
