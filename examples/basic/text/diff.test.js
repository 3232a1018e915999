const { diffLines } = require('./diff');

test('equal texts have no marks', () => {
  expect(diffLines('a\nb', 'a\nb')).toEqual(['  a', '  b']);
});

test('shows a changed line as removed and added', () => {
  expect(diffLines('a\nb\nc', 'a\nx\nc')).toEqual(['  a', '- b', '+ x', '  c']);
});

test('both texts can be read out of the difference', () => {
  const before = 'one\ntwo\nthree\nfour\nfive';
  const after = 'zero\ntwo\nfour\nthree\nfive\nsix';
  const diff = diffLines(before, after);
  const without = (mark) =>
    diff
      .filter((line) => line[0] !== mark)
      .map((line) => line.slice(2))
      .join('\n');
  expect(without('+')).toBe(before);
  expect(without('-')).toBe(after);
});
