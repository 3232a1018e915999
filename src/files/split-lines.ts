/**
 * Splits a stream into lines; half a line waits for its rest.
 *
 * Not Node's readline: it also splits at U+2028, which stands unescaped inside JSON.
 */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest: string[] = [];
  return (chunk) => {
    const lines = chunk.split('\n');
    // Pieces are joined once: a list of 100,000 files comes in hundreds of chunks.
    if (lines.length > 1) {
      onLine(rest.join('') + lines[0]);
      for (const line of lines.slice(1, -1)) onLine(line);
      rest = [];
    }
    rest.push(lines.at(-1) as string);
  };
}
