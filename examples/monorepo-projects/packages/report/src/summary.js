/** "3 nodes", "1 node", "no nodes". */
function count(number, noun) {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}

/** "a, b and c". */
function list(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

module.exports = { count, list };
