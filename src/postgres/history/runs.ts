/** Runs, newest first. $1 pipeline or null, $2 days or null, $3 limit, $4 run or null. The view's laterals run for the rows kept only. */
export const listRuns = (schema: string): string => `
SELECT v.pipeline, v.run, v.commit_sha, v.branch, v.attempt, v.state, v.cancelled_by, v.created_at, v.wall_ms, v.busy_ms, v.nodes,
  v.items, v.passed, v.failed, v.poison, v.flaky
FROM ${schema}.run_summary v
WHERE ($1::text IS NULL OR v.pipeline = $1)
  AND ($4::text IS NULL OR v.run = $4)
  AND ($2::float8 IS NULL OR v.created_at > clock_timestamp() - $2 * interval '1 day')
ORDER BY v.created_at DESC LIMIT $3`;
