/**
 * What the replay sequencer and the replay runner share. Jest makes both and hands them nothing of ours, so it lies on
 * `globalThis`, as the run state of a node does.
 */
import type { GatheredBlob, GatheredRun } from '../../files/blob-gather';
import { type BlobReader, openBlobReader } from '../../files/blob-reader';
import type { BlobEntry } from '../../files/blob-scan';
import { type CheckoutFolders, openCheckout } from '../../files/checkout';
import { fileKey, type TestFile } from '../../plan/item';
import type { FileRecord } from '../../results/blob';
import { mergeParts } from '../../results/part-merge';

/** Where one node's record of a file lies. */
interface Place {
  readonly blob: number;
  readonly entry: BlobEntry;
}

/** One test file of the merged run. */
export interface ReplayFile {
  readonly file: TestFile;
  readonly durationMs: number;
  readonly places: readonly Place[];
}

export interface ReplaySource {
  /** In the order of nodes, and within a node as they finished. */
  readonly files: readonly ReplayFile[];
  readonly coverageProvider: 'babel' | 'v8' | null;
  /** The nodes ran with `-u`: what was obsolete is no more. */
  readonly hasUpdatedSnapshots: boolean;
  /** Snapshot files that nodes removed with `-u`, portable paths, each once. */
  readonly removedSnapshotFiles: readonly string[];
  /** Jest of the nodes, for messages. */
  readonly jestVersion: string | null;
  readonly blobs: readonly GatheredBlob[];
}

const sourceKey = Symbol.for('jest-distributed.replay');
const fileKeyOf = Symbol.for('jest-distributed.replay-file');

/** Arranges the blobs that count as one run. */
export function prepareReplay({ blobs }: Pick<GatheredRun, 'blobs'>): ReplaySource {
  const files = new Map<string, { file: TestFile; durationMs: number; places: Place[] }>();
  blobs.forEach((blob, index) => {
    for (const { file, wallMs, entry } of blob.files) {
      const key = fileKey(file);
      const known = files.get(key);
      if (known === undefined) files.set(key, { file, durationMs: wallMs, places: [{ blob: index, entry }] });
      else {
        known.durationMs += wallMs;
        known.places.push({ blob: index, entry });
      }
    }
  });
  const providers = blobs.map(({ metadata }) => metadata.coverageProvider).filter((provider) => provider !== null);
  return {
    files: [...files.values()],
    coverageProvider: providers[0] ?? null,
    hasUpdatedSnapshots: blobs.some(({ scanned }) => scanned.end?.snapshot.didUpdate === true),
    removedSnapshotFiles: [
      ...new Set(
        blobs.flatMap(({ scanned: { end } }) => (end?.snapshot.didUpdate === true ? end.obsoleteSnapshotFiles : [])),
      ),
    ],
    jestVersion: blobs[0]?.metadata.jestVersion ?? null,
    blobs,
  };
}

/** To be called before Jest is launched for a merge. */
export function publishReplay(source: ReplaySource): void {
  (globalThis as Record<symbol, unknown>)[sourceKey] = source;
}

export function readReplay(): ReplaySource {
  const source = (globalThis as Record<symbol, unknown>)[sourceKey] as ReplaySource | undefined;
  if (source === undefined) throw new Error('jest-distributed: the replay was started without blobs.');
  return source;
}

/** Notes on a Test which file of the replay it stands for. */
export function markTest<T extends object>(test: T, file: ReplayFile): T {
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
        const reader = readers.get(blob) ?? openBlobReader((blobs[blob] as GatheredBlob).scanned, checkout);
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
