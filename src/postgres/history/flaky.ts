import { campaignsOf, isCampaign } from './campaigns';

/** Of what a campaign of `grind` counted. */
const failuresOf = (finding: string): string => `(${finding} ->> 'failures')::int`;
const passesOf = (finding: string): string => `(${finding} ->> 'runs')::int - ${failuresOf(finding)}`;

/**
 * Tests that passed and failed on one commit, also within one run of their file (`jest.retryTimes`), and files that did
 * without any test of theirs to blame (they did not load, or ended their process). $1 pipeline or null, $2 days or null,
 * $3 limit.
 *
 * By commit and not by run: a test that fails in one run and passes in the next one of the same commit is as flaky
 * as one that was retried. Every run counts, not only accepted ones: the failure that was sent on is the evidence.
 *
 * One execution of a campaign stands for all the times that it ran a test, and its nodes have the same files, so that
 * without a commit it is compared with itself.
 */
export const listFlaky = (schema: string): string => `
WITH recent AS MATERIALIZED (
  SELECT a.file_id, b.pipeline, coalesce(b.commit_sha, 'run ' || b.key) AS commit_sha, a.outcome, a.detail, a.finished_at,
    ${isCampaign('b.pipeline')} AS is_campaign,
    CASE WHEN ${isCampaign('b.pipeline')} THEN coalesce(${passesOf("(a.detail -> 'grind' -> 'whole')")}, 0)
      ELSE (a.outcome = 1)::int END AS passed,
    CASE WHEN ${isCampaign('b.pipeline')} THEN coalesce(${failuresOf("(a.detail -> 'grind' -> 'whole')")}, 0)
      ELSE (a.outcome = 2)::int END AS failed,
    jsonb_build_object('runId', b.key, 'node', a.node, 'attempt', a.attempt, 'claimNumber', a.claim_number,
      'finishedMs', extract(epoch FROM a.finished_at) * 1000, 'isCampaign', ${isCampaign('b.pipeline')}) AS run
  FROM ${schema}.execution a JOIN ${schema}.run b ON b.id = a.run_id
  WHERE (b.commit_sha IS NOT NULL OR ${isCampaign('b.pipeline')}) AND a.outcome IN (1, 2)
    AND ($1::text IS NULL OR b.pipeline = $1)
    AND ($2::float8 IS NULL OR a.finished_at > clock_timestamp() - $2 * interval '1 day')),
files AS (
  SELECT file_id, pipeline, commit_sha, sum(passed) AS passed, sum(failed) AS failed, max(finished_at) AS last_at,
    jsonb_agg(run || jsonb_build_object('error', detail -> 'failure')) FILTER (WHERE failed > 0) AS failures
  FROM recent GROUP BY file_id, pipeline, commit_sha
  HAVING (sum(passed) > 0 AND sum(failed) > 0) OR bool_or(is_campaign)
    OR bool_or(coalesce(detail ? 'retriedTests', false))),
-- Only files that are flaky themselves, repeated a test, or were ground can hold a flaky test, so only their details are
-- opened.
results AS (
  SELECT r.file_id, r.pipeline, r.commit_sha, r.finished_at, r.run, t.name, t.status, t.error,
    CASE WHEN jsonb_typeof(t.tries) = 'array' THEN t.tries ELSE '[]' END AS tries,
    coalesce(${passesOf('t.grind')}, (t.status = 'passed')::int, 0) AS passed,
    coalesce(${failuresOf('t.grind')}, coalesce((t.status = 'failed')::int, 0)
      + CASE WHEN jsonb_typeof(t.tries) = 'array' THEN jsonb_array_length(t.tries) ELSE 0 END) AS failed
  FROM recent r JOIN files f USING (file_id, pipeline, commit_sha)
  CROSS JOIN LATERAL jsonb_to_recordset(CASE WHEN jsonb_typeof(r.detail -> 'tests') = 'array'
    THEN r.detail -> 'tests' ELSE '[]' END) AS t (name text, status text, error text, tries jsonb, grind jsonb)),
tests AS (
  SELECT file_id, pipeline, commit_sha, name, sum(passed) AS passed, sum(failed) AS failed, max(finished_at) AS last_at,
    jsonb_agg(run || jsonb_build_object('status', status, 'error', error, 'tries', tries))
      FILTER (WHERE failed > 0) AS failures
  FROM results GROUP BY file_id, pipeline, commit_sha, name
  HAVING sum(passed) > 0 AND sum(failed) > 0),
both_kinds AS (
  SELECT file_id, pipeline, commit_sha, name, passed, failed, last_at, failures FROM tests
  UNION ALL
  SELECT file_id, pipeline, commit_sha, NULL, passed, failed, last_at, failures FROM files f
  WHERE f.passed > 0 AND f.failed > 0 AND NOT EXISTS (
    SELECT FROM tests t WHERE t.file_id = f.file_id AND t.pipeline = f.pipeline AND t.commit_sha = f.commit_sha)),
listed AS (
  SELECT k.pipeline, f.project, f.path, k.name AS test, count(*)::int AS commits, sum(k.passed)::int AS passed,
    sum(k.failed)::int AS failed, max(k.last_at) AS last_at, jsonb_agg(k.failures)::text AS failures
  FROM both_kinds k JOIN ${schema}.file f ON f.id = k.file_id
  GROUP BY k.pipeline, f.project, f.path, k.name
  ORDER BY sum(k.failed) DESC, max(k.last_at) DESC, f.path, k.name LIMIT $3)
SELECT l.*, c.run AS campaign_run, c.finished_at AS campaign_at, c.finding::text AS finding
FROM listed l LEFT JOIN LATERAL (
  SELECT b.key AS run, a.finished_at,
    CASE WHEN l.test IS NULL THEN a.detail -> 'grind' -> 'whole' ELSE t.value -> 'grind' END AS finding
  FROM ${schema}.file g JOIN ${schema}.execution a ON a.file_id = g.id JOIN ${schema}.run b ON b.id = a.run_id
  LEFT JOIN LATERAL jsonb_array_elements(CASE WHEN l.test IS NOT NULL AND jsonb_typeof(a.detail -> 'tests') = 'array'
    THEN a.detail -> 'tests' ELSE '[]' END) AS t (value) ON t.value ->> 'name' = l.test
  WHERE g.pipeline = ${campaignsOf('l.pipeline')}
    AND g.path = l.path AND g.project IS NOT DISTINCT FROM l.project AND a.decision = 1
    AND (l.test IS NULL OR t.value IS NOT NULL)
  ORDER BY a.id DESC LIMIT 1) c ON true
ORDER BY l.failed DESC, l.last_at DESC, l.path, l.test`;
