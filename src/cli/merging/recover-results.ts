/**
 * Results that the queue's database kept and that no report folder holds: a machine was gone with its disk, or the
 * artifacts of an earlier attempt cannot be fetched.
 */
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BLOB_SUFFIX } from '../../files/blob-file';
import { type GatheredRun, gatherRun } from '../../files/load-run';
import type { Options } from '../../options/resolve';
import { fileKey, parseKey } from '../../plan/item';
import type { SqlClient } from '../../postgres/client/sql-client';
import { type KeptResult, listKeptResults, readKeptBlob } from '../../postgres/kept-results';
import type { Expectations } from '../../proof/proof';
import { pipelineName } from '../../queue/pipeline';
import type { RunRef } from '../../queue/queue';
import { withDatabase } from '../database/database-session';

export interface RecoveredRun {
  readonly run: GatheredRun;
  readonly expectations: Expectations;
  readonly places: readonly string[];
  /** Holds what was recovered, and is the caller's to remove; undefined where nothing was. */
  readonly folder: string | undefined;
}

/** Which run of the database the blobs are of; where there is none, the run that is meant. */
function refOf({ blobs }: GatheredRun, { runId, packageName, label }: Expectations): RunRef | null {
  const queues = blobs.flatMap(({ metadata }) => metadata.queue ?? []);
  const queue = queues.find(({ served }) => served === 'database');
  if (queue !== undefined) return { pipeline: queue.pipeline, runId: queue.runId };
  if (blobs.length > 0 || runId === undefined) return null;
  return { pipeline: pipelineName({ packageName: packageName ?? null, label: label ?? null }), runId };
}

export const resultKey = (key: string, attempt: number, claimNumber: number): string =>
  `${key}\0\0${attempt}:${claimNumber}`;

/** What the blobs say themselves: not what a process reports of another one. */
export function heldResults({ accepted }: GatheredRun): Set<string> {
  return new Set(
    accepted.flatMap(({ runs }) =>
      runs.flatMap(({ key, queue }) => {
        if (queue === null || queue.inherited) return [];
        return [resultKey(fileKey(parseKey(key).file, queue.part), queue.attempt, queue.claimNumber)];
      }),
    ),
  );
}

/** Makes a file of these pieces. */
export async function writeBlob(file: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  const descriptor = openSync(file, 'wx');
  try {
    for await (const piece of pieces) for (let at = 0; at < piece.length; ) at += writeSync(descriptor, piece, at);
  } finally {
    closeSync(descriptor);
  }
}

async function recover(client: SqlClient, schema: string, lost: readonly KeptResult[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  const bySession = new Map<string, number[]>();
  for (const { sessionId, itemId } of lost) bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), itemId]);
  for (const [sessionId, itemIds] of bySession) {
    const file = path.join(folder, `database-session-${sessionId}${BLOB_SUFFIX}`);
    await writeBlob(file, readKeptBlob(client, schema, sessionId, itemIds));
  }
  return folder;
}

/**
 * Reads the blobs of a run, and completes them from the database that the options name.
 *
 * @throws DistributedError `REPORT_DIR_MISSING`; where the database cannot be asked.
 */
export async function gatherWithDatabase(
  places: readonly string[],
  expectations: Expectations,
  options: Options,
): Promise<RecoveredRun> {
  const hasDatabase = options.databaseUrl !== undefined;
  // It may be that every machine is gone, and the database has all there is.
  const isKnown = hasDatabase && expectations.runId !== undefined;
  const run = gatherRun(isKnown ? places.filter((place) => existsSync(place)) : places, expectations);
  const ref = hasDatabase ? refOf(run, expectations) : null;
  if (ref === null) return { run, places, expectations, folder: undefined };
  const folder = await withDatabase(options, {}, async ({ client, schema }) => {
    const held = heldResults(run);
    const kept = await listKeptResults(client, schema, ref);
    const lost = kept.filter(({ key, attempt, claimNumber }) => !held.has(resultKey(key, attempt, claimNumber)));
    return lost.length === 0 ? undefined : recover(client, schema, lost);
  });
  if (folder === undefined) {
    // Nothing is there either: say which folder is missing.
    return { run: run.blobs.length === 0 ? gatherRun(places, expectations) : run, places, expectations, folder };
  }
  const all = [...places.filter((place) => existsSync(place)), folder];
  const more = { ...expectations, recoveredIn: folder };
  return { run: gatherRun(all, more), places: all, expectations: more, folder };
}
