/**
 * The quick way to read a store: hops over the layout that `serializeTimings` writes and leaves the tests unread.
 *
 * It judges nothing. Whatever is not exactly as we write it (reformatted, damaged, newer) makes it give up, and the
 * careful reader decides. It works on a text of one character a byte, because decoding the names of 200,000 tests that
 * nobody asked for would take a third of the time, and with a regular expression, which V8 compiles long before it would
 * compile this module.
 */
import { fileKey } from '../plan/item';
import { type FileTimings, type NodesByCount, noParts, noTests, type Timings, timingsFormat } from './timings';

const head = `{\n  "format": { "major": ${timingsFormat.major}, "minor": ${timingsFormat.minor} },\n`;
// Ends a block inside the entry of a file. No name can hold it: a line break inside a JSON string is always escaped.
const blockEnd = '\n          }';

const partLine = /^ {12}("(?:[^"\\]|\\.)*"): (\{.*\}),?$/;

// The name and all that most files have. Longer numbers, and control characters, are for the careful reader.
const fileHead = new RegExp(
  [
    String.raw` {8}"((?:[^"\\\x00-\x1f]|\\.)+)": \{\n`,
    String.raw`(?: {10}"ms": (0|[1-9]\d{0,14})(,?)\n)?`,
    String.raw`(?: {10}"nodes": (\{.*\})(,?)\n)?`,
  ].join(''),
  'y',
);

/** @returns undefined where the text is not exactly in our layout; `source` is the path, for later messages */
export function skim(bytes: Buffer, source: string): Timings | undefined {
  if (bytes.toString('latin1', 0, head.length) !== head || hasConflict(bytes)) return undefined;
  try {
    return skimStore(bytes, source);
  } catch (error) {
    if (error === gaveUp) return undefined;
    throw error;
  }
}

/** The start of a conflict; its other marks break the layout too, or are found when the tests around them are read. */
function hasConflict(bytes: Buffer): boolean {
  // Without the line break the search runs on memchr: 1 ms instead of 8 over 16 MB.
  for (let at = bytes.indexOf('<<<<<'); at >= 0; at = bytes.indexOf('<<<<<', at + 1)) {
    if (bytes[at - 1] === 0x0a) return true;
  }
  return false;
}

const gaveUp = new Error('not our layout');

function giveUp(): never {
  throw gaveUp;
}

function skimStore(bytes: Buffer, source: string): Timings {
  const text = bytes.toString('latin1');
  let position = head.length;

  const next = (expected: string): boolean => {
    if (!text.startsWith(expected, position)) return false;
    position += expected.length;
    return true;
  };
  const expect = (expected: string): void => {
    if (!next(expected)) giveUp();
  };
  /** A value up to the end of the line; a comma there tells that a sibling follows. */
  const valueLine = (): { value: unknown; more: boolean } => {
    const end = text.indexOf('\n', position);
    if (end < 0) giveUp();
    const more = text[end - 1] === ',';
    const value = parse(decode(text.slice(position, more ? end - 1 : end)));
    position = end + 1;
    return { value, more };
  };
  /** A block that opened on the line before: where its text stands, and whether a sibling follows it. */
  const block = (): { start: number; end: number; more: boolean } => {
    const start = position - 2;
    const last = text.indexOf(blockEnd, position - 1);
    if (last < 0) giveUp();
    position = last + blockEnd.length;
    const end = position;
    const more = next(',');
    expect('\n');
    return { start, end, more };
  };

  // Few combinations of nodes occur, each many times.
  const knownNodes = new Map<string, NodesByCount>();
  const nodesOf = (json: string): NodesByCount => {
    const known = knownNodes.get(json) ?? toNodes(json);
    knownNodes.set(json, known);
    return known;
  };

  const fileEntry = (project: string | null): FileTimings => {
    fileHead.lastIndex = position;
    const match = fileHead.exec(text) ?? giveUp();
    position = fileHead.lastIndex;
    const path = toName(match[1] as string);
    const ms = match[2];
    const nodesJson = match[4];
    let more = ms === undefined || match[3] === ',';
    if (nodesJson !== undefined) {
      if (!more) giveUp();
      more = match[5] === ',';
    }
    let parts = noParts;
    let tests: FileTimings['tests'] = noTests;
    if (more && next('          "parts": {\n')) {
      const found = block();
      parts = toParts(decode(text.slice(found.start, found.end)));
      more = found.more;
    }
    if (more && next('          "tests": {\n')) {
      const found = block();
      tests = { bytes, start: found.start, end: found.end, source };
      more = found.more;
    }
    if (more) giveUp();
    const nodes = nodesJson === undefined ? {} : nodesOf(nodesJson);
    return { project, path, durationMs: ms === undefined ? null : Number(ms), tests, nodes, parts };
  };

  let workers: number | null = null;
  if (next('  "workers": ')) {
    const { value, more } = valueLine();
    workers = isInteger(value, 1) && more ? value : giveUp();
  }
  let assignments: readonly number[] = [];
  if (next('  "assignments": ')) {
    const { value, more } = valueLine();
    if (!more || !Array.isArray(value) || !value.every((count) => isInteger(count, 1))) giveUp();
    assignments = value as number[];
  }
  const files = new Map<string, FileTimings>();
  let count = 0;
  expect('  "projects": [');
  if (next(']\n}\n')) return position === text.length ? { workers, assignments, files } : giveUp();
  expect('\n');
  for (let anotherProject = true; anotherProject; ) {
    expect('    {\n      "project": ');
    const { value: project, more } = valueLine();
    if ((project !== null && typeof project !== 'string') || !more) giveUp();
    expect('      "files": {\n');
    for (let anotherFile = true; anotherFile; ) {
      const file = fileEntry(project);
      files.set(fileKey(file), file);
      count++;
      anotherFile = next('        },\n');
      if (!anotherFile) expect('        }\n');
    }
    expect('      }\n    }');
    anotherProject = next(',');
    expect('\n');
  }
  expect('  ]\n}\n');
  // One stands there twice.
  if (files.size < count) giveUp();
  return position === text.length ? { workers, assignments, files } : giveUp();
}

/** What UTF-8 means by these bytes, a character each. */
function decode(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** The name that stands between these quotes. */
function toName(text: string): string {
  const decoded = decode(text);
  return decoded.includes('\\') ? (parse(`"${decoded}"`) as string) : decoded;
}

function toParts(json: string): ReadonlyMap<string, NodesByCount> {
  const lines = json.split('\n').slice(1, -1);
  const parts = new Map(
    lines.map((line) => {
      const [, part = giveUp(), nodes = giveUp()] = partLine.exec(line) ?? giveUp();
      return [parse(part) as string, toNodes(nodes)];
    }),
  );
  // Fewer names than lines: one stands there twice.
  if (parts.size !== lines.length || typeof parse(json) !== 'object') giveUp();
  return parts;
}

function toNodes(json: string): NodesByCount {
  const nodes = parse(json);
  if (typeof nodes !== 'object' || nodes === null || Array.isArray(nodes)) giveUp();
  const entries = Object.entries(nodes as object);
  for (const [count, node] of entries) {
    if (!/^[1-9]\d*$/.test(count) || !isInteger(node, 1) || node > Number(count)) giveUp();
  }
  // More colons than names: one stands there twice.
  return json.split(':').length - 1 === entries.length ? (nodes as NodesByCount) : giveUp();
}

function isInteger(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return giveUp();
  }
}
