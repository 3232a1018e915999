/** Whether a run exists, and from what plan; asked before a node sends its whole list. By the unique key. */
export const findRun = (schema: string): string => `
SELECT id::text AS id, digest, changes, lease_ms, max_file_ms, max_crashes, max_retries,
  EXISTS (SELECT FROM ${schema}.session s WHERE s.run_id = b.id AND s.left_at IS NULL
    AND s.alive_until > clock_timestamp()) AS live,
  round(extract(epoch FROM clock_timestamp() - finished_at) * 1000) AS finished_ago_ms
FROM ${schema}.run b WHERE pipeline = $1 AND key = $2`;

/** What a run was filled from, for messages; large. $1 run. */
export const findInputs = (schema: string): string => `
SELECT inputs::text AS inputs, filled_by FROM ${schema}.run WHERE id = $1`;
