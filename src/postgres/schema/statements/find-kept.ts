/** What is kept of blobs: see migrations/0001-queue.ts. */

/** Whether somebody has brought these inputs. $1 run, $2 digest. */
export const findKeptInputs = (schema: string): string => `
SELECT 1 FROM ${schema}.blob_inputs WHERE run_id = $1 AND digest = $2`;

/** Results that count and whose lines are here, without these. $1 pipeline, $2 run. */
export const listKept = (schema: string): string => `
SELECT f.project, f.path, f.part, i.attempt, i.settled_claim AS claim_number, l.session_id::text AS session_id, l.file_id,
  s.node
FROM ${schema}.run b JOIN ${schema}.item i ON i.run_id = b.id
JOIN ${schema}.blob_line l ON l.run_id = b.id AND l.file_id = i.file_id AND l.attempt = i.attempt AND l.claim_number = i.settled_claim
JOIN ${schema}.session s ON s.id = l.session_id
JOIN ${schema}.file f ON f.id = i.file_id
WHERE b.pipeline = $1 AND b.key = $2 AND i.state = 2 AND s.blob_head IS NOT NULL
ORDER BY l.session_id, f.key`;

/** Beginning of a session's blob. $1 session. */
export const readKeptHead = (schema: string): string => `
SELECT s.run_id::text AS run_id, s.blob_head AS head, n.data AS inputs FROM ${schema}.session s
JOIN ${schema}.blob_inputs n ON n.run_id = s.run_id AND n.digest = s.blob_inputs WHERE s.id = $1`;

/** What results of a session refer to, in the order in which it came. $1 run, $2 session, $3 after which id, $4 how many. */
export const readKeptSources = (schema: string): string => `
SELECT id::text AS id, data FROM ${schema}.blob_source WHERE run_id = $1 AND session_id = $2 AND id > $3
ORDER BY id LIMIT $4`;

/** $1 run, $2 ids of items. */
export const readKeptLines = (schema: string): string => `
SELECT data FROM ${schema}.blob_line WHERE run_id = $1 AND file_id = ANY ($2::int[]) ORDER BY file_id`;
