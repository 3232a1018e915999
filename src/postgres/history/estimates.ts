/**
 * Mean durations of a pipeline's files, kept up to date by whoever finishes a run, and which of them did not pass in the
 * last finished run. $1 pipeline, $2 branch or null: its last run where it has one, else that of any branch.
 */
export const listEstimates = (schema: string): string => `
SELECT f.project, f.path, f.part, f.mean_ms, i.outcome IS NOT NULL AS failed_last
FROM ${schema}.file f
LEFT JOIN ${schema}.item i ON i.file_id = f.id AND i.outcome IN (2, 3) AND i.run_id = (
  SELECT id FROM ${schema}.run WHERE pipeline = $1 AND finished_at IS NOT NULL
  ORDER BY coalesce(branch = $2, false) DESC, created_at DESC LIMIT 1)
WHERE f.pipeline = $1 AND (f.mean_ms IS NOT NULL OR i.outcome IS NOT NULL) ORDER BY f.key`;
