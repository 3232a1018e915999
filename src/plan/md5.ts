/**
 * MD5 (RFC 1321), as ketama needs it. Not for security: it decides which node runs a file, and must decide the same for
 * ever.
 */
import { hash } from 'node:crypto';
// Not the global: jsdom's sandbox, where the set-up file hashes, has none.
import { TextEncoder } from 'node:util';

/** The digest of a text in UTF-8, 16 bytes; a lone surrogate counts as U+FFFD. */
export type Md5 = (text: string) => Buffer;

/** @param native `hash` of `node:crypto`; where OpenSSL refuses MD5 (FIPS) a library computes it. */
export function openMd5(native: typeof hash = hash): Md5 {
  try {
    native('md5', '');
    return (text) => native('md5', text, 'buffer');
  } catch {
    const spark = require('spark-md5') as { readonly ArrayBuffer: { hash(bytes: ArrayBufferLike): string } };
    const encoder = new TextEncoder();
    return (text) => Buffer.from(spark.ArrayBuffer.hash(encoder.encode(text).buffer), 'hex');
  }
}

export const md5: Md5 = openMd5();
