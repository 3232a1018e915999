const byName = (a, b) => (a < b ? -1 : 1);

/**
 * A key-value store that answers after `latencyMs`, as one behind a network does.
 * Values are copied on the way in and out, so that nobody changes what is stored by accident.
 */
function openStore({ latencyMs }) {
  const values = new Map();
  const answer = async (work) => {
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    return work();
  };
  return {
    get: (key) => answer(() => structuredClone(values.get(key))),

    put: (key, value) => answer(() => void values.set(key, structuredClone(value))),

    /** Like put, but an error where the key is there already. */
    create: (key, value) =>
      answer(() => {
        if (values.has(key)) throw new Error(`${key} is there already.`);
        values.set(key, structuredClone(value));
      }),

    /** True if the value was the expected one and is now the new one. */
    replace: (key, expected, value) =>
      answer(() => {
        if (values.get(key) !== expected) return false;
        values.set(key, value);
        return true;
      }),

    /** The number after adding to it; a missing one counts as 0. */
    increment: (key, by = 1) =>
      answer(() => {
        const sum = (values.get(key) ?? 0) + by;
        values.set(key, sum);
        return sum;
      }),

    /** True if there was something to remove. */
    remove: (key) => answer(() => values.delete(key)),

    keys: (prefix) => answer(() => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(byName)),
  };
}

module.exports = { openStore };
