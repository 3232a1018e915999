/** Every execution of every item of a run, oldest first. */
export const listExecutions = (schema: string): string => `
SELECT a.file_id, a.attempt, a.claim_number, a.node, a.decision, a.outcome, a.duration_ms, f.project, f.path, f.part
FROM ${schema}.run b JOIN ${schema}.execution a ON a.run_id = b.id JOIN ${schema}.file f ON f.id = a.file_id
WHERE b.pipeline = $1 AND b.key = $2 ORDER BY a.id`;
