const { parseCsv } = require('./csv');

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['"a,b",c', [['a,b', 'c']]],
  ['"say ""hi""",2', [['say "hi"', '2']]],
  ['"two\nlines",x', [['two\nlines', 'x']]],
  ['a,,c', [['a', '', 'c']]],
  ['a,', [['a', '']]],
  ['', []],
])('reads %j', (text, rows) => {
  expect(parseCsv(text)).toEqual(rows);
});

test('says where a quote is wrong', () => {
  expect(() => parseCsv('a,b"c')).toThrow('Unexpected quote at character 3.');
});
