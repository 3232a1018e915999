/**
 * Follows all links from `start`, one page after the other.
 *
 * @returns how many pages answered, and every link that leads nowhere with the page it stands on.
 */
async function checkLinks(site, start, { depth = Number.POSITIVE_INFINITY } = {}) {
  const seen = new Set([start]);
  const broken = [];
  let pages = 0;
  let level = [{ path: start, from: null }];
  for (let distance = 0; level.length > 0 && distance <= depth; distance++) {
    const next = [];
    for (const { path, from } of level) {
      const { status, links } = await site.get(path);
      if (status !== 200) {
        broken.push({ path, from });
        continue;
      }
      pages += 1;
      for (const link of links) {
        if (seen.has(link)) continue;
        seen.add(link);
        next.push({ path: link, from: path });
      }
    }
    level = next;
  }
  return { pages, broken };
}

module.exports = { checkLinks };
