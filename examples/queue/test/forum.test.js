const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 14 pages of the forum are reached', async () => {
  const site = openSite(chain('forum', 14));
  expect(await checkLinks(site, '/forum/1')).toEqual({ pages: 14, broken: [] });
});
