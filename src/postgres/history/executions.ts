/**
 * Runs of a file or of a test, newest first. $1 what, $2 suite or null, $3 days or null, $4 limit.
 *
 * A path matches from a folder's start, so that `a.test.js` is not also `data.test.js`.
 */
export const listFileRuns = (schema: string): string => `
SELECT r.suite, r.build, r.commit_sha, r.project, r.path, r.part, NULL AS test, r.node, r.round, r.attempt, r.verdict,
  r.outcome, r.duration_ms, r.finished_at,
  -- Of a plain pass the detail says nothing more.
  CASE WHEN r.outcome IS DISTINCT FROM 'passed' OR r.detail ? 'retriedTests' THEN r.detail::text END AS detail
FROM ${schema}.file_run r
WHERE (r.path = $1 OR right(r.path, length($1) + 1) = '/' || $1) AND ($2::text IS NULL OR r.suite = $2)
  AND ($3::float8 IS NULL OR r.finished_at > clock_timestamp() - $3 * interval '1 day')
ORDER BY r.finished_at DESC, r.id DESC LIMIT $4`;

export const listTestRuns = (schema: string): string => `
SELECT r.suite, r.build, r.commit_sha, r.project, r.path, NULL AS part, t.value ->> 'name' AS test, r.node, r.round,
  r.attempt, r.verdict, t.value ->> 'status' AS outcome, (t.value ->> 'durationMs')::real AS duration_ms, r.finished_at,
  jsonb_build_object('tests', jsonb_build_array(t.value))::text AS detail
FROM ${schema}.file_run r
CROSS JOIN LATERAL jsonb_array_elements(r.detail -> 'tests') AS t (value)
WHERE jsonb_typeof(r.detail -> 'tests') = 'array' AND position(lower($1) IN lower(t.value ->> 'name')) > 0
  AND ($2::text IS NULL OR r.suite = $2)
  AND ($3::float8 IS NULL OR r.finished_at > clock_timestamp() - $3 * interval '1 day')
ORDER BY r.finished_at DESC, r.id DESC LIMIT $4`;
