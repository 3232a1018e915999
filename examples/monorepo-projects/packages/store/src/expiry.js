const dayMs = 86_400_000;

/** The names of the articles whose best-before day (UTC) has passed. */
function expired(articles, now = new Date()) {
  return articles.filter(({ bestBefore }) => Date.parse(bestBefore) + dayMs <= now.getTime()).map(({ name }) => name);
}

module.exports = { expired };
