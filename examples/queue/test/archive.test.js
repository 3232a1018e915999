const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 60 pages of the archive are reached', async () => {
  const site = openSite(chain('archive', 60));
  expect(await checkLinks(site, '/archive/1')).toEqual({ pages: 60, broken: [] });
});
