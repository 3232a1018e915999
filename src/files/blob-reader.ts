/**
 * Reads a scanned blob again, record by record: consoles and coverage are in memory for one file at a time.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DistributedError } from '../errors';
import type { FileRecord, JsonObject } from '../results/blob';
import { type BlobLine, parseBlobLine } from '../results/blob-lines';
import { unpackCoverage } from '../results/coverage-sources';
import type { TextMapping } from '../results/portable-paths';
import type { BlobEntry, ScannedBlob, Span } from './blob-scan';

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
