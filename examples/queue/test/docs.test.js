const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 28 pages of the docs are reached', async () => {
  const site = openSite(chain('docs', 28));
  expect(await checkLinks(site, '/docs/1')).toEqual({ pages: 28, broken: [] });
});
