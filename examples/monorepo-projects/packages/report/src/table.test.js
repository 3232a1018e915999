const { table } = require('./table');

test('columns as wide as their widest cell', () => {
  const rows = [
    ['node', 1],
    ['node with a long name', 1200],
  ];
  expect(table(rows)).toBe('node                      1\nnode with a long name  1200');
});

test('no blanks at the end of a line', () => {
  expect(
    table([
      ['a', 'long'],
      ['b', ''],
    ]),
  ).toBe('a  long\nb');
});
