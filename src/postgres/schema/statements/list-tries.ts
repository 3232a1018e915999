/**
 * Executions of a run that do not count, oldest first: retried, superseded and lost ones, and failures that an earlier
 * attempt of the CI run ended with. Times in milliseconds since 1970 by the database's clock.
 */
export const listTries = (schema: string): string => `
SELECT a.file_id, a.attempt, a.claim_number, a.node, a.decision, a.outcome, a.duration_ms, f.project, f.path, f.part,
  a.detail::text AS detail,
  extract(epoch FROM CASE WHEN a.duration_ms IS NULL THEN a.claimed_at
    ELSE a.finished_at - a.duration_ms * interval '1 ms' END)::float8 * 1000 AS start_ms
FROM ${schema}.run b JOIN ${schema}.execution a ON a.run_id = b.id JOIN ${schema}.file f ON f.id = a.file_id
JOIN ${schema}.item i ON i.run_id = a.run_id AND i.file_id = a.file_id
WHERE b.pipeline = $1 AND b.key = $2 AND (a.decision <> 1 OR (a.attempt < i.attempt AND a.outcome <> 1)) ORDER BY a.id`;
