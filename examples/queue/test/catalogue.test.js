const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 36 pages of the catalogue are reached', async () => {
  const site = openSite(chain('catalogue', 36));
  expect(await checkLinks(site, '/catalogue/1')).toEqual({ pages: 36, broken: [] });
});
