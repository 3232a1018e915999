const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 8 pages of the help are reached', async () => {
  const site = openSite(chain('help', 8));
  expect(await checkLinks(site, '/help/1')).toEqual({ pages: 8, broken: [] });
});
