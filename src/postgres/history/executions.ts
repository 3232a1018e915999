import { isCampaign } from './campaigns';

/**
 * Executions of a file or of a test, newest first. $1 what, $2 pipeline or null, $3 days or null, $4 limit.
 *
 * A path matches from a folder's start, so that `a.test.js` is not also `data.test.js`.
 */
export const listFileExecutions = (schema: string): string => `
SELECT r.pipeline, r.run, r.commit_sha, r.project, r.path, r.part, NULL AS test, r.node, r.attempt, r.claim_number, r.decision,
  r.outcome, r.duration_ms, r.finished_at,
  -- Of a plain pass the detail says nothing more.
  CASE WHEN r.outcome IS DISTINCT FROM 'passed' OR r.detail ? 'retriedTests' OR ${isCampaign('r.pipeline')}
    THEN r.detail::text END AS detail
FROM ${schema}.file_execution r
WHERE (r.path = $1 OR right(r.path, length($1) + 1) = '/' || $1) AND ($2::text IS NULL OR r.pipeline = $2)
  AND ($3::float8 IS NULL OR r.finished_at > clock_timestamp() - $3 * interval '1 day')
ORDER BY r.finished_at DESC, r.id DESC LIMIT $4`;

export const listTestExecutions = (schema: string): string => `
SELECT r.pipeline, r.run, r.commit_sha, r.project, r.path, NULL AS part, t.value ->> 'name' AS test, r.node, r.attempt,
  r.claim_number, r.decision, t.value ->> 'status' AS outcome, (t.value ->> 'durationMs')::real AS duration_ms, r.finished_at,
  jsonb_build_object('tests', jsonb_build_array(t.value))::text AS detail
FROM ${schema}.file_execution r
CROSS JOIN LATERAL jsonb_array_elements(r.detail -> 'tests') AS t (value)
WHERE jsonb_typeof(r.detail -> 'tests') = 'array' AND position(lower($1) IN lower(t.value ->> 'name')) > 0
  AND ($2::text IS NULL OR r.pipeline = $2)
  AND ($3::float8 IS NULL OR r.finished_at > clock_timestamp() - $3 * interval '1 day')
ORDER BY r.finished_at DESC, r.id DESC LIMIT $4`;
