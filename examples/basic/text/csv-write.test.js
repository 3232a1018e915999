const { formatCsv, parseCsv } = require('./csv');

test('quotes only what needs it', () => {
  expect(
    formatCsv([
      ['a', 'b,c'],
      [1, '"'],
    ]),
  ).toBe('a,"b,c"\r\n1,""""\r\n');
});

test('what was written is read back', () => {
  const rows = Array.from({ length: 500 }, (_, i) => [`${i}`, `name "${i}"`, `line\n${i}`, ',']);
  expect(parseCsv(formatCsv(rows))).toEqual(rows);
});
