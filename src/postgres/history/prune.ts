/**
 * Deletes old runs, the oldest first; their items and sessions go with them (ON DELETE CASCADE), executions have no
 * foreign key, which would be checked at every settle. Files go when nothing remembers them. $1 days, $2 how many.
 *
 * Some at a time: years of history in one statement would take longer than anybody waits for an answer, and what it
 * had done would be rolled back. A run with a live session stays, however old.
 */
export const pruneRuns = (schema: string): string => `
WITH old AS (
  DELETE FROM ${schema}.run WHERE id IN (
    SELECT b.id FROM ${schema}.run b WHERE b.created_at < clock_timestamp() - $1 * interval '1 day' AND NOT EXISTS (
      SELECT FROM ${schema}.session s
      WHERE s.run_id = b.id AND s.left_at IS NULL AND s.alive_until > clock_timestamp())
    ORDER BY b.created_at LIMIT $2)
  RETURNING id),
lines AS (DELETE FROM ${schema}.blob_line l USING old WHERE l.run_id = old.id),
sources AS (DELETE FROM ${schema}.blob_source l USING old WHERE l.run_id = old.id),
inputs AS (DELETE FROM ${schema}.blob_inputs l USING old WHERE l.run_id = old.id),
gone AS (DELETE FROM ${schema}.execution a USING old WHERE a.run_id = old.id RETURNING 1)
SELECT (SELECT count(*)::int FROM old) AS runs, (SELECT count(*)::int FROM gone) AS executions`;

export const pruneFiles = (schema: string): string => `
DELETE FROM ${schema}.file f WHERE NOT EXISTS (SELECT FROM ${schema}.execution a WHERE a.file_id = f.id)
  AND NOT EXISTS (SELECT FROM ${schema}.item i WHERE i.file_id = f.id) RETURNING f.id`;
