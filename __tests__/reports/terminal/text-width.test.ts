import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellWidth, chop, cutEnd, cutStart, printable, wrapText } from '../../../src/reports/terminal/text-width';

const anyText = fc.string({ unit: 'grapheme', maxLength: 60 }).map(printable);

describe('cellWidth', () => {
  test('wide characters and emoji take two cells, combining marks and escape codes none', () => {
    expect(['abc', '日本', '🚀', 'e\u0301', '\u001b[31mx\u001b[39m'].map(cellWidth)).toEqual([3, 4, 2, 1, 1]);
  });
});

describe('printable', () => {
  test('shows what could move the cursor, forge a line or turn the text around', () => {
    expect(printable('a\nb\tc\0d')).toBe('a\\nb\\tc\\0d');
    expect(printable('\u001b[2Jx\u202ey\u2028z\ud800')).toBe('\\u{1b}[2Jx\\u{202e}y\\u{2028}z\\u{d800}');
  });

  test('leaves names of people as they are', () => {
    expect(printable('テスト/👩‍👧/épée.test.js')).toBe('テスト/👩‍👧/épée.test.js');
  });
});

describe('cutting', () => {
  test('the start goes from a path, the end from a sentence', () => {
    expect(cutStart('src/checkout/cart.test.js', 15, '…')).toBe('…t/cart.test.js');
    expect(cutEnd('node 3 was killed', 10, '...')).toBe('node 3 ...');
    expect(cutStart('short', 5, '…')).toBe('short');
  });

  test('a wide character is never cut in two', () => {
    expect(cutStart('日本語', 4, '…')).toBe('…語');
    expect(cutEnd('日本語', 4, '…')).toBe('日…');
  });

  test('property: the result fits, and is the text itself where that fits', () => {
    fc.assert(
      fc.property(anyText, fc.nat(80), fc.constantFrom('…', '...'), (text, width, ellipsis) => {
        for (const cut of [cutStart, cutEnd]) {
          const result = cut(text, width, ellipsis);
          expect(cellWidth(result)).toBeLessThanOrEqual(width);
          if (cellWidth(text) <= width) expect(result).toBe(text);
        }
      }),
    );
  });
});

describe('wrapText', () => {
  test('breaks at spaces, indents, and keeps a number with its unit', () => {
    expect(wrapText('it took all of 41.8 s here', 18, { first: '> ', others: '  ' })).toEqual([
      '> it took all of',
      '  41.8 s here',
    ]);
  });

  test('chops a word that is wider than a line', () => {
    expect(wrapText('see 0123456789abcdef', 10, { others: ' ' })).toEqual(['see', ' 012345678', ' 9abcdef']);
  });

  test('property: every line fits and no character is lost', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 10, max: 80 }), (text, columns) => {
        const lines = wrapText(text, columns, { first: ' ', others: '   ' });
        for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
        const withoutBlanks = (value: string) => value.replaceAll(' ', '');
        expect(withoutBlanks(lines.join(''))).toBe(withoutBlanks(text));
      }),
    );
  });
});

test('property: pieces of a chopped text fit and make the text again', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 4, max: 20 }), (text, width) => {
      const pieces = chop(text, width);
      expect(pieces.join('')).toBe(text);
      // One grapheme may by itself be wider than the narrowest of these widths; it stays whole.
      for (const piece of pieces) expect(cellWidth(piece) <= width || chop(piece, 1).length === 1).toBe(true);
    }),
  );
});

test('a command is not broken, at the end of a text or in quotation marks', () => {
  expect(wrapText('Remove the entry: npx jest-distributed quarantine remove a.test.js', 40, { others: '  ' })).toEqual([
    'Remove the entry:',
    '    npx jest-distributed quarantine remove a.test.js',
  ]);
  expect(wrapText('The runs are in "git log --oneline" as always', 24)).toEqual([
    'The runs are in',
    '"git log --oneline" as',
    'always',
  ]);
});
