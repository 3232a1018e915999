/**
 * MD5's compression function (RFC 1321, section 3.4) as a WebAssembly module, put together here instruction by
 * instruction: 64 steps from one line each, and nothing binary in the repository.
 */
import { Buffer } from 'node:buffer';

/**
 * Hashes messages that are padded already.
 *
 * @param message all of them, one character for each byte.
 * @param blocks how many blocks of 64 bytes each has.
 * @param words where the digests go, four words each.
 */
export type Digester = (message: string, blocks: Uint32Array, words: Uint32Array) => void;

// What the DOM calls WebAssembly, as far as it is used here: this project's types have no DOM.
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly digest: (message: number, blocks: number, blocksEnd: number, words: number) => void;
}

const pageBytes = 65_536;

/** Null where there is no WebAssembly (`node --jitless`), or no memory for it. */
export function makeDigester(): Digester | null {
  const { WebAssembly: api } = globalThis as unknown as { WebAssembly?: WebAssemblyApi };
  let exports: Exports;
  try {
    if (api === undefined) return null;
    exports = new api.Instance(new api.Module(assemble())).exports as Exports;
  } catch {
    return null;
  }
  const { memory, digest } = exports;
  return (message, blocks, words) => {
    const blocksAt = message.length;
    const wordsAt = blocksAt + blocks.byteLength;
    const missing = wordsAt + words.byteLength - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    Buffer.from(memory.buffer).write(message, 0, 'latin1');
    new Uint32Array(memory.buffer, blocksAt, blocks.length).set(blocks);
    digest(0, blocksAt, wordsAt, wordsAt);
    words.set(new Uint32Array(memory.buffer, wordsAt, words.length));
  };
}

// Value types, and the one block type: it leaves nothing behind.
const i32 = 0x7f;
const nothing = 0x40;

/** Instructions, written one after the other. */
function emitter(code: number[] = []) {
  return {
    code,
    loop: () => code.push(0x03, nothing),
    end: () => code.push(0x0b),
    branchIf: (depth: number) => code.push(0x0d, depth),
    get: (local: number) => code.push(0x20, local),
    set: (local: number) => code.push(0x21, local),
    tee: (local: number) => code.push(0x22, local),
    load: (offset: number) => code.push(0x28, 2, offset),
    store: (offset: number) => code.push(0x36, 2, offset),
    /** Always in five bytes of LEB128, which is longer than need be and simpler. */
    constant: (value: number) =>
      code.push(
        ...[0x41, (value & 0x7f) | 0x80, ((value >> 7) & 0x7f) | 0x80, ((value >> 14) & 0x7f) | 0x80],
        ...[((value >> 21) & 0x7f) | 0x80, (value >> 28) & 0x7f],
      ),
    isDifferent: () => code.push(0x47),
    add: () => code.push(0x6a),
    subtract: () => code.push(0x6b),
    and: () => code.push(0x71),
    or: () => code.push(0x72),
    xor: () => code.push(0x73),
    rotateLeft: () => code.push(0x77),
  };
}

type Emitter = ReturnType<typeof emitter>;

// Locals of `digest`: its four parameters, then ours.
const [message, blocks, blocksEnd, words, a, b, c, d, left] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
const ownLocals = 5;
const state = [a, b, c, d] as const;

const initial = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];

/** The four rounds: which word of the block a step takes, how far it rotates, and its function of b, c and d. */
const rounds = [
  { first: 0, next: 1, shifts: [7, 12, 17, 22], mix: choose },
  { first: 1, next: 5, shifts: [5, 9, 14, 20], mix: chooseBack },
  { first: 5, next: 3, shifts: [4, 11, 16, 23], mix: parity },
  { first: 0, next: 7, shifts: [6, 10, 15, 21], mix: straddle },
] as const;

/** z ^ (x & (y ^ z)) */
function choose(to: Emitter, x: number, y: number, z: number): void {
  to.get(z);
  to.get(x);
  to.get(y);
  to.get(z);
  to.xor();
  to.and();
  to.xor();
}

/** y ^ (z & (x ^ y)) */
function chooseBack(to: Emitter, x: number, y: number, z: number): void {
  choose(to, z, x, y);
}

/** x ^ y ^ z */
function parity(to: Emitter, x: number, y: number, z: number): void {
  to.get(x);
  to.get(y);
  to.xor();
  to.get(z);
  to.xor();
}

/** y ^ (x | ~z) */
function straddle(to: Emitter, x: number, y: number, z: number): void {
  to.get(y);
  to.get(x);
  to.get(z);
  to.constant(-1);
  to.xor();
  to.or();
  to.xor();
}

function emitStep(to: Emitter, step: number): void {
  const { first, next, shifts, mix } = rounds[step >> 4] as (typeof rounds)[number];
  const turn = (at: number) => state[(at - step) & 3] as number;
  to.get(turn(0));
  mix(to, turn(1), turn(2), turn(3));
  to.add();
  to.get(message);
  to.load(((first + next * (step & 15)) & 15) * 4);
  to.add();
  to.constant(Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0);
  to.add();
  to.constant(shifts[step & 3] as number);
  to.rotateLeft();
  to.get(turn(1));
  to.add();
  to.set(turn(0));
}

function emitIncrease(to: Emitter, local: number, by: number): void {
  to.get(local);
  to.constant(by);
  to.add();
  to.set(local);
}

/** For each message: the initial words, changed by each of its blocks. The words in memory are the state meanwhile. */
function digestBody(): number[] {
  const to = emitter();
  to.loop();
  initial.forEach((word, at) => {
    to.get(words);
    to.constant(word);
    to.store(at * 4);
  });
  to.get(blocks);
  to.load(0);
  to.set(left);
  to.loop();
  state.forEach((local, at) => {
    to.get(words);
    to.load(at * 4);
    to.set(local);
  });
  for (let step = 0; step < 64; step++) emitStep(to, step);
  state.forEach((local, at) => {
    to.get(words);
    to.get(words);
    to.load(at * 4);
    to.get(local);
    to.add();
    to.store(at * 4);
  });
  emitIncrease(to, message, 64);
  to.get(left);
  to.constant(1);
  to.subtract();
  to.tee(left);
  to.branchIf(0);
  to.end();
  emitIncrease(to, words, 16);
  emitIncrease(to, blocks, 4);
  to.get(blocks);
  to.get(blocksEnd);
  to.isDifferent();
  to.branchIf(0);
  to.end();
  to.end();
  return to.code;
}

/** The module: one function, `digest`, and the memory that it works on. */
function assemble(): Uint8Array {
  const name = (text: string) => [text.length, ...Buffer.from(text)];
  // Two bytes of LEB128 hold every length here.
  const size = (length: number) => [(length & 0x7f) | 0x80, length >> 7];
  const section = (id: number, content: readonly number[]) => [id, ...size(content.length), ...content];
  const body = [1, ownLocals, i32, ...digestBody()];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 4, i32, i32, i32, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('digest'), 0, 0]),
    ...section(10, [1, ...size(body.length), ...body]),
  ]);
}
