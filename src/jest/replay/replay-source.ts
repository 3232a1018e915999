/**
 * What is to be replayed, as `merge` hands it to the process that does it, and as the replay's sequencer and runner share
 * it there.
 */

import type { FileRecord, StoredThreshold } from '../../blob/blob';
import { mergeParts } from '../../blob/merge-parts';
import { type BlobReader, openBlobReader } from '../../files/blob-reader';
import type { BlobEntry, ScannedBlob, Span } from '../../files/blob-scan';
import { type CheckoutFolders, openCheckout } from '../../files/checkout';
import type { GatheredRun } from '../../files/load-run';
import type { Quarantine } from '../../flaky/quarantine';
import { fileKey, type TestFile } from '../../plan/item';
import { channel, channelSymbol } from '../channels/channel';

/** The descriptor that the outcome goes to. */
export const REPLAY_OUTCOME_FD = 3;

/** Where one node's record of a file lies. */
interface BlobPosition {
  readonly blob: number;
  readonly entry: BlobEntry;
}

/** One test file of the merged run. */
export interface ReplayFile {
  readonly file: TestFile;
  readonly places: readonly BlobPosition[];
}

export interface ReplaySource {
  /** In the order of nodes, and within a node as they finished. */
  readonly files: readonly ReplayFile[];
  readonly coverageProvider: 'babel' | 'v8' | null;
  /** What the nodes were given and did not check. */
  readonly coverageThreshold: StoredThreshold | null;
  /** The nodes ran with `-u`: what was obsolete is no more. */
  readonly hasUpdatedSnapshots: boolean;
  /** Snapshot files that nodes removed with `-u`, portable paths, each once. */
  readonly removedSnapshotFiles: readonly string[];
  /** Whose failures do not decide; null where nothing is in quarantine. */
  readonly quarantine: ReplayQuarantine | null;
  /** When the first node began, milliseconds since 1970. */
  readonly startMs: number;
  /** Of the node that took longest. */
  readonly durationMs: number;
  readonly blobs: readonly ReplayBlob[];
  /** Absolute path of a folder for files that only the replay needs; not its own to remove. */
  readonly folder: string;
  /**
   * What Jest was given so far, the files that it found here and of which no blob has a result, and the digest of the
   * call that found them.
   */
  readonly replayed: { files: number; tests: number; unknown: TestFile[]; call: string | null };
}

/** The quarantine of the merging checkout, as of the day of the run. */
export interface ReplayQuarantine {
  readonly quarantine: Quarantine;
  /** Absolute. */
  readonly projectDir: string;
  /** By UTC. */
  readonly today: string;
}

/** As much of a blob as reading its records takes. */
type ReplayBlob = Pick<ScannedBlob, 'path' | 'sources'>;

const current = channel<ReplaySource | undefined>('replay', () => undefined);
const fileKeyOf = channelSymbol('replay-file');

/** Arranges the blobs that count as one run. @param folder where the replay may put files. */
export function prepareReplay(
  { blobs }: Pick<GatheredRun, 'blobs'>,
  folder: string,
  quarantine: ReplayQuarantine | null = null,
): ReplaySource {
  const files = new Map<string, { file: TestFile; places: BlobPosition[] }>();
  blobs.forEach((blob, index) => {
    for (const { file, entry } of blob.files) {
      const key = fileKey(file);
      const known = files.get(key);
      if (known === undefined) files.set(key, { file, places: [{ blob: index, entry }] });
      else known.places.push({ blob: index, entry });
    }
  });
  const providers = blobs.map(({ metadata }) => metadata.coverageProvider).filter((provider) => provider !== null);
  return {
    files: [...files.values()],
    coverageProvider: providers[0] ?? null,
    coverageThreshold: blobs.find(({ metadata }) => metadata.coverageThreshold)?.metadata.coverageThreshold ?? null,
    hasUpdatedSnapshots: blobs.some(({ scanned }) => scanned.end?.snapshot.didUpdate === true),
    removedSnapshotFiles: [
      ...new Set(
        blobs.flatMap(({ scanned: { end } }) => (end?.snapshot.didUpdate === true ? end.obsoleteSnapshotFiles : [])),
      ),
    ],
    quarantine,
    startMs: Math.min(...blobs.map(({ metadata }) => metadata.startMs)),
    durationMs: Math.max(0, ...blobs.map(nodeDurationMs)),
    blobs: blobs.map(({ scanned: { path, sources } }) => ({ path, sources })),
    folder,
    replayed: { files: 0, tests: 0, unknown: [], call: null },
  };
}

function nodeDurationMs({ metadata, scanned, files }: GatheredRun['blobs'][number]): number {
  if (scanned.end !== null) return scanned.end.wallMs;
  return (
    files.reduce((last, { startMs, wallMs }) => Math.max(last, startMs + wallMs), metadata.startMs) - metadata.startMs
  );
}

/** For a file; {@link parseReplay} reads it. */
export function formatReplay({ blobs, ...rest }: ReplaySource): string {
  return JSON.stringify({ ...rest, blobs: blobs.map(({ path, sources }) => ({ path, sources: [...sources] })) });
}

export function parseReplay(text: string): ReplaySource {
  const { blobs, ...rest } = JSON.parse(text) as Omit<ReplaySource, 'blobs'> & {
    readonly blobs: readonly { readonly path: string; readonly sources: readonly (readonly [number, Span])[] }[];
  };
  return { ...rest, blobs: blobs.map(({ path, sources }) => ({ path, sources: new Map(sources) })) };
}

/** To be called before Jest is launched for a merge. */
export const publishReplay = current.publish;

export function readReplay(): ReplaySource {
  const source = current.read();
  if (source === undefined) throw new Error('jest-distributed: the replay was started without blobs.');
  return source;
}

/** Notes on a Test which file of the replay it stands for. */
export function tagTest<T extends object>(test: T, file: ReplayFile): T {
  return Object.assign(test, { [fileKeyOf]: file });
}

export function fileOfTest(test: object): ReplayFile {
  return (test as Record<symbol, ReplayFile>)[fileKeyOf] as ReplayFile;
}

/** Reads merged records; a blob is open only between its first and its last file. */
export interface RecordReader {
  read(file: ReplayFile): FileRecord;
  close(): void;
}

export function openRecords({ blobs, files }: ReplaySource, folders: CheckoutFolders): RecordReader {
  const checkout = openCheckout(folders);
  const left = blobs.map(() => 0);
  for (const { places } of files) for (const { blob } of places) left[blob] = (left[blob] ?? 0) + 1;
  const readers = new Map<number, BlobReader>();
  const close = (blob: number) => {
    readers.get(blob)?.close();
    readers.delete(blob);
  };
  return {
    read({ places }) {
      const records = places.map(({ blob, entry }) => {
        const reader = readers.get(blob) ?? openBlobReader(blobs[blob] as ReplayBlob, checkout);
        readers.set(blob, reader);
        const record = reader.read(entry);
        left[blob] = (left[blob] as number) - 1;
        if (left[blob] === 0) close(blob);
        return record;
      });
      return mergeParts(records);
    },
    close() {
      for (const blob of [...readers.keys()]) close(blob);
    },
  };
}
