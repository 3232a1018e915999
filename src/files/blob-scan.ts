/**
 * Reads a blob once through for what it says, and notes where each record lies for those who want more.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { BlobMetadata, EndRecord, ExitRecord, Json, JsonObject } from '../blob/blob';
import {
  type BlobIdentity,
  type BlobLine,
  corruptBlob,
  corruptLine,
  type FileLine,
  type LinePlace,
  parseBlobLine,
  peekKind,
} from '../blob/blob-lines';
import { isV8Source, type PackedCoverage, type SourceLine } from '../blob/coverage-sources';
import type { BlobInputs } from '../blob/plan-line';
import type { TreeRecord } from '../blob/tree-line';
import { DistributedError } from '../errors';
import type { TestFile } from '../plan/item';
import { type RawLine, readLines } from './read-lines';

/** Where a line lies in its blob. */
export interface Span extends LinePlace {
  readonly offset: number;
  readonly bytes: number;
}

/** Where a test file's record lies. */
export interface BlobEntry {
  readonly span: Span;
  readonly coverage: Span | null;
}

/** What a source map names, without what makes it large. */
interface MapSources {
  readonly sources: Json;
  readonly sourceRoot: Json;
  readonly file: Json;
}

export interface ScannedBlob {
  readonly path: string;
  readonly entries: readonly BlobEntry[];
  /** Executions whose result does not count. */
  readonly tries: readonly Span[];
  readonly sources: ReadonlyMap<number, Span>;
  readonly end: EndRecord | null;
  readonly exit: ExitRecord | null;
  /** Source files that its coverage names, as portable paths or URLs. */
  readonly covered: ReadonlySet<string>;
  /** Their source maps, by the same names, as far as they have one. */
  readonly maps: ReadonlyMap<string, MapSources>;
  /** The last line was cut in the middle; it is not counted. */
  readonly isTruncated: boolean;
}

/** Told while a blob is scanned. */
export interface BlobListener {
  readonly run: (metadata: BlobMetadata) => void;
  readonly file: (file: FileLine, entry: BlobEntry) => void;
  readonly tree: (tree: TreeRecord) => void;
}

/** What all nodes of a run say alike, by the hash of its bytes: parsed once, and one object for all. */
export interface KnownLines {
  readonly inputs: Map<string, BlobInputs>;
  readonly trees: Map<string, TreeRecord>;
}

export const createKnownLines = (): KnownLines => ({ inputs: new Map(), trees: new Map() });

