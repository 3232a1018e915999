const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of at most `width` characters, exact to an eighth of one. */
function bar(part, width) {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  return '█'.repeat(Math.floor(filled / 8)) + eighths[filled % 8];
}

module.exports = { bar };
