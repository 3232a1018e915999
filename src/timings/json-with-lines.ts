/**
 * JSON that remembers lines and refuses doubled names.
 *
 * `JSON.parse` names no line (before Node 22 often not even a position) and keeps the last of two equal names without a
 * word, which is what a badly resolved merge conflict leaves behind. This reader is some five times slower and is used
 * only where the store does not have the shape we write, to say exactly what is wrong with it.
 */
export interface Located {
  /** 1-based line on which the value starts. */
  readonly line: number;
  readonly value: null | boolean | number | string | readonly Located[] | ReadonlyMap<string, Located>;
}

/** What is wrong with the text, and where. */
export class JsonProblem extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

// Says where a string ends; JSON.parse judges what is in it.
const stringToken = /"(?:[^"\\\n]|\\.)*"/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordToken = /true|false|null/y;
const deepest = 32;

/**
 * Reads a JSON text.
 *
 * @throws JsonProblem with the line, where the text is not JSON or an object has a name twice
 */
export function readLocatedJson(text: string): Located {
  let position = 0;
  let line = 1;

  const fail = (expected: string): never => {
    const found = position >= text.length ? 'the end of the file' : JSON.stringify(text.slice(position, position + 1));
    throw new JsonProblem(line, `expected ${expected} but found ${found}`);
  };
  const skipSpace = (): void => {
    for (; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === 10) line++;
      else if (code !== 32 && code !== 9 && code !== 13) return;
    }
  };
  const take = (token: RegExp): string | undefined => {
    token.lastIndex = position;
    const found = token.exec(text)?.[0];
    if (found !== undefined) position += found.length;
    return found;
  };
  const readString = (expected: string): string => {
    if (text[position] !== '"') fail(expected);
    try {
      return JSON.parse(take(stringToken) ?? '') as string;
    } catch {
      throw new JsonProblem(line, 'a string is damaged or has no closing quote');
    }
  };

  const readMembers = (close: string, readMember: () => void): void => {
    position++;
    skipSpace();
    if (text[position] === close) {
      position++;
      return;
    }
    for (;;) {
      readMember();
      skipSpace();
      const next = text[position];
      if (next !== ',' && next !== close) fail(`"," or "${close}"`);
      position++;
      if (next === close) return;
      skipSpace();
    }
  };

  const readValue = (depth: number): Located => {
    skipSpace();
    const start = line;
    if (depth > deepest) throw new JsonProblem(line, `nested more than ${deepest} levels deep`);
    switch (text[position]) {
      case '{': {
        const members = new Map<string, Located>();
        readMembers('}', () => {
          const nameLine = line;
          const name = readString('a name in double quotes');
          const earlier = members.get(name);
          if (earlier !== undefined) {
            throw new JsonProblem(nameLine, `${JSON.stringify(name)} stands here again, first on line ${earlier.line}`);
          }
          skipSpace();
          if (text[position] !== ':') fail('":"');
          position++;
          members.set(name, readValue(depth + 1));
        });
        return { line: start, value: members };
      }
      case '[': {
        const values: Located[] = [];
        readMembers(']', () => values.push(readValue(depth + 1)));
        return { line: start, value: values };
      }
      case '"':
        return { line: start, value: readString('a string') };
      default: {
        const token = take(numberToken) ?? take(wordToken) ?? fail('a value');
        return { line: start, value: JSON.parse(token) as null | boolean | number };
      }
    }
  };

  const whole = readValue(0);
  skipSpace();
  if (position < text.length) fail('the end of the file');
  return whole;
}
