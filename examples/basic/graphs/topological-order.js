/** Names so that everything stands after what it needs (Kahn); a cycle is an error that shows it. */
function topologicalOrder(needs) {
  const waiting = new Map(Object.entries(needs).map(([name, list]) => [name, new Set(list)]));
  const order = [];
  while (waiting.size > 0) {
    const ready = [...waiting.keys()].filter((name) => waiting.get(name).size === 0).sort();
    if (ready.length === 0) throw new Error(`These need each other: ${[...waiting.keys()].sort().join(', ')}.`);
    for (const name of ready) {
      order.push(name);
      waiting.delete(name);
      for (const rest of waiting.values()) rest.delete(name);
    }
  }
  return order;
}

module.exports = { topologicalOrder };
