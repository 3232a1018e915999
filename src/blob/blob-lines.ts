/**
 * Records of a blob ↔ its lines.
 */
import { DistributedError } from '../errors';
import { isObject } from '../options/object';
import {
  BLOB_FORMAT,
  type BlobEnd,
  type BlobHeader,
  type BlobMetadata,
  type EndRecord,
  type ExitRecord,
  type FileRecord,
  type Json,
  type StoredCoverage,
} from './blob';
import {
  coverageShape,
  endShape,
  exitShape,
  fileShape,
  identityShape,
  inputsShape,
  sourceShape,
  treeShape,
  tryShape,
} from './blob-shapes';
import { type Check, isDeeperThan } from './check-shape';
import { createCoveragePacker, type PackedCoverage, type SourceLine } from './coverage-sources';
import { type BlobInputs, type PackedInputs, packInputs, unpackInputs } from './plan-line';
import type { TreeRecord } from './tree-line';
import type { TryRecord } from './try-record';

/** A file line: coverage lies on the line before it, so that a reader who does not want it need not parse it. */
export type FileLine = Omit<FileRecord, 'coverage'> & { readonly hasCoverage: boolean };

export type BlobLine =
  | { readonly kind: 'run'; readonly identity: BlobIdentity }
  | { readonly kind: 'inputs'; readonly inputs: BlobInputs }
  | { readonly kind: 'source'; readonly source: SourceLine }
  | { readonly kind: 'coverage'; readonly coverage: PackedCoverage }
  | { readonly kind: 'file'; readonly file: FileLine }
  | { readonly kind: 'try'; readonly tried: TryRecord }
  | { readonly kind: 'tree'; readonly tree: TreeRecord }
  | { readonly kind: 'end'; readonly end: EndRecord }
  | { readonly kind: 'exit'; readonly exit: ExitRecord }
  /** Of a newer minor version. */
  | { readonly kind: 'unknown' };

/** The first line; the second completes it to the metadata. */
export type BlobIdentity = Omit<BlobMetadata, 'found' | 'plan'>;

/** Where a line stands, for messages. */
export interface LinePlace {
  /** Path of the blob. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Turns records into text, each call one or more whole lines that must be written at once. */
export interface BlobEncoder {
  /** The first two lines: who, and what was found and planned. */
  readonly head: string;
  readonly inputs: string;
  /** Both. */
  readonly header: string;
  /** Lines that later files refer to as well, and the file's own. */
  fileParts(record: FileRecord): { readonly sources: string; readonly lines: string };
  /** Both. */
  file(record: FileRecord): string;
  try(record: TryRecord): string;
  tree(record: TreeRecord): string;
  end(record: BlobEnd): string;
  exit(record: ExitRecord): string;
}

// Taken when this module is loaded: a test that runs in this realm may replace it.
const { parse, stringify } = JSON;

const toLine = (kind: string, fields: object): string => `${stringify({ kind, ...fields })}\n`;

/** Characters of a file's line; a reader refuses a line of 128 MiB, and V8 a string of 512 Mi characters. */
const LONGEST_LINE = 32 << 20;

function shortenTexts(value: Json, longestText: number): Json {
  if (typeof value === 'string' && value.length > longestText) {
    return `${value.slice(0, longestText)}… ${value.length - longestText} more characters omitted`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => shortenTexts(one, longestText));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, shortenTexts(entry, longestText)]));
}

/** Without the console, which is nearly always what makes a line long, and else without long texts. */
function shortened(record: FileLine, longestText: number): FileLine {
  const note = 'jest-distributed: the console output of this file is too long for a blob and is omitted';
  const { result, execError, cases, ...rest } = record;
  const { console: _console, ...others } = result;
  const entry = { message: note, origin: '', type: 'warn' };
  const short = shortenTexts({ result: others, execError } as unknown as Json, longestText) as unknown as FileLine;
  return {
    ...rest,
    ...short,
    cases: cases.filter((one) => typeof one === 'number'),
    result: { ...short.result, console: [entry] },
  };
}

/** A line that can be read again, whatever a test has printed. */
function fileLine(record: FileLine): string {
  for (const longestText of [Number.POSITIVE_INFINITY, 1 << 20, 1 << 10]) {
    try {
      const line = toLine('file', longestText === Number.POSITIVE_INFINITY ? record : shortened(record, longestText));
      if (line.length <= LONGEST_LINE) return line;
    } catch {
      // Longer than a string can be.
    }
  }
  const { result, ...rest } = shortened(record, 1 << 10);
  const short = {
    ...result,
    testResults: result.testResults.map((test) => ({
      ...test,
      failureDetails: [],
      failureMessages: test.failureMessages && ['left out: too long'],
    })),
  };
  return toLine('file', { ...rest, result: short });
}

/** Errors of an execution that counts for nothing are cut where they are longer than anybody reads. */
const LONGEST_TRY_TEXT = 1 << 16;

function tryLine(record: TryRecord): string {
  const line = toLine('try', shortenTexts(record as unknown as Json, LONGEST_TRY_TEXT) as object);
  if (line.length <= LONGEST_LINE) return line;
  return toLine('try', { ...record, tests: [], failureMessage: 'left out: too long', execError: null });
}

const isEmpty = ({ babel, v8 }: StoredCoverage): boolean => babel === null && v8 === null;

