const { checkLinks } = require('../src/check-links');
const { chain, openSite } = require('../src/site');

test('a link that leads nowhere is told with its page', async () => {
  const site = openSite({ ...chain('news', 6), '/news/6': ['/news/7', '/news/1'] });
  expect(await checkLinks(site, '/news/1')).toEqual({ pages: 6, broken: [{ path: '/news/7', from: '/news/6' }] });
});

test('one that stands on two pages is told once', async () => {
  const site = openSite({ '/': ['/a', '/b'], '/a': ['/gone'], '/b': ['/gone'] });
  expect((await checkLinks(site, '/')).broken).toEqual([{ path: '/gone', from: '/a' }]);
});
