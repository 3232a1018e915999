/**
 * Executions of a run that do not count, from the blobs of the nodes that made them; from the run's queue, where it was
 * asked, those of nodes whose blob is gone.
 */

import { inertTexts } from '../../blob/inert-text';
import { detailTests, readDetail } from '../../blob/queue-detail';
import { type TryRecord, toTryRecord } from '../../blob/try-record';
import { openBlobReader } from '../../files/blob-reader';
import { type Checkout, openCheckout } from '../../files/checkout';
import type { Folders } from '../../files/folders';
import type { GatheredBlob, GatheredRun } from '../../files/load-run';
import { fileKey } from '../../plan/item';
import type { UncountedTry } from '../../queue/queue';
import type { ReportedTry } from '../../reports/run-report/retry-rows';

/** Which execution of which item, by whom. */
const identityOf = (
  key: string,
  part: string | null,
  attempt: number,
  claimNumber: number,
  node: string | null,
): string => JSON.stringify([key, part, attempt, claimNumber, node]);

function fromRecord(record: TryRecord, kind: ReportedTry['kind'], { metadata }: GatheredBlob): ReportedTry {
  const { file, part, outcome, startMs, wallMs, tests, failureMessage, execError } = record;
  const failure = failureMessage ?? (execError === null ? null : execError.stack || execError.message);
  const { node, queue } = metadata;
  return {
    ...{ file, part, kind, outcome, startMs, durationMs: wallMs, tests, failure },
    ...{ node: node.number, nodeName: queue?.node ?? null },
  };
}

function fromQueue(one: UncountedTry, run: GatheredRun): ReportedTry {
  const { file, part, node: nodeName, decision, outcome, startMs, durationMs } = one;
  const blob = run.blobs.findLast(({ metadata }) => metadata.queue?.node === nodeName);
  return {
    ...{ file, part, kind: decision, outcome: outcome ?? 'lost', nodeName, startMs, durationMs },
    node: blob?.metadata.node.number ?? null,
    tests: detailTests(one.detail),
    failure: readDetail(one.detail).failure,
  };
}

/** Only files that failed are kept of what a later attempt of a job replaces. */
const REPLACED = { attempt: 1, claimNumber: 1, decision: 'superseded', outcome: 'failed' } as const;

/** With paths of this machine, and inert: a database holds what nodes wrote. */
function toLocalTry(tried: ReportedTry, { toLocal, mayShow }: Checkout): ReportedTry {
  const { tests, failure, ...rest } = tried;
  const local = JSON.parse(toLocal(JSON.stringify({ tests, failure }))) as Pick<ReportedTry, 'tests' | 'failure'>;
  return { ...rest, ...inertTexts(local, mayShow) };
}

/** All executions that do not count, in no particular order. */
export function readTries(run: GatheredRun, folders: Folders): readonly ReportedTry[] {
  const checkout = openCheckout(folders);
  const known = new Set<string>();
  const reported: ReportedTry[] = [];
  for (const blob of [...run.blobs, ...run.earlier]) {
    const { tries } = blob.scanned;
    if (tries.length === 0 && blob.replacedFiles.length === 0) continue;
    const reader = openBlobReader(blob.scanned, checkout, { coverage: false });
    const name = blob.metadata.queue?.node ?? null;
    try {
      for (const span of tries) {
        const record = reader.readTry(span);
        known.add(identityOf(fileKey(record.file), record.part, record.attempt, record.claimNumber, name));
        reported.push(fromRecord(record, record.decision, blob));
      }
      for (const { entry } of blob.replacedFiles) {
        const record = reader.read(entry);
        const { part = null, attempt = 1, claimNumber = 1 } = record.queue ?? {};
        known.add(identityOf(fileKey(record.file), part, attempt, claimNumber, name));
        reported.push(fromRecord(toTryRecord(record, { ...REPLACED, part }), 'replaced', blob));
      }
    } finally {
      reader.close();
    }
  }
  for (const one of run.queueTries ?? []) {
    const identity = identityOf(fileKey(one.file), one.part, one.attempt, one.claimNumber, one.node);
    if (!known.has(identity)) reported.push(toLocalTry(fromQueue(one, run), checkout));
  }
  return reported;
}
