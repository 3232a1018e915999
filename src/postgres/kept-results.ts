/**
 * What the database has kept of blobs: lines of the results that count, whoever ran them, for a merge that has no artifact
 * of their node.
 */
import { inflateRawSync } from 'node:zlib';
import type { RunRef } from '../queue/queue';
import { quoteSchema } from './client/schema-name';
import type { SqlClient, SqlRow } from './client/sql-client';
import { text, textOrNull, toNamed } from './row-mapping';
import { listKept, readKeptHead, readKeptLines, readKeptSources } from './schema/statements/find-kept';

/** A result that counts, whose lines are kept. */
export interface KeptResult {
  /** `fileKey(file, part)` */
  readonly key: string;
  readonly attempt: number;
  readonly claimNumber: number;
  /** Name of the node whose blob the lines are of. */
  readonly node: string;
  /** Ids for `readKeptBlob`. */
  readonly sessionId: string;
  readonly itemId: number;
}

/** Results that count of a run whose lines are kept; empty where there is no such run. */
export async function listKeptResults(
  client: SqlClient,
  schema: string,
  { pipeline, runId }: RunRef,
): Promise<readonly KeptResult[]> {
  const rows = await client.query(listKept(quoteSchema(schema)), [pipeline, runId]);
  return rows.map((row) => ({
    key: toNamed(row).key,
    attempt: Number(row.attempt),
    claimNumber: Number(row.claim_number),
    node: text(row.node),
    sessionId: text(row.session_id),
    itemId: Number(row.file_id),
  }));
}

/** Results that are asked for at a time: some megabytes. */
const AT_ONCE = 200;

/** A blob inflates to at most so much at a time; a line is shorter. */
const LONGEST_PIECE = 256 * 2 ** 20;

function inflate(data: unknown): Buffer {
  return inflateRawSync(data as Uint8Array, { maxOutputLength: LONGEST_PIECE });
}

/** Pieces of a blob of one session with these results, in their order; nothing where its beginning is not kept. */
export async function* readKeptBlob(
  client: SqlClient,
  schema: string,
  sessionId: string,
  itemIds: readonly number[],
): AsyncGenerator<Buffer> {
  const s = quoteSchema(schema);
  const [begin] = await client.query(readKeptHead(s), [sessionId]);
  if (begin === undefined) return;
  yield inflate(begin.head);
  yield inflate(begin.inputs);
  const run = text(begin.run_id);
  let rows: readonly SqlRow[] = [];
  let last = '0';
  do {
    rows = await client.query(readKeptSources(s), [run, sessionId, last, AT_ONCE]);
    for (const { data } of rows) yield inflate(data);
    last = textOrNull(rows.at(-1)?.id) ?? last;
  } while (rows.length === AT_ONCE);
  for (let from = 0; from < itemIds.length; from += AT_ONCE) {
    const lines = await client.query(readKeptLines(s), [run, itemIds.slice(from, from + AT_ONCE)]);
    for (const { data } of lines) yield inflate(data);
  }
}
