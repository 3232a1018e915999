/**
 * The run that another is compared with: of the nearest commit (in the order of $3) that has a finished run of this
 * pipeline, else the newest finished one. $1 pipeline, $2 run that is compared, $3 commits.
 *
 * Of the newest runs only: a file of a year ago says little of today's.
 */
export const findBaseRun = (schema: string): string => `
WITH recent AS (
  SELECT id, commit_sha, created_at FROM ${schema}.run
  WHERE pipeline = $1 AND key <> $2 AND finished_at IS NOT NULL AND cancelled_at IS NULL
  ORDER BY created_at DESC LIMIT 500),
base AS (SELECT id FROM recent ORDER BY array_position($3::text[], commit_sha) NULLS LAST, created_at DESC LIMIT 1)
SELECT v.run_id::text AS id, v.run, v.commit_sha, v.wall_ms FROM base JOIN ${schema}.run_summary v ON v.run_id = base.id`;

/** Results that counted in a run: $1 its row. Of those that failed with what is kept of their tests. */
export const listBaseResults = (schema: string): string => `
SELECT f.project, f.path, f.part, i.duration_ms, i.outcome,
  CASE WHEN i.outcome <> 1 THEN (SELECT e.detail::text FROM ${schema}.execution e
    WHERE e.run_id = i.run_id AND e.file_id = i.file_id AND e.attempt = i.attempt AND e.decision = 1) END AS detail
FROM ${schema}.item i JOIN ${schema}.file f ON f.id = i.file_id WHERE i.run_id = $1::bigint`;
