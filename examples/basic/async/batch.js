/** Collects what is asked for within `windowMs` and loads it with one call of `loadAll`. */
function createBatch(loadAll, windowMs) {
  let open = null;
  return (key) => {
    if (open === null) {
      const keys = [];
      const results = new Promise((resolve) => setTimeout(resolve, windowMs)).then(() => {
        open = null;
        return loadAll(keys);
      });
      open = { keys, results };
    }
    const { keys, results } = open;
    if (!keys.includes(key)) keys.push(key);
    return results.then((values) => values[keys.indexOf(key)]);
  };
}

module.exports = { createBatch };
