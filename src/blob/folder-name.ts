/** Ids of runs as names of folders: an id may be any text, and a CI's often is. */
import { createHash } from 'node:crypto';

/** Characters, all of them ASCII: every file system takes more. */
const LONGEST = 100;

/**
 * Escapes what not every file system and artifact store takes as `=2F`, byte by byte, and `=` itself: different ids have
 * different folders. What would be too long ends in a digest of the id instead.
 */
export function folderName(id: string): string {
  // No escape is so short; an empty id would be no folder at all.
  if (id === '') return '=';
  const characters = [...id];
  const last = characters.length - 1;
  const name = characters
    .map((character, index) => {
      const isPlain = index === 0 || index === last ? /^[A-Za-z0-9]$/.test(character) : /^[\w.+@-]$/.test(character);
      return isPlain ? character : escapeBytes(character);
    })
    .join('');
  // Windows takes these for devices.
  if (/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name)) return escapeBytes(name[0] as string) + name.slice(1);
  if (name.length <= LONGEST) return name;
  // No escape begins with `=-`.
  return `${name.slice(0, LONGEST - 34)}=-${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

const escapeBytes = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
