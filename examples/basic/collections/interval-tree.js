/** Finds all [from, to] intervals that hold a point, without looking at every one of them. */
class IntervalTree {
  constructor(intervals) {
    this.root = build([...intervals].sort((a, b) => a[0] - b[0]));
  }

  at(point) {
    const found = [];
    collect(this.root, point, found);
    return found;
  }
}

function build(sorted) {
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  const left = build(sorted.slice(0, middle));
  const right = build(sorted.slice(middle + 1));
  const interval = sorted[middle];
  return { interval, left, right, end: Math.max(interval[1], left?.end ?? interval[1], right?.end ?? interval[1]) };
}

function collect(node, point, found) {
  if (node === null || point > node.end) return;
  collect(node.left, point, found);
  const [from, to] = node.interval;
  if (from <= point && point <= to) found.push(node.interval);
  if (point >= from) collect(node.right, point, found);
}

module.exports = { IntervalTree };
