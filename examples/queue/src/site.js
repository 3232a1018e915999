/** A website in memory that answers each request after `latencyMs`, as one behind a network does. */
function openSite(pages, { latencyMs = 25 } = {}) {
  return {
    async get(path) {
      await new Promise((resolve) => setTimeout(resolve, latencyMs));
      const links = pages[path];
      return links === undefined ? { status: 404, links: [] } : { status: 200, links };
    },
  };
}

/** Pages that each link to the next, under one folder: `/blog/1` → `/blog/2` → … */
function chain(folder, length) {
  const page = (number) => `/${folder}/${number}`;
  return Object.fromEntries(
    Array.from({ length }, (_, index) => [page(index + 1), index + 1 < length ? [page(index + 2)] : []]),
  );
}

module.exports = { chain, openSite };