/** Lines of a node that died end without a newline; all that is known of them is that they are not whole. */
function parseLast(raw: RawLine, place: LinePlace): BlobLine | undefined {
  if (raw.isWhole) return parseBlobLine(raw.text, place);
  try {
    return parseBlobLine(raw.text, place);
  } catch (error) {
    if (place.line === 1) throw error;
    return undefined;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The second line, parsed where no other blob has the same. */
function readInputs({ text }: RawLine, place: LinePlace, { inputs }: KnownLines): BlobInputs {
  const hash = hashOf(text);
  const same = inputs.get(hash);
  if (same !== undefined) return same;
  const parsed = parseBlobLine(text, place);
  if (parsed.kind !== 'inputs') throw corruptBlob(`The blob ${place.file}`, HEADLESS);
  inputs.set(hash, parsed.inputs);
  return parsed.inputs;
}

/** A line that says what the checkout held, if this is one and another blob has the same. */
function readKnownTree({ text }: RawLine, { trees }: KnownLines): BlobLine | undefined {
  const tree = peekKind(text) === 'tree' ? trees.get(hashOf(text)) : undefined;
  return tree && { kind: 'tree', tree };
}

interface ScanState {
  readonly entries: BlobEntry[];
  readonly tries: Span[];
  readonly sources: Map<number, Span>;
  /** Those of V8's coverage. */
  readonly v8Sources: Set<number>;
  readonly covered: Set<string>;
  readonly maps: Map<string, MapSources>;
  /** Of V8's sources, whose file is known from the coverage that refers to them. */
  readonly v8Maps: Map<number, MapSources>;
  /** Of the file that comes next. */
  coverage: Span | null;
  hasTree: boolean;
  end: EndRecord | null;
  exit: ExitRecord | null;
}

function mapSources(map: Json | undefined): MapSources | undefined {
  if (map === null || map === undefined) return undefined;
  const { sources = null, sourceRoot = null, file = null } = map as JsonObject;
  return { sources, sourceRoot, file };
}

function noteSource({ id, data }: SourceLine, span: Span, state: ScanState): void {
  if (state.sources.has(id)) throw corruptLine(span, `describes source ${id} a second time`);
  state.sources.set(id, span);
  const map = mapSources(isV8Source(data) ? data.sourceMap : data.inputSourceMap);
  if (isV8Source(data)) {
    state.v8Sources.add(id);
    if (map !== undefined) state.v8Maps.set(id, map);
  } else if (typeof data.path === 'string') {
    state.covered.add(data.path);
    if (map !== undefined) state.maps.set(data.path, map);
  }
}

/** What it refers to must stand before it: else a report would lack it, or the replay would stop there. */
function noteCoverage({ babel, v8 }: PackedCoverage, span: Span, state: ScanState): void {
  const { sources, v8Sources, covered, maps, v8Maps } = state;
  const check = (id: number, isV8: boolean) => {
    if (!sources.has(id)) throw corruptLine(span, `refers to source ${id}, which no line before it describes`);
    if (v8Sources.has(id) !== isV8) throw corruptLine(span, `uses source ${id} with the other coverage provider`);
  };
  for (const [id] of babel ?? []) check(id, false);
  for (const { source, result } of v8 ?? []) {
    const { url } = result as { readonly url: string };
    covered.add(url);
    if (source === null) continue;
    check(source, true);
    const map = v8Maps.get(source);
    if (map !== undefined) maps.set(url, map);
  }
  state.coverage = span;
}

function noteFile(file: FileLine, span: Span, state: ScanState, listener: BlobListener): void {
  if (file.hasCoverage !== (state.coverage !== null))
    throw corruptLine(
      span,
      file.hasCoverage ? 'has no line with its coverage' : 'follows the coverage of another file',
    );
  const entry = { span, coverage: state.coverage };
  state.coverage = null;
  state.entries.push(entry);
  listener.file(file, entry);
}

function noteTree(tree: TreeRecord, found: readonly TestFile[], span: Span, state: ScanState): void {
  if (state.hasTree) throw corruptLine(span, 'repeats the contents of the checkout');
  if (tree.files.length !== found.length)
    throw corruptLine(span, `names the contents of ${tree.files.length} of ${found.length} test files found`);
  state.hasTree = true;
}

function noteLine(parsed: BlobLine, span: Span, state: ScanState, listener: BlobListener): void {
  if (parsed.kind === 'source') noteSource(parsed.source, span, state);
  else if (parsed.kind === 'coverage') noteCoverage(parsed.coverage, span, state);
  else if (parsed.kind === 'try') state.tries.push(span);
  else if (parsed.kind === 'end') state.end = parsed.end;
  else if (parsed.kind === 'exit') state.exit = parsed.exit;
  else if (parsed.kind === 'file') noteFile(parsed.file, span, state, listener);
}

/** What stands before the end. */
const BEFORE_END: ReadonlySet<string> = new Set(['run', 'inputs', 'source', 'coverage', 'file', 'try', 'tree', 'end']);

/** More than any suite gives; what is larger would be read for an hour before its first fault shows. */
const LARGEST_BLOB_BYTES = 4 * 2 ** 30;
const MOST_LINES = 4_000_000;

const HEADLESS = 'ends before the files found and the plan';

/** A pipe would be waited for: it is opened without waiting, and then refused. */
function openRegular(file: string): number {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const { size } = fstatSync(descriptor);
  const fact = fstatSync(descriptor).isFile()
    ? size > LARGEST_BLOB_BYTES && `is larger than ${LARGEST_BLOB_BYTES / 2 ** 30} GiB`
    : 'is not a regular file';
  if (fact === false) return descriptor;
  closeSync(descriptor);
  throw corruptBlob(`The blob ${file}`, fact);
}

/**
 * Reads a blob once through.
 *
 * @throws DistributedError `BLOB_CORRUPT`, `BLOB_TOO_OLD` or `BLOB_TOO_NEW`, naming file and line.
 */
export function scanBlob(file: string, listener: BlobListener, known: KnownLines = createKnownLines()): ScannedBlob {
  const descriptor = openRegular(file);
  const state: ScanState = {
    entries: [],
    tries: [],
    sources: new Map(),
    v8Sources: new Set(),
    covered: new Set(),
    maps: new Map(),
    v8Maps: new Map(),
    coverage: null,
    hasTree: false,
    end: null,
    exit: null,
  };
  let identity: BlobIdentity | undefined;
  let inputs: BlobInputs | undefined;
  let isTruncated = false;
  let line = 0;
  try {
    for (const raw of readLines(descriptor, file)) {
      line += 1;
      if (line > MOST_LINES)
        throw corruptBlob(`The blob ${file}`, `has more than ${MOST_LINES.toLocaleString('en')} lines`);
      const place = { file, line };
      if (state.exit !== null || (state.end !== null && BEFORE_END.has(peekKind(raw.text) ?? '')))
        throw corruptTail(place);
      const span: Span = { ...place, offset: raw.offset, bytes: raw.bytes };
      if (line === 2) {
        inputs = readInputs(raw, place, known);
        listener.run({ ...(identity as BlobIdentity), ...inputs });
        continue;
      }
      const parsed = readKnownTree(raw, known) ?? parseLast(raw, place);
      if (parsed === undefined) isTruncated = true;
      else if (parsed.kind === 'run') identity = parsed.identity;
      else if (parsed.kind === 'tree') {
        noteTree(parsed.tree, inputs?.found ?? [], span, state);
        known.trees.set(hashOf(raw.text), parsed.tree);
        listener.tree(parsed.tree);
      } else noteLine(parsed, span, state, listener);
    }
  } finally {
    closeSync(descriptor);
  }
  if (line < 2) throw corruptBlob(`The blob ${file}`, HEADLESS);
  const { entries, tries, sources, covered, maps, end, exit } = state;
  return { path: file, entries, tries, sources, covered, maps, end, exit, isTruncated };
}

function corruptTail({ file, line }: LinePlace): DistributedError {
  return new DistributedError({
    code: 'BLOB_CORRUPT',
    message: `Line ${line} of the blob ${file} comes after its end.`,
    remedy: 'Two nodes may have written to one file: give every node its own number, or its own --report-dir.',
  });
}
