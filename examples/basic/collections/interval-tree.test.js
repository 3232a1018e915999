const { IntervalTree } = require('./interval-tree');

const intervals = Array.from({ length: 400 }, (_, i) => {
  const from = (i * 37) % 1_000;
  return [from, from + ((i * 13) % 50)];
});

test('finds what a look at every interval finds', () => {
  const tree = new IntervalTree(intervals);
  for (let point = -5; point <= 1_060; point += 5) {
    const expected = intervals.filter(([from, to]) => from <= point && point <= to).sort((a, b) => a[0] - b[0]);
    expect(tree.at(point).map(String).sort()).toEqual(expected.map(String).sort());
  }
});

test('an empty tree holds nothing', () => {
  expect(new IntervalTree([]).at(1)).toEqual([]);
});
