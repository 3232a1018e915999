const { levenshtein, nearest } = require('./levenshtein');

const words = ['kitten', 'sitting', 'saturday', 'sunday', '', 'flaw', 'lawn'];

test.each([
  ['kitten', 'sitting', 3],
  ['saturday', 'sunday', 3],
  ['flaw', 'lawn', 2],
  ['', 'abc', 3],
])('%j is %j in %i edits', (from, to, edits) => {
  expect(levenshtein(from, to)).toBe(edits);
});

test('is a distance: zero to itself, symmetric, and no detour is shorter', () => {
  for (const a of words) {
    expect(levenshtein(a, a)).toBe(0);
    for (const b of words) {
      expect(levenshtein(a, b)).toBe(levenshtein(b, a));
      for (const c of words) expect(levenshtein(a, c)).toBeLessThanOrEqual(levenshtein(a, b) + levenshtein(b, c));
    }
  }
});

test('suggests a name only where one is near', () => {
  expect(nearest('strateg', ['strategy', 'timings'])).toBe('strategy');
  expect(nearest('elephant', ['strategy', 'timings'])).toBeUndefined();
});
