/** Mean durations of a pipeline's files; kept up to date by whoever finishes a run, so this reads one row a file. */
export const listEstimates = (schema: string): string => `
SELECT project, path, part, mean_ms FROM ${schema}.file WHERE pipeline = $1 AND mean_ms IS NOT NULL ORDER BY key`;
