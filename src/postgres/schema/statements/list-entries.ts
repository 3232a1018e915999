/** What a run was filled with; only asked to say how two plans differ. */
export const listEntries = (schema: string): string => `
SELECT f.project, f.path, f.part FROM ${schema}.item i JOIN ${schema}.file f ON f.id = i.file_id
WHERE i.run_id = $1 ORDER BY f.key`;
