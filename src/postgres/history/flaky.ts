/**
 * Tests that passed and failed on one commit, also within one run of their file (`jest.retryTimes`), and files that did
 * without any test of theirs to blame (they did not load, or ended their process). $1 pipeline or null, $2 days or null,
 * $3 limit.
 *
 * By commit and not by run: a test that fails in one run and passes in the next one of the same commit is as flaky
 * as one that was retried. Every run counts, not only accepted ones: the failure that was sent on is the evidence.
 */
export const listFlaky = (schema: string): string => `
WITH recent AS MATERIALIZED (
  SELECT a.file_id, b.pipeline, b.commit_sha, a.outcome, a.detail, a.finished_at,
    jsonb_build_object('runId', b.key, 'node', a.node, 'attempt', a.attempt, 'claimNumber', a.claim_number,
      'finishedMs', extract(epoch FROM a.finished_at) * 1000) AS run
  FROM ${schema}.execution a JOIN ${schema}.run b ON b.id = a.run_id
  WHERE b.commit_sha IS NOT NULL AND a.outcome IN (1, 2) AND ($1::text IS NULL OR b.pipeline = $1)
    AND ($2::float8 IS NULL OR a.finished_at > clock_timestamp() - $2 * interval '1 day')),
files AS (
  SELECT file_id, pipeline, commit_sha, count(*) FILTER (WHERE outcome = 1) AS passed,
    count(*) FILTER (WHERE outcome = 2) AS failed, max(finished_at) AS last_at,
    jsonb_agg(run || jsonb_build_object('error', detail -> 'failure')) FILTER (WHERE outcome = 2) AS failures
  FROM recent GROUP BY file_id, pipeline, commit_sha
  HAVING (count(*) FILTER (WHERE outcome = 1) > 0 AND count(*) FILTER (WHERE outcome = 2) > 0)
    OR bool_or(coalesce(detail ? 'retriedTests', false))),
-- Only files that are flaky themselves, or repeated a test, can hold a flaky test, so only their details are opened.
results AS (
  SELECT r.file_id, r.pipeline, r.commit_sha, r.finished_at, r.run, t.name, t.status, t.error,
    CASE WHEN jsonb_typeof(t.tries) = 'array' THEN t.tries ELSE '[]' END AS tries
  FROM recent r JOIN files f USING (file_id, pipeline, commit_sha)
  CROSS JOIN LATERAL jsonb_to_recordset(CASE WHEN jsonb_typeof(r.detail -> 'tests') = 'array'
    THEN r.detail -> 'tests' ELSE '[]' END) AS t (name text, status text, error text, tries jsonb)),
tests AS (
  SELECT file_id, pipeline, commit_sha, name, count(*) FILTER (WHERE status = 'passed') AS passed,
    count(*) FILTER (WHERE status = 'failed') + coalesce(sum(jsonb_array_length(tries)), 0) AS failed,
    max(finished_at) AS last_at,
    jsonb_agg(run || jsonb_build_object('status', status, 'error', error, 'tries', tries))
      FILTER (WHERE status = 'failed' OR tries <> '[]') AS failures
  FROM results GROUP BY file_id, pipeline, commit_sha, name
  HAVING count(*) FILTER (WHERE status = 'passed') > 0
    AND count(*) FILTER (WHERE status = 'failed' OR tries <> '[]') > 0),
both_kinds AS (
  SELECT file_id, pipeline, commit_sha, name, passed, failed, last_at, failures FROM tests
  UNION ALL
  SELECT file_id, pipeline, commit_sha, NULL, passed, failed, last_at, failures FROM files f
  WHERE f.passed > 0 AND f.failed > 0 AND NOT EXISTS (
    SELECT FROM tests t WHERE t.file_id = f.file_id AND t.pipeline = f.pipeline AND t.commit_sha = f.commit_sha))
SELECT k.pipeline, f.project, f.path, k.name AS test, count(*)::int AS commits, sum(k.passed)::int AS passed,
  sum(k.failed)::int AS failed, max(k.last_at) AS last_at, jsonb_agg(k.failures)::text AS failures
FROM both_kinds k JOIN ${schema}.file f ON f.id = k.file_id
GROUP BY k.pipeline, f.project, f.path, k.name
ORDER BY sum(k.failed) DESC, max(k.last_at) DESC, f.path, k.name LIMIT $3`;
