import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { md5, openMd5 } from '../../src/plan/md5';

/** As OpenSSL answers where only approved algorithms are allowed. */
const software = openMd5(() => {
  throw Object.assign(new Error('digital envelope routines::unsupported'), { code: 'ERR_OSSL_EVP_UNSUPPORTED' });
});

test.each([
  ['OpenSSL', md5],
  ['a library, where OpenSSL refuses', software],
])('gives the digests that RFC 1321 prints, by %s', (_, digest) => {
  expect(digest('').toString('hex')).toBe('d41d8cd98f00b204e9800998ecf8427e');
  expect(digest('abc').toString('hex')).toBe('900150983cd24fb0d6963f7d28e17f72');
  expect(digest('1234567890'.repeat(8)).toString('hex')).toBe('57edf4a22be3c955ac49da2e2107b67a');
});

test('both agree for any text, lone surrogates included', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('\ud800', '\0'), fc.string({ unit: 'binary', maxLength: 1 })),
    maxLength: 300,
  });
  fc.assert(
    fc.property(text, (one) => {
      const expected = createHash('md5').update(one).digest('hex');
      expect(md5(one).toString('hex')).toBe(expected);
      expect(software(one).toString('hex')).toBe(expected);
    }),
  );
});
