/**
 * Finds blobs and reads them: once through for what they say, and again, record by record, for the replay. The consoles
 * and coverages of a large run are never in memory together.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';
import type { BlobMetadata, EndRecord, FileRecord, JsonObject } from '../results/blob';
import { type BlobLine, type FileLine, type LinePlace, parseBlobLine, peekKind } from '../results/blob-lines';
import { unpackCoverage } from '../results/coverage-sources';
import type { TextMapping } from '../results/portable-paths';
import { BLOB_SUFFIX, PARTIAL_SUFFIX } from './blob-file';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

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

export interface ScannedBlob {
  readonly path: string;
  readonly entries: readonly BlobEntry[];
  readonly sources: ReadonlyMap<number, Span>;
  readonly end: EndRecord | null;
  /** The last line was cut in the middle; it is not counted. */
  readonly isTruncated: boolean;
}

/** Told while a blob is scanned. */
export interface BlobListener {
  readonly run: (metadata: BlobMetadata) => void;
  readonly file: (file: FileLine, entry: BlobEntry) => void;
}

interface RawLine {
  readonly text: string;
  readonly offset: number;
  readonly bytes: number;
  readonly isWhole: boolean;
}

function* readLines(descriptor: number): Generator<RawLine> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let pending: Buffer[] = [];
  let lineOffset = 0;
  let position = 0;
  for (;;) {
    const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, position);
    if (count === 0) break;
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, from);
      if (newline === -1 || newline >= count) break;
      pending.push(chunk.subarray(from, newline));
      const line = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
      yield { text: line.toString('utf8'), offset: lineOffset, bytes: line.length, isWhole: true };
      pending = [];
      from = newline + 1;
      lineOffset = position + from;
    }
    if (from < count) pending.push(Buffer.from(chunk.subarray(from, count)));
    position += count;
  }
  const rest = Buffer.concat(pending);
  if (rest.length > 0) yield { text: rest.toString('utf8'), offset: lineOffset, bytes: rest.length, isWhole: false };
}

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

/**
 * Reads a blob once through.
 *
 * @throws DistributedError `BLOB_CORRUPT` or `BLOB_TOO_NEW`, naming file and line.
 */
export function scanBlob(file: string, listener: BlobListener): ScannedBlob {
  const descriptor = openSync(file, 'r');
  const entries: BlobEntry[] = [];
  const sources = new Map<number, Span>();
  let end: EndRecord | null = null;
  let isTruncated = false;
  let coverage: Span | null = null;
  let line = 0;
  try {
    for (const raw of readLines(descriptor)) {
      line += 1;
      const place = { file, line };
      const span: Span = { ...place, offset: raw.offset, bytes: raw.bytes };
      if (end !== null) throw corruptTail(place);
      const isHeavy = raw.isWhole && raw.text.endsWith('}') && peekKind(raw.text) === 'coverage';
      if (isHeavy) {
        coverage = span;
        continue;
      }
      const parsed = parseLast(raw, place);
      if (parsed === undefined) {
        isTruncated = true;
        break;
      }
      if (parsed.kind === 'run') listener.run(parsed.metadata);
      else if (parsed.kind === 'source') sources.set(parsed.source.id, span);
      else if (parsed.kind === 'coverage') coverage = span;
      else if (parsed.kind === 'end') end = parsed.end;
      else if (parsed.kind === 'file') {
        const entry = { span, coverage: parsed.file.hasCoverage ? coverage : null };
        entries.push(entry);
        listener.file(parsed.file, entry);
        coverage = null;
      }
    }
    if (line === 0) throw emptyBlob(file);
  } finally {
    closeSync(descriptor);
  }
  return { path: file, entries, sources, end, isTruncated };
}

function corruptTail({ file, line }: LinePlace): DistributedError {
  return new DistributedError({
    code: 'BLOB_CORRUPT',
    message: `Line ${line} of the blob ${file} comes after its end.`,
    remedy: 'Two nodes may have written to one file: give every node its own number, or its own --report-dir.',
  });
}

function emptyBlob(file: string): DistributedError {
  return new DistributedError({
    code: 'BLOB_CORRUPT',
    message: `The blob ${file} is empty.`,
    remedy: 'Fetch the artifact of this node again; if it is the same, run the node again.',
  });
}

/** Reads records of one scanned blob in any order. */
export interface BlobReader {
  read(entry: BlobEntry): FileRecord;
  close(): void;
}

/**
 * @param mapping gives the lines this machine's paths (`toLocal`).
 */
export function openBlobReader(blob: ScannedBlob, mapping: TextMapping): BlobReader {
  const descriptor = openSync(blob.path, 'r');
  // What lies between scan and reading is another process's chance to replace the file.
  const size = fstatSync(descriptor).size;
  const sources = new Map<number, JsonObject>();
  const parse = (span: Span): BlobLine => {
    const bytes = Buffer.allocUnsafe(span.bytes);
    const count = span.offset + span.bytes > size ? 0 : readSync(descriptor, bytes, 0, span.bytes, span.offset);
    return parseBlobLine(mapping(bytes.subarray(0, count).toString('utf8')), span);
  };
  const source = (id: number): JsonObject => {
    let data = sources.get(id);
    if (data === undefined) {
      const span = blob.sources.get(id);
      const parsed = span && parse(span);
      if (parsed?.kind !== 'source') throw missingSource(blob.path, id);
      data = parsed.source.data;
      sources.set(id, data);
    }
    return data;
  };
  return {
    read({ span, coverage }) {
      const parsed = parse(span);
      const packed = coverage === null ? undefined : parse(coverage);
      if (parsed.kind !== 'file') throw missingSource(blob.path, span.line);
      const { hasCoverage: _has, ...record } = parsed.file;
      return {
        ...record,
        coverage: packed?.kind === 'coverage' ? unpackCoverage(packed.coverage, source) : { babel: null, v8: null },
      };
    },
    close: () => closeSync(descriptor),
  };
}

function missingSource(file: string, id: number): DistributedError {
  return new DistributedError({
    code: 'BLOB_CORRUPT',
    message: `The blob ${file} refers to a record (${id}) that it does not hold.`,
    remedy: 'Fetch the artifact of this node again; if it is the same, run the node again.',
  });
}

/**
 * All blobs below the given folders (or files), sorted by path.
 *
 * @throws DistributedError `REPORT_DIR_MISSING` where a folder does not exist.
 */
export function listBlobs(places: readonly string[]): string[] {
  const found = new Set<string>();
  for (const place of places) {
    let isFolder: boolean;
    try {
      isFolder = statSync(place).isDirectory();
    } catch (cause) {
      throw new DistributedError({
        code: 'REPORT_DIR_MISSING',
        message: `There is no ${place} to read blobs from.`,
        remedy: 'Name the folder that holds the artifacts of all nodes.',
        cause,
      });
    }
    if (!isFolder) {
      found.add(path.resolve(place));
      continue;
    }
    for (const name of readdirSync(place, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith(BLOB_SUFFIX) || name.endsWith(PARTIAL_SUFFIX)) found.add(path.resolve(place, name));
    }
  }
  return [...found].sort();
}
