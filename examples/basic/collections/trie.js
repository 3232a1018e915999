/** Words by their prefixes. */
class Trie {
  #root = { children: new Map(), isWord: false };

  add(word) {
    let node = this.#root;
    for (const letter of word) {
      if (!node.children.has(letter)) node.children.set(letter, { children: new Map(), isWord: false });
      node = node.children.get(letter);
    }
    node.isWord = true;
  }

  startingWith(prefix) {
    let node = this.#root;
    for (const letter of prefix) {
      node = node.children.get(letter);
      if (node === undefined) return [];
    }
    return [...words(node, prefix)];
  }
}

function* words(node, prefix) {
  if (node.isWord) yield prefix;
  for (const [letter, child] of node.children) yield* words(child, prefix + letter);
}

module.exports = { Trie };
