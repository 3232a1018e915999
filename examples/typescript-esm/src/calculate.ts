import { fail, ok, type Result } from './result.js';
import { type Token, tokenize } from './tokens.js';

const operators: Record<string, { readonly rank: number; readonly apply: (a: number, b: number) => number }> = {
  '+': { rank: 1, apply: (a, b) => a + b },
  '-': { rank: 1, apply: (a, b) => a - b },
  '*': { rank: 2, apply: (a, b) => a * b },
  '/': { rank: 2, apply: (a, b) => a / b },
  '^': { rank: 3, apply: (a, b) => a ** b },
};

/** The value of a sum; precedence climbing, `^` binds to the right. */
export function calculate(source: string): Result<number> {
  const tokens = tokenize(source);
  if (!tokens.ok) return tokens;
  const rest = [...tokens.value];
  const value = expression(rest, 1);
  if (value.ok && rest.length > 0) return fail(`Unexpected ${rest[0]?.text} at character ${(rest[0]?.at ?? 0) + 1}`);
  return value;
}

function expression(rest: Token[], minimum: number): Result<number> {
  let left = operand(rest);
  while (left.ok) {
    const sign = rest[0]?.kind === 'operator' ? rest[0].text : '';
    const operator = operators[sign];
    if (operator === undefined || operator.rank < minimum) return left;
    rest.shift();
    const right = expression(rest, sign === '^' ? operator.rank : operator.rank + 1);
    left = right.ok ? ok(operator.apply(left.value, right.value)) : right;
  }
  return left;
}

function operand(rest: Token[]): Result<number> {
  const token = rest.shift();
  if (token === undefined) return fail('The sum ends too early');
  if (token.kind === 'number') return ok(Number(token.text));
  if (token.text !== '(') return fail(`Unexpected ${token.text} at character ${token.at + 1}`);
  const inner = expression(rest, 1);
  if (inner.ok && rest.shift()?.text !== ')') return fail('A bracket is not closed');
  return inner;
}
