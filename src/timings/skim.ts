/**
 * The quick way to read a store: hops over the layout that `serializeTimings` writes and leaves the tests unread.
 *
 * It judges nothing. Whatever is not exactly as we write it (reformatted, damaged, newer) makes it give up, and the
 * careful reader decides. Measured on 10,000 files with 200,000 tests (10 MB): 20 ms, `JSON.parse` alone 120 ms.
 */
import { fileKey } from '../plan/item';
import { type FileTimings, type NodesByCount, noParts, noTests, type Timings, timingsFormat } from './timings';

const head = `{\n  "format": { "major": ${timingsFormat.major}, "minor": ${timingsFormat.minor} },\n`;
const conflictMarkers = ['<<<<<', '|||||', '=====', '>>>>>'];
// Ends a block inside the entry of a file. No name can hold it: a line break inside a JSON string is always escaped.
const blockEnd = '\n          }';

/** @returns undefined where the text is not exactly in our layout; `source` is the path, for later messages */
export function skim(text: string, source: string): Timings | undefined {
  if (!text.startsWith(head) || conflictMarkers.some((marker) => startsALine(text, marker))) return undefined;
  try {
    return skimStore(text, source);
  } catch (error) {
    if (error === gaveUp) return undefined;
    throw error;
  }
}

// Without the line break and shorter than V8's threshold of 7 the search runs on memchr: 1 ms instead of 8 over 16 MB.
function startsALine(text: string, marker: string): boolean {
  for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) {
    if (text[at - 1] === '\n') return true;
  }
  return false;
}

const gaveUp = new Error('not our layout');

function giveUp(): never {
  throw gaveUp;
}

function skimStore(text: string, source: string): Timings {
  let position = head.length;

  const next = (expected: string): boolean => {
    if (!text.startsWith(expected, position)) return false;
    position += expected.length;
    return true;
  };
  const expect = (expected: string): void => {
    if (!next(expected)) giveUp();
  };
  /** The rest of this line up to `ending`, which must close it; a comma tells that a sibling follows. */
  const restOfLine = (ending: string): string => {
    const newline = text.indexOf('\n', position);
    if (newline < 0 || !text.startsWith(ending, newline - ending.length)) giveUp();
    const rest = text.slice(position, newline - ending.length);
    position = newline + 1;
    return rest;
  };
  const valueLine = (): { value: unknown; more: boolean } => {
    const line = restOfLine('');
    const more = line.endsWith(',');
    return { value: parse(more ? line.slice(0, -1) : line), more };
  };
  /** A block that opened on the line before: where its text stands, and whether a sibling follows it. */
  const block = (): { start: number; end: number; more: boolean } => {
    const start = position - 2;
    // Braces are rarer than line breaks, so this looks for the last character of `blockEnd`.
    let end = text.indexOf('}', position) + 1;
    while (end > 0 && !text.startsWith(blockEnd, end - blockEnd.length)) end = text.indexOf('}', end) + 1;
    if (end === 0) giveUp();
    position = end;
    const more = next(',');
    expect('\n');
    return { start, end, more };
  };

  // Few combinations of nodes occur, each many times.
  const knownNodes = new Map<string, NodesByCount>();
  const digits = /(0|[1-9]\d*)(,?)\n/y;

  const fileEntry = (project: string | null): FileTimings => {
    const path = parse(restOfLine(': {'));
    if (typeof path !== 'string' || path === '') giveUp();
    let durationMs: number | null = null;
    let nodes: NodesByCount = {};
    let parts = noParts;
    let tests: FileTimings['tests'] = noTests;
    let more = true;
    if (next('          "ms": ')) {
      digits.lastIndex = position;
      const line = digits.exec(text) ?? giveUp();
      position = digits.lastIndex;
      durationMs = isInteger(Number(line[1]), 0) ? Number(line[1]) : giveUp();
      more = line[2] === ',';
    }
    if (more && next('          "nodes": ')) {
      const line = restOfLine('');
      more = line.endsWith(',');
      nodes = knownNodes.get(line) ?? toNodes(parse(more ? line.slice(0, -1) : line));
      knownNodes.set(line, nodes);
    }
    if (more && next('          "parts": {\n')) {
      const found = block();
      parts = toParts(text.slice(found.start, found.end));
      more = found.more;
    }
    if (more && next('          "tests": {\n')) {
      const found = block();
      tests = { text, start: found.start, end: found.end, source };
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
  if (next(']\n}\n')) return position === text.length ? { workers, assignments, files } : giveUp();
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
  return position === text.length ? { workers, assignments, files } : giveUp();
}

function toParts(json: string): ReadonlyMap<string, NodesByCount> {
  const entries = Object.entries(parse(json) as Record<string, unknown>);
  // One part a line; fewer names than lines means that a name stands there twice.
  if (entries.length !== json.split('\n').length - 2) giveUp();
  return new Map(entries.map(([part, nodes]) => [part, toNodes(nodes)]));
}

function toNodes(value: unknown): NodesByCount {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) giveUp();
  for (const [count, node] of Object.entries(value as object)) {
    if (!/^[1-9]\d*$/.test(count) || !isInteger(node, 1) || node > Number(count)) giveUp();
  }
  return value as NodesByCount;
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
