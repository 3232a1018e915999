const { PriorityQueue } = require('../collections/priority-queue');

/** Dijkstra's way from one node to another, or null. `roads` is { node: { neighbour: length } }. */
function shortestPath(roads, from, to) {
  const best = new Map([[from, 0]]);
  const cameFrom = new Map();
  const open = new PriorityQueue((a, b) => a.length - b.length);
  open.add({ node: from, length: 0 });
  while (open.size > 0) {
    const { node, length } = open.take();
    if (node === to) return { length, path: walkBack(cameFrom, to) };
    if (length > best.get(node)) continue;
    for (const [neighbour, step] of Object.entries(roads[node] ?? {})) {
      if (length + step >= (best.get(neighbour) ?? Number.POSITIVE_INFINITY)) continue;
      best.set(neighbour, length + step);
      cameFrom.set(neighbour, node);
      open.add({ node: neighbour, length: length + step });
    }
  }
  return null;
}

function walkBack(cameFrom, to) {
  const path = [to];
  while (cameFrom.has(path[0])) path.unshift(cameFrom.get(path[0]));
  return path;
}

module.exports = { shortestPath };
