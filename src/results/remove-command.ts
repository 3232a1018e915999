/** The command that removes files, for a remedy. */

const PLAIN = /^[\w@%+=:,./-]+$/;

/** At most this many in one command; whoever has more empties the folder. */
const SHOWN = 5;

function shellWord(text: string): string {
  const word = text.startsWith('-') ? `./${text}` : text;
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param paths relative to the working directory, or absolute. */
export function removeCommand(paths: readonly string[]): string {
  return `rm ${paths.slice(0, SHOWN).map(shellWord).join(' ')}`;
}
