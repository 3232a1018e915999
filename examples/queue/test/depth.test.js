const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test.each([0, 1, 5])('no further than %i links from the start', async (depth) => {
  expect((await checkLinks(openSite(chain('deep', 20)), '/deep/1', { depth })).pages).toBe(depth + 1);
});
