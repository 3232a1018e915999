/** Whether a build exists, and from what plan; asked before a node sends its whole list. By the unique key. */
export const findBuild = (schema: string): string => `
SELECT id::text AS id, digest, inputs::text AS inputs, filled_by, lease_ms, max_file_ms, max_crashes, max_retries
FROM ${schema}.build WHERE suite = $1 AND key = $2`;
