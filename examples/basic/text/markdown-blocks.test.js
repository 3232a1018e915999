const { markdown } = require('./markdown');

test.each([1, 2, 3, 4, 5, 6])('a heading of level %i', (level) => {
  expect(markdown(`${'#'.repeat(level)} Title`)).toBe(`<h${level}>Title</h${level}>`);
});

test('seven hashes are a paragraph', () => {
  expect(markdown('####### Title')).toBe('<p>####### Title</p>');
});

test('a page', () => {
  expect(markdown('# Nodes\n\nEach runs\nits share.\n\n- one\n- *two*\n')).toMatchInlineSnapshot(`
"<h1>Nodes</h1>
<p>Each runs its share.</p>
<ul><li>one</li><li><em>two</em></li></ul>"
`);
});
