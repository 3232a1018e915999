/**
 * Reads a scanned blob again, record by record: consoles and coverage are in memory for one file at a time.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { FileRecord, JsonObject, StoredError, StoredResult } from '../blob/blob';
import { type BlobLine, corruptBlob, parseBlobLine } from '../blob/blob-lines';
import { completeTest } from '../blob/complete-result';
import { unpackCoverage } from '../blob/coverage-sources';
import { inertTexts } from '../blob/inert-text';
import { ownCoverage } from '../blob/own-coverage';
import type { TryRecord } from '../blob/try-record';
import type { DistributedError } from '../errors';
import type { BlobEntry, ScannedBlob, Span } from './blob-scan';
import type { Checkout } from './checkout';

/** Reads records of one scanned blob in any order. */
export interface BlobReader {
  read(entry: BlobEntry): FileRecord;
  /** An execution whose result does not count. */
  readTry(span: Span): TryRecord;
  close(): void;
}

/** Which parts of a record are wanted. */
export interface WantedParts {
  /** Coverage outweighs all else; default true. */
  readonly coverage?: boolean;
}

/**
 * What was in the blob, fit to be shown on this machine: with its paths, and with nothing in it that would bring another
 * of its files to light or command its terminal or CI.
 *
 * @param checkout where the blob is read.
 */
export function openBlobReader(
  blob: Pick<ScannedBlob, 'path' | 'sources'>,
  { toLocal, mayShow }: Pick<Checkout, 'toLocal' | 'mayShow'>,
  { coverage: wantsCoverage = true }: WantedParts = {},
): BlobReader {
  const descriptor = openSync(blob.path, 'r');
  // What lies between scan and reading is another process's chance to replace the file.
  const size = fstatSync(descriptor).size;
  const sources = new Map<number, JsonObject>();
  const parse = (span: Span): BlobLine => {
    const bytes = Buffer.allocUnsafe(span.bytes);
    const count = span.offset + span.bytes > size ? 0 : readSync(descriptor, bytes, 0, span.bytes, span.offset);
    return parseBlobLine(toLocal(bytes.subarray(0, count).toString('utf8')), span);
  };
  const source = (id: number): JsonObject => {
    let data = sources.get(id);
    if (data === undefined) {
      const span = blob.sources.get(id);
      const parsed = span && parse(span);
      if (parsed?.kind !== 'source') throw missingRecord(blob.path, id);
      data = parsed.source.data;
      sources.set(id, data);
    }
    return data;
  };
  return {
    read({ span, coverage }) {
      const parsed = parse(span);
      const packed = coverage === null || !wantsCoverage ? undefined : parse(coverage);
      if (parsed.kind !== 'file') throw missingRecord(blob.path, span.line);
      const { hasCoverage: _has, result, execError, cases, starts, split, ...record } = parsed.file;
      const error = execError && knownError(execError);
      const shown = inertTexts({ result: withoutCoverage(result), execError: error, cases, starts, split }, mayShow);
      const tests = shown.result.testResults.map((test) => completeTest(test as JsonObject));
      return {
        ...record,
        execError: shown.execError,
        split: shown.split,
        cases: shown.cases.flatMap((one) => completeCase(one, tests.length)),
        ...(shown.starts != null && {
          starts: shown.starts.filter(([test]) => typeof test !== 'number' || test < tests.length),
        }),
        result: { ...shown.result, testResults: tests },
        coverage:
          packed?.kind === 'coverage'
            ? ownCoverage(unpackCoverage(packed.coverage, source), mayShow)
            : { babel: null, v8: null },
      };
    },
    readTry(span) {
      const parsed = parse(span);
      if (parsed.kind !== 'try') throw missingRecord(blob.path, span.line);
      const { tests, failureMessage, execError, ...record } = parsed.tried;
      return {
        ...record,
        ...inertTexts({ tests, failureMessage, execError: execError && knownError(execError) }, mayShow),
      };
    },
    close: () => closeSync(descriptor),
  };
}

/** Its places in a blob are others; here it would pass by what is checked there. */
function withoutCoverage(result: StoredResult): StoredResult {
  const { coverage: _coverage, v8Coverage: _v8, testExecError: _error, sourceMaps: _maps, ...rest } = result;
  return rest as StoredResult;
}

/** Jest formats whatever else an error has, such as its causes. */
function knownError({ message, stack, name, code, type }: StoredError): StoredError {
  const extra = { ...(name !== undefined && { name }), ...(code !== undefined && { code }) };
  return { message, stack, ...extra, ...(type !== undefined && { type }) };
}

function completeCase(one: number | JsonObject, tests: number): (number | JsonObject)[] {
  if (typeof one === 'number') return one < tests ? [one] : [];
  return [completeTest(one) as unknown as JsonObject];
}

const missingRecord = (file: string, id: number): DistributedError =>
  corruptBlob(`The blob ${file}`, `refers to a record (${id}) that is not in it`);
