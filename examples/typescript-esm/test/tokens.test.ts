import { expect, test } from '@jest/globals';
import { tokenize } from '../src/tokens.js';

test('cuts a sum into tokens and knows where they stand', () => {
  expect(tokenize(' 12 *(3.5)')).toEqual({
    ok: true,
    value: [
      { kind: 'number', text: '12', at: 1 },
      { kind: 'operator', text: '*', at: 4 },
      { kind: 'bracket', text: '(', at: 5 },
      { kind: 'number', text: '3.5', at: 6 },
      { kind: 'bracket', text: ')', at: 9 },
    ],
  });
});

test('names the character it does not know', () => {
  expect(tokenize('1 + x')).toEqual({ ok: false, reason: 'Unexpected "x" in 1 + x' });
});