export function createBlobEncoder({ found, plan, ...identity }: BlobHeader): BlobEncoder {
  const packer = createCoveragePacker();
  let files = 0;
  const head = toLine('run', { format: BLOB_FORMAT, ...identity });
  const inputs = toLine('inputs', packInputs({ found, plan }));
  const fileParts: BlobEncoder['fileParts'] = ({ coverage, ...record }) => {
    files += 1;
    const hasCoverage = !isEmpty(coverage);
    const line = fileLine({ ...record, hasCoverage });
    if (!hasCoverage) return { sources: '', lines: line };
    const { sources, packed } = packer.pack(coverage);
    return {
      sources: sources.map((source) => toLine('source', source)).join(''),
      lines: toLine('coverage', packed) + line,
    };
  };
  return {
    head,
    inputs,
    header: head + inputs,
    fileParts,
    file(record) {
      const { sources, lines } = fileParts(record);
      return sources + lines;
    },
    try: tryLine,
    tree: (record) => toLine('tree', record),
    end(record) {
      return toLine('end', { ...record, files });
    },
    exit(record) {
      return toLine('exit', record);
    },
  };
}

/** Kind of a line without parsing it: the encoder writes `kind` first. Undefined where that is not so. */
export function peekKind(text: string): string | undefined {
  return /^\{"kind":"([a-z]+)"/.exec(text)?.[1];
}

/** @param subject `The blob …`, `Line 3 of the blob …`; with the fact it is a sentence. */
export function corruptBlob(subject: string, fact: string, cause?: unknown): DistributedError {
  return new DistributedError({
    code: 'BLOB_CORRUPT',
    message: `${subject} ${fact}.`,
    remedy: 'Download the artifact of this node again; if it is the same, run the node again.',
    cause,
  });
}

/** A line that is malformed, or does not fit those before it. */
export const corruptLine = ({ file, line }: LinePlace, fact: string, cause?: unknown): DistributedError =>
  corruptBlob(`Line ${line} of the blob ${file}`, fact, cause);

/** Lists and objects inside each other: what tests put on results is cut at fewer, see portable-json.ts. */
const DEEPEST = 500;

/** @throws DistributedError `BLOB_CORRUPT` naming the field. */
function checkShape(check: Check, fields: Record<string, unknown>, lack: string, place: LinePlace): void {
  const fault = check(fields);
  if (fault !== undefined) throw corruptLine(place, `lacks ${lack}: ${fault.trim().replace(/^\./, '')}`);
}

function checkFormat(fields: Record<string, unknown>, place: LinePlace): void {
  const format = fields.format;
  if (!isObject(format) || format.name !== BLOB_FORMAT.name || !isCount(format.major)) {
    throw corruptLine(place, 'is not the first line of a jest-distributed blob');
  }
  if (format.major < BLOB_FORMAT.major) {
    throw new DistributedError({
      code: 'BLOB_TOO_OLD',
      message: `The blob ${place.file} has format ${format.major}.${format.minor} (written by jest-distributed ${fields.packageVersion}); this version reads ${BLOB_FORMAT.major}.x only.`,
      remedy:
        'Use the same version of jest-distributed for merging as on the nodes; if the blob is left over from an earlier run, remove it.',
    });
  }
  if (format.major > BLOB_FORMAT.major) {
    throw new DistributedError({
      code: 'BLOB_TOO_NEW',
      message: `The blob ${place.file} has format ${format.major}.${Number(format.minor)} (written by jest-distributed ${String(fields.packageVersion).slice(0, 40)}); this version reads up to ${BLOB_FORMAT.major}.x.`,
      remedy: 'Use the same version of jest-distributed for merging as on the nodes.',
    });
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;

/**
 * Reads one line.
 *
 * @throws DistributedError `BLOB_CORRUPT` naming file and line, `BLOB_TOO_OLD` or `BLOB_TOO_NEW`.
 */
export function parseBlobLine(text: string, place: LinePlace): BlobLine {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw corruptLine(place, 'is not JSON', cause);
  }
  if (!isObject(value)) throw corruptLine(place, 'is not an object');
  if (isDeeperThan(value, DEEPEST)) throw corruptLine(place, `is nested deeper than ${DEEPEST} levels`);
  const { kind, ...fields } = value;
  if (place.line === 1 && kind !== 'run') throw corruptLine(place, 'is not the first line of a jest-distributed blob');
  if (place.line === 2 && kind !== 'inputs') throw corruptLine(place, 'does not contain the files found and the plan');
  switch (kind) {
    case 'run':
      if (place.line !== 1) throw corruptLine(place, 'begins a second run');
      checkFormat(fields, place);
      checkShape(identityShape, fields, 'required fields of the run', place);
      return { kind, identity: fields as unknown as BlobIdentity };
    case 'inputs':
      if (place.line !== 2) throw corruptLine(place, 'repeats the files found and the plan');
      checkShape(inputsShape, fields, 'the files found and the plan', place);
      return { kind, inputs: unpackInputs(fields as unknown as PackedInputs) };
    case 'source':
      checkShape(sourceShape, fields, 'required fields of a source file', place);
      return { kind, source: fields as unknown as SourceLine };
    case 'coverage':
      checkShape(coverageShape, fields, 'required fields of coverage', place);
      return { kind, coverage: fields as unknown as PackedCoverage };
    case 'file':
      checkShape(fileShape, fields, 'required fields of a test file', place);
      return { kind, file: fields as unknown as FileLine };
    case 'try':
      checkShape(tryShape, fields, 'required fields of an earlier try', place);
      return { kind, tried: fields as unknown as TryRecord };
    case 'tree':
      checkShape(treeShape, fields, 'required fields of a checkout', place);
      return { kind, tree: fields as unknown as TreeRecord };
    case 'end':
      checkShape(endShape, fields, 'required fields of its end', place);
      return { kind, end: fields as unknown as EndRecord };
    case 'exit':
      checkShape(exitShape, fields, 'required fields of the end of its process', place);
      return { kind, exit: fields as unknown as ExitRecord };
    default:
      return { kind: 'unknown' };
  }
}
