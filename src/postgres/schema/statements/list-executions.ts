/** Every run of every item of a build, oldest first. */
export const listAttempts = (schema: string): string => `
SELECT a.file_id, a.round, a.attempt, a.node, a.verdict, a.outcome, a.duration_ms, f.project, f.path, f.part
FROM ${schema}.build b JOIN ${schema}.attempt a ON a.build_id = b.id JOIN ${schema}.file f ON f.id = a.file_id
WHERE b.suite = $1 AND b.key = $2 ORDER BY a.id`;
