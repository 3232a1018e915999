/** Items of a run that nodes had begun, and that have no accepted result: at work, or lost with their node. */
export const listBegun = (schema: string): string => `
SELECT f.project, f.path, f.part, i.owner AS node
FROM ${schema}.run b JOIN ${schema}.item i ON i.run_id = b.id JOIN ${schema}.file f ON f.id = i.file_id
WHERE b.pipeline = $1 AND b.key = $2 AND i.state = 1 AND i.started_at IS NOT NULL
ORDER BY f.key`;
