/**
 * The quick way to read a store: hops over the layout that `serializeTimings` writes and leaves the tests unread.
 *
 * It judges nothing. Whatever is not exactly as we write it (reformatted, damaged, newer) makes it give up, and the
 * careful reader decides. It works on bytes, because decoding the names of 200,000 tests that nobody asked for would
 * take a third of the time.
 */
import { fileKey } from '../plan/item';
import { type FileTimings, type NodesByCount, noParts, noTests, type Timings, timingsFormat } from './timings';

const head = `{\n  "format": { "major": ${timingsFormat.major}, "minor": ${timingsFormat.minor} },\n`;
// Ends a block inside the entry of a file. No name can hold it: a line break inside a JSON string is always escaped.
const blockEnd = '\n          }';

const partLine = /^ {12}("(?:[^"\\]|\\.)*"): (\{.*\}),?$/;

const lineFeed = 0x0a;
const comma = 0x2c;
const closingBrace = 0x7d;

/** @returns undefined where the text is not exactly in our layout; `source` is the path, for later messages */
export function skim(bytes: Buffer, source: string): Timings | undefined {
  if (!isAt(bytes, 0, head) || hasConflict(bytes)) return undefined;
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
    if (bytes[at - 1] === lineFeed) return true;
  }
  return false;
}

/** Whether this text, in ASCII, stands there. */
function isAt(bytes: Buffer, position: number, expected: string): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[position + index] !== expected.charCodeAt(index)) return false;
  }
  return true;
}

const gaveUp = new Error('not our layout');

function giveUp(): never {
  throw gaveUp;
}

function skimStore(bytes: Buffer, source: string): Timings {
  let position = head.length;

  const next = (expected: string): boolean => {
    if (!isAt(bytes, position, expected)) return false;
    position += expected.length;
    return true;
  };
  const expect = (expected: string): void => {
    if (!next(expected)) giveUp();
  };
  /** The rest of this line up to `ending`, which must close it. */
  const restOfLine = (ending: string): string => {
    const newline = bytes.indexOf(lineFeed, position);
    if (newline < 0 || !isAt(bytes, newline - ending.length, ending)) giveUp();
    const rest = bytes.toString('utf8', position, newline - ending.length);
    position = newline + 1;
    return rest;
  };
  /** A value up to the end of the line; a comma there tells that a sibling follows. */
  const valueLine = (): { value: unknown; more: boolean } => {
    const line = restOfLine('');
    const more = line.endsWith(',');
    return { value: parse(more ? line.slice(0, -1) : line), more };
  };
  /** Digits up to the end of the line. */
  const integerLine = (): { value: number; more: boolean } => {
    const start = position;
    let value = 0;
    for (let digit = digitAt(position); digit >= 0; digit = digitAt(++position)) value = value * 10 + digit;
    const leadingZero = digitAt(start) === 0 && position > start + 1;
    if (position === start || leadingZero || !Number.isSafeInteger(value)) giveUp();
    const more = next(',');
    expect('\n');
    return { value, more };
  };
  const digitAt = (at: number): number => {
    const digit = (bytes[at] ?? 0) - 0x30;
    return digit <= 9 ? digit : -1;
  };
  /** A block that opened on the line before: where its text stands, and whether a sibling follows it. */
  const block = (): { start: number; end: number; more: boolean } => {
    const start = position - 2;
    // Braces are rarer than line breaks, so this looks for the last character of `blockEnd`.
    let end = bytes.indexOf(closingBrace, position) + 1;
    while (end > 0 && !isAt(bytes, end - blockEnd.length, blockEnd)) end = bytes.indexOf(closingBrace, end) + 1;
    if (end === 0) giveUp();
    position = end;
    const more = bytes[position] === comma;
    if (more) position++;
    expect('\n');
    return { start, end, more };
  };

  // Few combinations of nodes occur, each many times.
  const knownNodes = new Map<string, NodesByCount>();

  const fileEntry = (project: string | null): FileTimings => {
    const path = parse(restOfLine(': {'));
    if (typeof path !== 'string' || path === '') giveUp();
    let durationMs: number | null = null;
    let nodes: NodesByCount = {};
    let parts = noParts;
    let tests: FileTimings['tests'] = noTests;
    let more = true;
    if (next('          "ms": ')) {
      const line = integerLine();
      durationMs = line.value;
      more = line.more;
    }
    if (more && next('          "nodes": ')) {
      const line = restOfLine('');
      more = line.endsWith(',');
      nodes = knownNodes.get(line) ?? toNodes(more ? line.slice(0, -1) : line);
      knownNodes.set(line, nodes);
    }
    if (more && next('          "parts": {\n')) {
      const found = block();
      parts = toParts(bytes.toString('utf8', found.start, found.end));
      more = found.more;
    }
    if (more && next('          "tests": {\n')) {
      const found = block();
      tests = { bytes, start: found.start, end: found.end, source };
      more = found.more;
    }
    if (more) giveUp();
    return { project, path, durationMs, tests, nodes, parts };
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
  expect('  "projects": [');
  if (next(']\n}\n')) return position === bytes.length ? { workers, assignments, files } : giveUp();
  expect('\n');
  for (let anotherProject = true; anotherProject; ) {
    expect('    {\n      "project": ');
    const { value: project, more } = valueLine();
    if ((project !== null && typeof project !== 'string') || !more) giveUp();
    expect('      "files": {\n');
    for (let anotherFile = true; anotherFile; ) {
      expect('        ');
      const file = fileEntry(project);
      const key = fileKey(file);
      if (files.has(key)) giveUp();
      files.set(key, file);
      expect('        }');
      anotherFile = next(',');
      expect('\n');
    }
    expect('      }\n    }');
    anotherProject = next(',');
    expect('\n');
  }
  expect('  ]\n}\n');
  return position === bytes.length ? { workers, assignments, files } : giveUp();
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
