const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('links in a circle come to an end', async () => {
  const site = openSite({ ...chain('round', 12), '/round/12': ['/round/1'] });
  expect(await checkLinks(site, '/round/1')).toEqual({ pages: 12, broken: [] });
});
