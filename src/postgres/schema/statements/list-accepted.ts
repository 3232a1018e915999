/** Accepted results of a run: of one node where `$3` names it, and only what did not pass where `$4` is true. */
export const listAccepted = (schema: string): string => `
SELECT f.project, f.path, f.part, i.owner AS node, i.attempt, i.settled_claim AS claim_number, i.outcome,
  i.failures - (i.outcome = 2)::int AS failures, i.duration_ms
FROM ${schema}.run b JOIN ${schema}.item i ON i.run_id = b.id JOIN ${schema}.file f ON f.id = i.file_id
WHERE b.pipeline = $1 AND b.key = $2 AND i.state = 2 AND ($3::text IS NULL OR i.owner = $3)
  AND (NOT $4::boolean OR i.outcome <> 1)
ORDER BY f.key`;
