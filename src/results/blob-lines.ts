/**
 * Records of a blob ↔ its lines.
 */
import { DistributedError } from '../errors';
import {
  BLOB_FORMAT,
  type BlobEnd,
  type BlobHeader,
  type BlobMetadata,
  type EndRecord,
  type FileRecord,
  type JsonObject,
  type StoredCoverage,
} from './blob';
import { createCoveragePacker, type PackedCoverage, type SourceLine } from './coverage-sources';
import { type BlobInputs, type PackedInputs, packInputs, unpackInputs } from './inputs-line';

/** A file line: coverage lies on the line before it, so that a reader who does not want it need not parse it. */
export type FileLine = Omit<FileRecord, 'coverage'> & { readonly hasCoverage: boolean };

export type BlobLine =
  | { readonly kind: 'run'; readonly identity: BlobIdentity }
  | { readonly kind: 'inputs'; readonly inputs: BlobInputs }
  | { readonly kind: 'source'; readonly source: SourceLine }
  | { readonly kind: 'coverage'; readonly coverage: PackedCoverage }
  | { readonly kind: 'file'; readonly file: FileLine }
  | { readonly kind: 'end'; readonly end: EndRecord }
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
  readonly header: string;
  file(record: FileRecord): string;
  end(record: BlobEnd): string;
}

const toLine = (kind: string, fields: object): string => `${JSON.stringify({ kind, ...fields })}\n`;

const isEmpty = ({ babel, v8 }: StoredCoverage): boolean => babel === null && v8 === null;

export function createBlobEncoder({ found, plan, ...identity }: BlobHeader): BlobEncoder {
  const packer = createCoveragePacker();
  let files = 0;
  return {
    header: toLine('run', { format: BLOB_FORMAT, ...identity }) + toLine('inputs', packInputs({ found, plan })),
    file({ coverage, ...record }) {
      files += 1;
      const hasCoverage = !isEmpty(coverage);
      const fileLine = toLine('file', { ...record, hasCoverage });
      if (!hasCoverage) return fileLine;
      const { sources, packed } = packer.pack(coverage);
      return [...sources.map((source) => toLine('source', source)), toLine('coverage', packed), fileLine].join('');
    },
    end(record) {
      return toLine('end', { ...record, files });
    },
  };
}

/** Kind of a line without parsing it: the encoder writes `kind` first. Undefined where that is not so. */
export function peekKind(text: string): string | undefined {
  return /^\{"kind":"([a-z]+)"/.exec(text)?.[1];
}

function corrupt({ file, line }: LinePlace, fact: string, cause?: unknown): DistributedError {
  return new DistributedError({
    code: 'BLOB_CORRUPT',
    message: `Line ${line} of the blob ${file} ${fact}.`,
    remedy: 'Fetch the artifact of this node again; if it is the same, run the node again.',
    cause,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
const isTestFile = (value: unknown): boolean =>
  isObject(value) && isText(value.path) && (value.project === null || isText(value.project));

function checkFormat(fields: Record<string, unknown>, place: LinePlace): void {
  const format = fields.format;
  if (!isObject(format) || format.name !== BLOB_FORMAT.name || !isCount(format.major)) {
    throw corrupt(place, 'does not begin a blob of jest-distributed');
  }
  if (format.major > BLOB_FORMAT.major) {
    throw new DistributedError({
      code: 'BLOB_TOO_NEW',
      message: `The blob ${place.file} has format ${format.major}.${format.minor} (written by jest-distributed ${fields.packageVersion}); this version reads up to ${BLOB_FORMAT.major}.x.`,
      remedy: 'Use the same version of jest-distributed for merging as on the nodes.',
    });
  }
}

function readIdentity(fields: Record<string, unknown>, place: LinePlace): BlobIdentity {
  checkFormat(fields, place);
  const { run, node } = fields;
  const isWhole =
    isObject(run) &&
    isText(run.id) &&
    isCount(run.attempt) &&
    isObject(node) &&
    isCount(node.number) &&
    isCount(node.nodes) &&
    isObject(fields.provable) &&
    typeof fields.startMs === 'number';
  if (!isWhole) throw corrupt(place, 'lacks what a blob must say of its run');
  return fields as unknown as BlobIdentity;
}

function readInputs(fields: Record<string, unknown>, place: LinePlace): BlobInputs {
  const { found, plan } = fields;
  const hasFound = found === null ? plan !== null : Array.isArray(found) && found.every(isTestFile);
  const hasPlan = plan === null || (isObject(plan) && Array.isArray(plan.nodes));
  if (!hasFound || !hasPlan) throw corrupt(place, 'lacks the files found and the plan');
  return unpackInputs(fields as unknown as PackedInputs);
}

function readFile(fields: Record<string, unknown>, place: LinePlace): FileLine {
  const result = fields.result;
  if (!isTestFile(fields.file) || !isObject(result) || !Array.isArray(result.testResults)) {
    throw corrupt(place, 'lacks what a blob must say of a test file');
  }
  return fields as unknown as FileLine;
}

/**
 * Reads one line.
 *
 * @throws DistributedError `BLOB_CORRUPT` naming file and line, or `BLOB_TOO_NEW`.
 */
export function parseBlobLine(text: string, place: LinePlace): BlobLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupt(place, 'is not JSON', cause);
  }
  if (!isObject(value)) throw corrupt(place, 'is not an object');
  const { kind, ...fields } = value;
  if (place.line === 1 && kind !== 'run') throw corrupt(place, 'does not begin a blob of jest-distributed');
  if (place.line === 2 && kind !== 'inputs') throw corrupt(place, 'lacks the files found and the plan');
  switch (kind) {
    case 'run':
      if (place.line !== 1) throw corrupt(place, 'begins a second run');
      return { kind, identity: readIdentity(fields, place) };
    case 'inputs':
      return { kind, inputs: readInputs(fields, place) };
    case 'source':
      return { kind, source: { id: fields.id as number, data: fields.data as JsonObject } };
    case 'coverage':
      return { kind, coverage: fields as unknown as PackedCoverage };
    case 'file':
      return { kind, file: readFile(fields, place) };
    case 'end':
      return { kind, end: fields as unknown as EndRecord };
    default:
      return { kind: 'unknown' };
  }
}
