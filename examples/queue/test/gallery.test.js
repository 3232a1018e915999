const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 10 pages of the gallery are reached', async () => {
  const site = openSite(chain('gallery', 10));
  expect(await checkLinks(site, '/gallery/1')).toEqual({ pages: 10, broken: [] });
});
