import { fail, ok, type Result } from './result.js';

export type Token = { readonly kind: 'number' | 'operator' | 'bracket'; readonly text: string; readonly at: number };

/** Cuts a sum like `2 * (3 + 4)` into its tokens. */
export function tokenize(source: string): Result<Token[]> {
  const tokens: Token[] = [];
  const pattern = /\s*(?:(\d+(?:\.\d+)?)|([-+*/^])|([()]))/y;
  const end = source.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(source);
    if (match === null) return fail(`Unexpected ${JSON.stringify(source.slice(from).trimStart()[0])} in ${source}`);
    const [, number, operator, bracket] = match;
    const text = number ?? operator ?? bracket ?? '';
    const kind = number ? 'number' : operator ? 'operator' : 'bracket';
    tokens.push({ kind, text, at: pattern.lastIndex - text.length });
  }
  return ok(tokens);
}
