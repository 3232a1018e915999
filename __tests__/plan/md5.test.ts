import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestInto } from '../../src/plan/md5';
import { digestAll } from '../../src/plan/md5-many';

function ours(text: string): number[] {
  const words = new Uint32Array(4);
  digestInto(text, words);
  return [...words];
}

function reference(text: string): number[] {
  const digest = createHash('md5').update(text).digest();
  return [0, 4, 8, 12].map((at) => digest.readUInt32LE(at));
}

describe('digestInto', () => {
  test('gives the digests that RFC 1321 prints', () => {
    const hex = (text: string) =>
      ours(text)
        .map((word) => Buffer.from(Uint32Array.of(word).buffer).toString('hex'))
        .join('');
    expect(hex('')).toBe('d41d8cd98f00b204e9800998ecf8427e');
    expect(hex('abc')).toBe('900150983cd24fb0d6963f7d28e17f72');
    expect(hex('1234567890'.repeat(8))).toBe('57edf4a22be3c955ac49da2e2107b67a');
  });

  test.each(['a', 'ä', '漢', '😀'])('agrees with node:crypto for every length around block ends: %s', (character) => {
    for (let length = 0; length <= 300; length++) {
      const text = character.repeat(length);
      expect(ours(text)).toEqual(reference(text));
    }
  });

  test('agrees beyond the size of its own buffer', () => {
    for (const length of [940, 950, 951, 960, 1015, 1024, 5000]) {
      for (const character of ['a', 'é', '😀']) {
        const text = character.repeat(length);
        expect(ours(text)).toEqual(reference(text));
      }
    }
  });

  test('agrees with node:crypto for any text, lone surrogates included, whatever was hashed before', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\ud800', '\0'), fc.string({ unit: 'binary', maxLength: 1 })),
      maxLength: 300,
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
        for (const one of texts) expect(ours(one)).toEqual(reference(one));
      }),
    );
  });
});

describe('digestAll', () => {
  const eachByItself = (texts: readonly string[]) => texts.flatMap(reference);

  test('agrees with node:crypto below and above the number from which WebAssembly hashes', () => {
    for (const count of [0, 1, 40, 999, 1000, 1001]) {
      const texts = Array.from({ length: count }, (_, index) => `src/${'x'.repeat(index % 200)}${index}.test.js`);
      expect([...digestAll(texts)]).toEqual(eachByItself(texts));
    }
  });

  test('agrees beyond the size of a chunk, for texts of every length around block ends', () => {
    const texts = Array.from({ length: 20_050 }, (_, index) => 'aä漢😀'[index % 4] + String(index).repeat(index % 31));
    expect([...digestAll(texts)]).toEqual(eachByItself(texts));
  });

  test('agrees for any texts, lone surrogates included', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `${index}`);
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\ud800', '\0'), fc.string({ unit: 'binary', maxLength: 1 })),
      maxLength: 300,
    });
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        expect([...digestAll([...many, ...texts]).slice(many.length * 4)]).toEqual(eachByItself(texts));
      }),
    );
  });
});
