/**
 * Folders of blobs → proof, and what the replay needs to read them again.
 */
import path from 'node:path';
import type { BlobMetadata } from '../blob/blob';
import type { FileLine } from '../blob/blob-lines';
import {
  type BlobSummary,
  createInterner,
  type FileRun,
  type Interner,
  type SummaryBuilder,
  summariseBlob,
} from '../blob/blob-summary';
import { triesOf } from '../blob/test-tries';
import { isDistributedError } from '../errors';
import { type Expectations, type Proof, proveRun, type UnreadableBlob } from '../proof/proof';
import type { UncountedTry } from '../queue/queue';
import { listBlobs } from './blob-list';
import { type BlobEntry, createKnownLines, type KnownLines, type ScannedBlob, scanBlob } from './blob-scan';
import { unreadableText } from './fs-error-text';

/** A test file's record in one blob, without what makes it large. */
interface GatheredFile extends Pick<FileLine, 'file' | 'parts' | 'startMs' | 'wallMs' | 'worker'> {
  readonly workerProcess: number | null;
  readonly hasFailed: boolean;
  /** Number of its tests that have a result. */
  readonly tests: number;
  /** Jest ran a test of it more than once (`jest.retryTimes`). */
  readonly hasRetries: boolean;
  readonly entry: BlobEntry;
}

export interface GatheredBlob extends Pick<BlobSummary, 'isRecovered' | 'isReplaced'> {
  readonly metadata: BlobMetadata;
  readonly scanned: ScannedBlob;
  readonly files: readonly GatheredFile[];
  /** Files that failed here, and of which a later attempt's result counts. */
  readonly replacedFiles: readonly GatheredFile[];
}

export interface GatheredRun extends Proof {
  /** Blobs that count, by node. */
  readonly blobs: readonly GatheredBlob[];
  /** Earlier results of these nodes; only their `replacedFiles`. */
  readonly earlier: readonly GatheredBlob[];
  /** What the run's queue knows of executions that do not count; absent where it was not asked. */
  readonly queueTries?: readonly UncountedTry[];
}

function gatherOne(file: string, interner: Interner, known: KnownLines): { summary: BlobSummary; blob: GatheredBlob } {
  let builder: SummaryBuilder | undefined;
  const files: GatheredFile[] = [];
  const scanned = scanBlob(
    file,
    {
      run: (metadata) => {
        builder = summariseBlob(file, metadata, interner);
      },
      tree: (tree) => builder?.tree(tree),
      file: (line, entry) => {
        builder?.file(line);
        const { file: testFile, parts, startMs, wallMs, worker, workerProcess = null, result, execError } = line;
        const hasRetries = result.testResults.some((test) => triesOf(test) > 1);
        const hasFailed = execError !== null || result.testResults.some(({ status }) => status === 'failed');
        const tests = result.testResults.length;
        files.push({
          ...{ file: testFile, parts, startMs, wallMs, worker, workerProcess, hasFailed, tests, hasRetries, entry },
        });
      },
    },
    known,
  );
  // Both lines of its head were there, or scanBlob has thrown.
  const summary = (builder as SummaryBuilder).finish({
    ...{ end: scanned.end, exit: scanned.exit, isTruncated: scanned.isTruncated },
  });
  return { summary, blob: { metadata: summary.metadata, scanned, files, replacedFiles: [] } };
}

const filesOf = ({ files }: GatheredBlob, runs: readonly FileRun[]): GatheredFile[] =>
  runs.map(({ index }) => files[index] as GatheredFile);

const failedOf = (runs: readonly FileRun[]): FileRun[] => runs.filter(({ failed }) => failed);

/** A node of a queue may have got another number, and some of its records may be replaced by a later attempt's. */
function asAccepted(gathered: GatheredBlob, summary: BlobSummary): GatheredBlob {
  const { metadata, runs, replacedRuns = [], isRecovered = false, isReplaced = false } = summary;
  const { scanned } = gathered;
  const replacedFiles = filesOf(gathered, failedOf(replacedRuns));
  return { metadata, scanned, files: filesOf(gathered, runs), replacedFiles, isRecovered, isReplaced };
}

function asReplaced(gathered: GatheredBlob, { metadata, runs }: BlobSummary): GatheredBlob {
  return { metadata, scanned: gathered.scanned, files: [], replacedFiles: filesOf(gathered, failedOf(runs)) };
}

/** Whatever happens while a blob is read is a fact about this blob. */
function faultOf(file: string, error: unknown): Pick<UnreadableBlob, 'message' | 'remedy'> {
  if (isDistributedError(error)) return { message: error.fact, remedy: error.remedy };
  return {
    message: `The blob ${file} ${unreadableText(error)}.`,
    remedy: 'Download the artifact of this node again; if it is the same, run the node again.',
  };
}

/**
 * Reads all blobs below the places once through and proves the run.
 *
 * A blob that cannot be read is a finding of the verdict, not an error.
 *
 * @throws DistributedError `REPORT_DIR_MISSING`.
 */
export function gatherRun(places: readonly string[], expectations: Expectations = {}): GatheredRun {
  const interner = createInterner();
  const known = createKnownLines();
  const summaries: BlobSummary[] = [];
  const unreadable: UnreadableBlob[] = [];
  const byPath = new Map<string, GatheredBlob>();
  const { recoveredIn } = expectations;
  const { files, others } = listBlobs(places);
  for (const { path: place, fact } of others) unreadable.push({ path: place, message: `${place} ${fact}: no blob.` });
  for (const file of files) {
    try {
      const { summary, blob } = gatherOne(file, interner, known);
      const isRecovered = recoveredIn !== undefined && !path.relative(recoveredIn, file).startsWith('..');
      const shown = path.relative(process.cwd(), file) || file;
      summaries.push({ ...summary, path: shown, ...(isRecovered && { isRecovered }) });
      byPath.set(summaries.at(-1)?.path as string, blob);
    } catch (error) {
      unreadable.push({ path: file, ...faultOf(file, error) });
    }
  }
  const proof = proveRun(summaries, unreadable, places, expectations);
  const gatheredOf = ({ path: file }: BlobSummary) => byPath.get(file) as GatheredBlob;
  return {
    ...proof,
    blobs: proof.accepted.map((summary) => asAccepted(gatheredOf(summary), summary)),
    earlier: proof.replaced.map((summary) => asReplaced(gatheredOf(summary), summary)),
  };
}
