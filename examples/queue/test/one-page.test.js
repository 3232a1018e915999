const { checkLinks } = require('../src/check-links');
const { openSite } = require('../src/site');

test('a site of one page', async () => {
  expect(await checkLinks(openSite({ '/': [] }), '/')).toEqual({ pages: 1, broken: [] });
});

test('a start that is not there is a broken link of nobody', async () => {
  expect(await checkLinks(openSite({}), '/')).toEqual({ pages: 0, broken: [{ path: '/', from: null }] });
});
