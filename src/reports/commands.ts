import { cellWidth, chop } from './cells';
import type { Terminal } from './terminal';

const needsNoQuotes = /^[\w@%+=:,./-]+$/;

function quote(word: string): string {
  return needsNoQuotes.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * A command that can be copied into a POSIX shell, over as many lines as it needs: a line that goes on ends in a
 * backslash, and words keep their quotes.
 */
export function commandLines(words: readonly string[], terminal: Terminal, indent = '  '): string[] {
  // Two cells stay free for ` \`.
  const room = terminal.columns - 2;
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const [first = '', ...others] = quotedPieces(word, room - indent.length);
    if (line === '') line = indent + first;
    else if (cellWidth(`${line} ${first}`) <= room) line += ` ${first}`;
    else {
      lines.push(`${line} \\`);
      line = indent + first;
    }
    for (const piece of others) {
      lines.push(`${line}\\`);
      // Blanks here would end the word.
      line = piece;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** A word as pieces that a shell joins to it again; one piece unless it is wider than a line. */
function quotedPieces(word: string, room: number): string[] {
  const quoted = quote(word);
  if (cellWidth(quoted) <= room) return [quoted];
  if (quoted === word) return chop(word, room);
  // Two quotation marks enclose each piece, and one inside takes four cells.
  const pieceRoom = word.includes("'") ? Math.floor((room - 2) / 4) : room - 2;
  return chop(word, Math.max(1, pieceRoom)).map(quote);
}
