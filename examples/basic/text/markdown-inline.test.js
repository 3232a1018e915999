const { inline } = require('./markdown');

test.each([
  ['*soft*', '<em>soft</em>'],
  ['**loud**', '<strong>loud</strong>'],
  ['`code`', '<code>code</code>'],
  ['[home](/index.html)', '<a href="/index.html">home</a>'],
  ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
  ['2 * 3', '2 * 3'],
])('%j', (source, html) => {
  expect(inline(source)).toBe(html);
});
