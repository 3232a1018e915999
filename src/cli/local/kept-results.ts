/**
 * Lines of results as nodes deliver them to a queue that this process serves, kept until the end of the run: a machine
 * that is gone took its blob with it, and what the queue has accepted from it must not be lost.
 */
import { appendFileSync, createReadStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { inflateRawSync } from 'node:zlib';
import { BLOB_SUFFIX } from '../../files/blob-file';
import { type GatheredRun, gatherRun } from '../../files/load-run';
import type { Expectations } from '../../proof/proof';
import type { BlobBeginning, BlobLines, Queue } from '../../queue/queue';
import { heldResults, resultKey, writeBlob } from '../merging/recover-results';

/** A line of a file for one session. JSON has no line break that readline could take for an end. */
type Kept =
  | { readonly begin: BlobBeginning }
  | { readonly sources: string }
  | { readonly key: string; readonly lines: string };

export interface KeptResults {
  /** The same queue; what is delivered to it is kept. */
  readonly queue: Queue;
  /** Absolute paths of the files, a session each. */
  readonly files: () => readonly string[];
}

/** @param folder absolute; made where something is kept. */
export function keepResults(queue: Queue, folder: string): KeptResults {
  const files = new Map<string, string>();
  const keep = (sessionId: string, kept: Kept) => {
    let file = files.get(sessionId);
    if (file === undefined) {
      file = path.join(folder, `session-${files.size + 1}.kept`);
      files.set(sessionId, file);
      mkdirSync(folder, { recursive: true });
    }
    appendFileSync(file, `${JSON.stringify(kept)}\n`);
  };
  const keepLines = (sessionId: string, key: string, { sources, lines }: BlobLines) => {
    if (sources !== null) keep(sessionId, { sources });
    keep(sessionId, { key, lines });
  };
  const keyOf = new Map<number, string>();
  return {
    files: () => [...files.values()],
    queue: {
      ...queue,
      join: async (request) => {
        const joined = await queue.join(request);
        if (request.blob) keep(joined.session.sessionId, { begin: request.blob });
        return joined;
      },
      claim: async (session, request) => {
        const claimed = await queue.claim(session, request);
        for (const { itemId, key } of claimed) keyOf.set(itemId, key);
        return claimed;
      },
      settle: async (session, results) => {
        // Before it counts: what counts is here.
        for (const { itemId, attempt, claimNumber, blob } of results) {
          const key = keyOf.get(itemId);
          if (blob && key !== undefined) keepLines(session.sessionId, resultKey(key, attempt, claimNumber), blob);
        }
        return queue.settle(session, results);
      },
    },
  };
}

const inflate = (packed: string): Buffer => inflateRawSync(Buffer.from(packed, 'base64'));

/** Writes the blob of a session with these results; undefined where it has none of them. */
async function writeKept(kept: string, lost: ReadonlySet<string>, folder: string): Promise<string | undefined> {
  const file = path.join(folder, `${path.basename(kept, '.kept')}${BLOB_SUFFIX}`);
  const lines: string[] = [];
  const beginning: Buffer[] = [];
  for await (const line of createInterface({ input: createReadStream(kept) })) {
    const one = JSON.parse(line) as Kept;
    if ('begin' in one) beginning.push(inflate(one.begin.head), inflate(one.begin.inputs));
    else if ('sources' in one) beginning.push(inflate(one.sources));
    else if (lost.has(one.key)) lines.push(one.lines);
  }
  if (lines.length === 0 || beginning.length === 0) return undefined;
  mkdirSync(folder, { recursive: true });
  await writeBlob(file, [...beginning, ...lines.map(inflate)]);
  return file;
}

/**
 * Reads the blobs of a run once more where the queue has accepted results that they do not have and that were kept.
 *
 * @param folder absolute; for what is recovered.
 */
export async function withKeptResults(
  run: GatheredRun,
  kept: KeptResults,
  place: { readonly reportDir: string; readonly folder: string; readonly expectations: Expectations },
): Promise<GatheredRun> {
  const seat = run.blobs.find(({ metadata }) => metadata.queue)?.metadata.queue;
  if (!seat) return run;
  const accepted = await kept.queue.accepted({ pipeline: seat.pipeline, runId: seat.runId });
  const held = heldResults(run);
  const lost = new Set(
    (accepted ?? [])
      .map(({ key, attempt, claimNumber }) => resultKey(key, attempt, claimNumber))
      .filter((key) => !held.has(key)),
  );
  if (lost.size === 0) return run;
  const { reportDir, folder, expectations } = place;
  const written = await Promise.all(kept.files().map((file) => writeKept(file, lost, folder)));
  if (written.every((file) => file === undefined)) return run;
  return gatherRun([reportDir, folder], { ...expectations, recoveredIn: folder });
}
