/** The order in which a run ran, from its blobs: also executions that do not count, for they have run. */
import { openBlobReader } from '../../files/blob-reader';
import { openCheckout } from '../../files/checkout';
import type { Folders } from '../../files/folders';
import type { GatheredBlob, GatheredRun } from '../../files/load-run';
import type { Execution } from '../../flaky/order';

function fromFiles({ metadata, files, replacedFiles }: GatheredBlob): Execution[] {
  const { host, node } = metadata;
  return [...files, ...replacedFiles].map(
    ({ file, parts, worker, workerProcess, startMs, wallMs, hasFailed }): Execution => ({
      ...{ file, parts, host, node: node.number, worker, process: workerProcess },
      ...{ startMs, endMs: startMs + wallMs, hasFailed },
    }),
  );
}

/** All executions, in no particular order. */
export function readOrder(run: GatheredRun, folders: Folders): readonly Execution[] {
  const checkout = openCheckout(folders);
  return [...run.blobs, ...run.earlier].flatMap((blob) => {
    const { host, node } = blob.metadata;
    const { tries } = blob.scanned;
    if (tries.length === 0) return fromFiles(blob);
    const reader = openBlobReader(blob.scanned, checkout, { coverage: false });
    try {
      const tried = tries.map((span): Execution => {
        const { file, part, worker, workerProcess = null, startMs, wallMs, outcome } = reader.readTry(span);
        return {
          ...{ file, parts: part === null ? null : [part], host, node: node.number, worker, process: workerProcess },
          ...{ startMs, endMs: startMs + wallMs, hasFailed: outcome === 'failed' },
        };
      });
      return [...fromFiles(blob), ...tried];
    } finally {
      reader.close();
    }
  });
}
