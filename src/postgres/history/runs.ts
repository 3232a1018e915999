/**
 * Runs of a file or of a test, newest first. $1 what, $2 suite or null, $3 days or null, $4 limit.
 *
 * A path matches from a folder's start, so that `a.test.js` is not also `data.test.js`.
 */
export const listFileRuns = (schema: string): string => `
SELECT r.suite, r.build, r.commit_sha, r.project, r.path, r.part, NULL AS test, r.node, r.round, r.attempt, r.verdict,
  r.outcome, r.duration_ms, r.finished_at
FROM ${schema}.file_run r
WHERE (r.path = $1 OR right(r.path, length($1) + 1) = '/' || $1) AND ($2::text IS NULL OR r.suite = $2)
  AND ($3::float8 IS NULL OR r.finished_at > clock_timestamp() - $3 * interval '1 day')
ORDER BY r.finished_at DESC, r.id DESC LIMIT $4`;

export const listTestRuns = (schema: string): string => `
SELECT r.suite, r.build, r.commit_sha, r.project, r.path, NULL AS part, r.name AS test, r.node, r.round, r.attempt,
  r.verdict, r.status AS outcome, r.duration_ms, r.finished_at
FROM ${schema}.test_run r
WHERE position(lower($1) IN lower(r.name)) > 0 AND ($2::text IS NULL OR r.suite = $2)
  AND ($3::float8 IS NULL OR r.finished_at > clock_timestamp() - $3 * interval '1 day')
ORDER BY r.finished_at DESC, r.id DESC LIMIT $4`;
