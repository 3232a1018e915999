/**
 * MD5 of short strings (RFC 1321), as ketama needs it: the digest as four little-endian words, without an allocation
 * for ASCII keys. Not for security: it decides which node runs a file, and must decide the same for ever.
 */
// Not the global: jsdom's sandbox, where the set-up file hashes, has none.
import { TextEncoder } from 'node:util';
import { compress } from './md5-block';

const blockBytes = 64;
/** Room for the 0x80 byte and the 64-bit length that end a message. */
const paddingBytes = 9;
const ownBytes = 1024;

// Shared by all calls, which is safe because a call never yields.
const own = new Uint8Array(ownBytes);
const state = new Int32Array(4);
const encoder = new TextEncoder();

/**
 * Writes the MD5 digest of `text` in UTF-8 into `words` as four unsigned little-endian words.
 *
 * A lone surrogate counts as U+FFFD, as in `crypto.createHash('md5').update(text)`.
 *
 * @example
 * const words = new Uint32Array(4);
 * digestInto('src/a.test.js', words); // words[0] is the ketama hash
 */
export function digestInto(text: string, words: Uint32Array): void {
  let bytes = own;
  let length = text.length;
  if (length + paddingBytes > ownBytes - blockBytes || !writeAscii(text)) {
    const encoded = encoder.encode(text);
    length = encoded.length;
    if (length + paddingBytes > ownBytes - blockBytes) bytes = new Uint8Array(length + paddingBytes + blockBytes);
    bytes.set(encoded);
  }
  const end = pad(bytes, length);
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  for (let at = 0; at < end; at += blockBytes) compress(state, bytes, at);
  words.set(state);
}

/** Copies `text` into the shared buffer; false where it is not ASCII. */
function writeAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return false;
    own[at] = code;
  }
  return true;
}

/** Ends the message as RFC 1321 says, in place, and returns its padded length in bytes. */
function pad(bytes: Uint8Array, length: number): number {
  const end = Math.ceil((length + paddingBytes) / blockBytes) * blockBytes;
  bytes.fill(0, length, end);
  bytes[length] = 0x80;
  // The length counts bits: length × 8, in 64 bits, of which a key never needs more than 40.
  let bits = length * 8;
  for (let at = end - 8; bits > 0; at++) {
    bytes[at] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  return end;
}
