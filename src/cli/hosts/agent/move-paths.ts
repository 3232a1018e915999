/** Paths in a checkout, as a person types them, are others in its copy. */

/**
 * A word with a path in the checkout, alone or after the name of a flag, as it is in the copy; any other as it is.
 *
 * @example movePath('--config=/home/ann/shop/jest.config.js', '/home/ann/shop', '/copies/shop/tree')
 */
export function movePath(word: string, top: string, tree: string): string {
  const flag = /^--[\w-]+=/.exec(word)?.[0] ?? '';
  const value = word.slice(flag.length);
  const isInside = value === top || value.startsWith(`${top}/`);
  return isInside ? flag + tree + value.slice(top.length) : word;
}
