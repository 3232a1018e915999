const { Trie } = require('./trie');

const trie = new Trie();
for (const word of ['node', 'nodes', 'nobody', 'ring', 'rank', 'ñandú']) trie.add(word);

test.each([
  ['no', ['node', 'nodes', 'nobody']],
  ['node', ['node', 'nodes']],
  ['r', ['ring', 'rank']],
  ['ñ', ['ñandú']],
  ['x', []],
  ['nodess', []],
])('%j leads to %j', (prefix, words) => {
  expect(trie.startingWith(prefix)).toEqual(words);
});
