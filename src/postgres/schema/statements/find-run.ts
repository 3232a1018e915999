/** Whether a build exists, and from what plan; asked before a node sends its whole list. By the unique key. */
export const findBuild = (schema: string): string => `
SELECT id::text AS id, digest, changes, lease_ms, max_file_ms, max_crashes, max_retries,
  EXISTS (SELECT FROM ${schema}.session s WHERE s.build_id = b.id AND s.left_at IS NULL
    AND s.alive_until > clock_timestamp()) AS live
FROM ${schema}.build b WHERE suite = $1 AND key = $2`;

/** What a build was filled from, for messages; large. $1 build. */
export const findInputs = (schema: string): string => `
SELECT inputs::text AS inputs, filled_by FROM ${schema}.build WHERE id = $1`;
