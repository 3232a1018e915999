/** The records of a run, read again from its blobs. */
import type { FileRecord } from '../../blob/blob';
import { openBlobReader } from '../../files/blob-reader';
import { openCheckout } from '../../files/checkout';
import type { Folders } from '../../files/folders';
import type { GatheredBlob, GatheredRun } from '../../files/load-run';

/** Calls back with every record of every blob that counts, without coverage; one record is in memory at a time. */
export function eachRecord(
  { blobs }: GatheredRun,
  folders: Folders,
  visit: (record: FileRecord, blob: GatheredBlob) => void,
): void {
  const checkout = openCheckout(folders);
  for (const blob of blobs) {
    const reader = openBlobReader(blob.scanned, checkout, { coverage: false });
    try {
      for (const { entry } of blob.files) visit(reader.read(entry), blob);
    } finally {
      reader.close();
    }
  }
}
