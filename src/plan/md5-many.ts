/**
 * MD5 of many strings at once, for the thousands of keys of a plan.
 *
 * A plan is made once in a process, so its code runs cold, and V8 takes longer to warm up to MD5 in JavaScript than
 * 10,000 keys need afterwards. WebAssembly is compiled before its first call: 4 ms where JavaScript takes 40.
 */
import { Buffer } from 'node:buffer';
import { digestInto } from './md5';
import { type Digester, makeDigester } from './md5-wasm';

const blockBytes = 64;
// Fewer are hashed before the module is compiled.
const few = 1000;
// A chunk is handed over at once; larger ones only take more memory.
const mostInChunk = 20_000;
const mostPaddings = 1024;

let digester: Digester | null | undefined;

/**
 * The MD5 digests of texts in UTF-8, each as four unsigned little-endian words: those of text n begin at n × 4.
 *
 * Equal to `digestInto` for each of them.
 */
export function digestAll(texts: readonly string[]): Uint32Array {
  // A process that hashes little compiles nothing: tests' sandboxes build rings too, one for each file.
  if (digester === undefined && texts.length >= few) digester = checkedDigester();
  const words = new Uint32Array(texts.length * 4);
  if (digester == null) {
    for (let at = 0; at < texts.length; at++) digestInto(texts[at] as string, words.subarray(at * 4, at * 4 + 4));
    return words;
  }
  for (let from = 0; from < texts.length; from += mostInChunk) {
    const chunk = texts.length <= mostInChunk ? texts : texts.slice(from, from + mostInChunk);
    digester(...padAll(chunk), words.subarray(from * 4, (from + chunk.length) * 4));
  }
  return words;
}

/** Null too where it does not agree with the other implementation: nodes that hash differently would lose tests. */
function checkedDigester(): Digester | null {
  const made = makeDigester();
  const text = 'jest-distributed';
  const [words, expected] = [new Uint32Array(4), new Uint32Array(4)];
  made?.(...padAll([text]), words);
  digestInto(text, expected);
  return words.join() === expected.join() ? made : null;
}

/** All messages as RFC 1321 wants them padded, one after the other, a character for each byte; and their blocks. */
function padAll(texts: readonly string[]): [message: string, blocks: Uint32Array] {
  const pieces: string[] = new Array(texts.length * 2);
  const blocks = new Uint32Array(texts.length);
  const ascii = isAscii(texts.join(''));
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at] as string;
    const bytes = ascii || isAscii(text) ? text : Buffer.from(text).toString('latin1');
    const ending = paddings[bytes.length] ?? paddingOf(bytes.length);
    pieces[at * 2] = bytes;
    pieces[at * 2 + 1] = ending;
    blocks[at] = (bytes.length + ending.length) / blockBytes;
  }
  return [pieces.join(''), blocks];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text);

const paddings: string[] = [];

/** What ends a message of so many bytes: 0x80, zeros, and the length in bits. */
function paddingOf(length: number): string {
  const bytes = Buffer.alloc(blockBytes - ((length + 8) % blockBytes) + 8);
  bytes[0] = 0x80;
  bytes.writeUInt32LE((length * 8) % 2 ** 32, bytes.length - 8);
  bytes.writeUInt32LE(Math.floor((length * 8) / 2 ** 32), bytes.length - 4);
  const padding = bytes.toString('latin1');
  if (length < mostPaddings) paddings[length] = padding;
  return padding;
}
