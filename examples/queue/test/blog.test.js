const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 44 pages of the blog are reached', async () => {
  const site = openSite(chain('blog', 44));
  expect(await checkLinks(site, '/blog/1')).toEqual({ pages: 44, broken: [] });
});
