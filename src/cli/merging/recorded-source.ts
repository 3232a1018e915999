/** The events of a run that is over, from the blobs of its nodes. */
import { DistributedError } from '../../errors';
import { loadOptions } from '../../files/load-options';
import { gatherRun } from '../../files/load-run';
import { defaultTimings } from '../../jest/planning/timings-source';
import type { EventSource } from '../../reports/live/event-source';
import { createRecordedSource, type RecordedFile } from '../../reports/live/recorded-events';
import { eachRecord } from './each-record';
import { openMergeQuarantine } from './merge-quarantine';

/**
 * @param place absolute path of a folder of blobs, or of a blob.
 * @throws DistributedError `NO_BLOBS`.
 */
export async function openRecordedSource(place: string): Promise<EventSource> {
  const { folders, options } = await loadOptions({ flags: {}, environment: process.env, rootDir: null });
  const run = gatherRun([place], {});
  if (run.blobs.length === 0) {
    throw new DistributedError({
      code: 'BLOBS_MISSING',
      message: `There is no blob in ${place}.`,
      remedy: 'Give the report folder of a run, or the folder of its artifacts.',
    });
  }
  const files = new Map<unknown, RecordedFile[]>(run.blobs.map((blob) => [blob, []]));
  const quarantine = openMergeQuarantine(run, folders, options.timings?.value ?? defaultTimings(folders));
  eachRecord(run, folders, (record, blob) => {
    const held = new Set(quarantine.heldOf(record).keys());
    files.get(blob)?.push({ ...record, held, part: record.queue?.part ?? null });
  });
  return createRecordedSource(
    run.blobs.map((blob) => ({
      metadata: blob.metadata,
      files: files.get(blob) ?? [],
      end: blob.scanned.end,
      exit: blob.scanned.exit,
    })),
    run.verdict.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  );
}
