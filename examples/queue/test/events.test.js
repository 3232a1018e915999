const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('all 20 pages of the events are reached', async () => {
  const site = openSite(chain('events', 20));
  expect(await checkLinks(site, '/events/1')).toEqual({ pages: 20, broken: [] });
});
