/** What is kept of blobs: see migrations/0001-queue.ts. */

/** Whether somebody has brought these inputs. $1 build, $2 digest. */
export const findKeptInputs = (schema: string): string => `
SELECT 1 FROM ${schema}.blob_inputs WHERE build_id = $1 AND digest = $2`;

/** Results that count and whose lines are here, without these. $1 suite, $2 build. */
export const listKept = (schema: string): string => `
SELECT f.project, f.path, f.part, i.round, i.settled AS attempt, l.session_id::text AS session_id, l.file_id,
  s.node
FROM ${schema}.build b JOIN ${schema}.item i ON i.build_id = b.id
JOIN ${schema}.blob_line l ON l.build_id = b.id AND l.file_id = i.file_id AND l.round = i.round AND l.attempt = i.settled
JOIN ${schema}.session s ON s.id = l.session_id
JOIN ${schema}.file f ON f.id = i.file_id
WHERE b.suite = $1 AND b.key = $2 AND i.state = 2 AND s.blob_head IS NOT NULL
ORDER BY l.session_id, f.key`;

/** Beginning of a session's blob. $1 session. */
export const readKeptHead = (schema: string): string => `
SELECT s.build_id::text AS build_id, s.blob_head AS head, n.data AS inputs FROM ${schema}.session s
JOIN ${schema}.blob_inputs n ON n.build_id = s.build_id AND n.digest = s.blob_inputs WHERE s.id = $1`;

/** What results of a session refer to, in the order in which it came. $1 build, $2 session, $3 after which id, $4 how many. */
export const readKeptSources = (schema: string): string => `
SELECT id::text AS id, data FROM ${schema}.blob_source WHERE build_id = $1 AND session_id = $2 AND id > $3
ORDER BY id LIMIT $4`;

/** $1 build, $2 ids of items. */
export const readKeptLines = (schema: string): string => `
SELECT data FROM ${schema}.blob_line WHERE build_id = $1 AND file_id = ANY ($2::int[]) ORDER BY file_id`;
