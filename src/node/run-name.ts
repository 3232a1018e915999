/** Ids of CIs as names: one segment of a path, whatever the CI put into it. */
import { createHash } from 'node:crypto';

const LONGEST = 100;

/** Escapes what a name may not hold as `=2F`, byte by byte, and `=` itself, so that different ids stay different. */
export function toRunName(id: string): string {
  const characters = [...id];
  const last = characters.length - 1;
  const name = characters
    .map((character, index) => {
      const isPlain =
        index === 0 || index === last
          ? /^[\p{L}\p{N}]$/u.test(character)
          : /^[\p{L}\p{M}\p{N} ._+@-]$/u.test(character);
      return isPlain ? character : escapeBytes(character);
    })
    .join('');
  if (name.length <= LONGEST) return name;
  // No escape begins with `=-`.
  return `${name.slice(0, LONGEST - 34)}=-${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

const escapeBytes = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
