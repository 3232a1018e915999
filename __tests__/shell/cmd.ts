/**
 * How Windows takes a command line apart: cmd.exe at its prompt, once more for each batch file that hands `%*` on, and
 * the C runtime of the program.
 *
 * - Percent signs, then quotation marks and carets: "How does the Windows Command Interpreter (CMD.EXE) parse scripts?",
 *   phases 1 and 2, for the command line; `cmd /?` on special characters.
 * - Arguments: Microsoft's "Parsing C command-line arguments" (UCRT).
 */

export interface CmdSetting {
  /** How many batch files stand between the prompt and the program. */
  readonly batchFiles: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** Phase 1 at the prompt: `%name%` is replaced where there is such a variable, else it stays. */
function expand(line: string, variables: CmdSetting['variables']): string {
  const known = new Map(Object.entries(variables).map(([name, value]) => [name.toUpperCase(), value]));
  let result = '';
  for (let index = 0; index < line.length; ) {
    const end = line[index] === '%' ? line.indexOf('%', index + 1) : -1;
    const value = end > index + 1 ? known.get(line.slice(index + 1, end).toUpperCase()) : undefined;
    if (value === undefined) result += line[index++];
    else {
      result += value;
      index = end + 1;
    }
  }
  return result;
}

/** Phase 2: carets are taken away outside of quotation marks; an operator there would end the command. */
function takeCarets(line: string): string {
  let result = '';
  let isQuoted = false;
  for (let index = 0; index < line.length; index++) {
    let character = line[index] as string;
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === '^') {
      index += 1;
      character = line[index] ?? '';
    } else if (!isQuoted && '&|<>'.includes(character)) throw new Error(`an operator at ${index} of ${line}`);
    result += character;
  }
  return result;
}

/** The C runtime. */
function takeApart(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let isQuoted = false;
  for (let index = 0; index < line.length; index++) {
    const character = line[index] as string;
    if (!isQuoted && (character === ' ' || character === '\t')) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    word ??= '';
    if (character === '\\') {
      const slashes = (/^\\+/.exec(line.slice(index)) as RegExpExecArray)[0].length;
      index += slashes - 1;
      if (line[index + 1] !== '"') word += '\\'.repeat(slashes);
      else {
        word += '\\'.repeat(Math.floor(slashes / 2));
        if (slashes % 2 === 1) {
          word += '"';
          index += 1;
        }
      }
    } else if (character === '"') {
      if (isQuoted && line[index + 1] === '"') {
        word += '"';
        index += 1;
      } else isQuoted = !isQuoted;
    } else word += character;
  }
  return word === null ? words : [...words, word];
}

/** The words that the program at the end is given. */
export function readByCmd(command: string, { batchFiles, variables }: CmdSetting): string[] {
  let line = takeCarets(expand(command, variables));
  // What `%*` stands for is not looked through for percent signs again.
  for (let batch = 0; batch < batchFiles; batch++) line = takeCarets(line);
  return takeApart(line);
}
