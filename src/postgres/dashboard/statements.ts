/** What the dashboard asks of past runs, beside what `history/` asks. A role that may only read suffices. */
import { isCampaign } from '../history/campaigns';

/**
 * Runs, newest first. $1 pipeline, $2 days, $3 limit, $4 beginning of a commit, $5 branch, $6 node, $7 host, $8 state;
 * each but the limit may be null.
 */
export const listRunRows = (schema: string): string => `
SELECT v.run_id::text AS id, v.pipeline, v.run, v.commit_sha, v.branch, v.attempt, v.state, v.cancelled_by, v.created_at, v.wall_ms,
  v.busy_ms, v.nodes, v.items, v.passed, v.failed, v.poison, v.flaky
FROM ${schema}.run_summary v
WHERE ($1::text IS NULL OR v.pipeline = $1)
  AND ($2::float8 IS NULL OR v.created_at > clock_timestamp() - $2 * interval '1 day')
  AND ($4::text IS NULL OR left(v.commit_sha, length($4)) = $4)
  AND ($5::text IS NULL OR v.branch = $5)
  AND (($6::text IS NULL AND $7::text IS NULL) OR EXISTS (SELECT FROM ${schema}.session s WHERE s.run_id = v.run_id
    AND ($6::text IS NULL OR s.node = $6) AND ($7::text IS NULL OR s.host = $7)))
  AND ($8::text IS NULL OR v.state = $8)
ORDER BY v.created_at DESC LIMIT $3`;

/** Executions that failed, newest first. $1 to $7 as above. */
export const listFailures = (schema: string): string => `
SELECT b.id::text AS id, b.pipeline, b.key AS run, b.commit_sha, f.project, f.path, f.part, a.node, s.host,
  a.decision, a.outcome, a.finished_at, a.detail::text AS detail
FROM ${schema}.execution a JOIN ${schema}.run b ON b.id = a.run_id JOIN ${schema}.file f ON f.id = a.file_id
LEFT JOIN ${schema}.session s ON s.id = a.session_id
WHERE a.outcome IN (2, 3) AND ($1::text IS NULL OR b.pipeline = $1)
  AND ($2::float8 IS NULL OR a.finished_at > clock_timestamp() - $2 * interval '1 day')
  -- Runs are few and have an index; executions are not read through.
  AND ($2::float8 IS NULL OR b.created_at > clock_timestamp() - ($2 + 2) * interval '1 day')
  AND ($4::text IS NULL OR left(b.commit_sha, length($4)) = $4)
  AND ($5::text IS NULL OR b.branch = $5)
  AND ($6::text IS NULL OR a.node = $6) AND ($7::text IS NULL OR s.host = $7)
ORDER BY a.finished_at DESC, a.id DESC LIMIT $3`;

/** One file or one of its tests over time. $1 pipeline, $2 days, $3 limit, $4 project or null, $5 path, $6 test or null. */
export const listExecutions = (schema: string): string => `
SELECT b.id::text AS id, b.pipeline, b.key AS run, b.commit_sha, f.project, f.path, f.part, $6::text AS test, a.node, s.host,
  a.attempt, a.claim_number, (ARRAY['accepted', 'retried', 'superseded', 'lost'])[a.decision] AS decision,
  CASE WHEN $6::text IS NULL THEN (ARRAY['passed', 'failed', 'poison'])[a.outcome] ELSE t.value ->> 'status' END AS outcome,
  CASE WHEN $6::text IS NULL THEN a.duration_ms ELSE (t.value ->> 'durationMs')::real END AS duration_ms, a.finished_at,
  CASE WHEN $6::text IS NOT NULL THEN jsonb_build_object('tests', jsonb_build_array(t.value))::text
    WHEN a.outcome IS DISTINCT FROM 1 OR a.detail ? 'retriedTests' OR ${isCampaign('b.pipeline')}
      THEN a.detail::text END AS detail
FROM ${schema}.file f JOIN ${schema}.execution a ON a.file_id = f.id JOIN ${schema}.run b ON b.id = a.run_id
LEFT JOIN ${schema}.session s ON s.id = a.session_id
LEFT JOIN LATERAL (SELECT e.value FROM jsonb_array_elements(CASE WHEN $6::text IS NOT NULL
    AND jsonb_typeof(a.detail -> 'tests') = 'array' THEN a.detail -> 'tests' ELSE '[]' END) AS e (value)
  WHERE e.value ->> 'name' = $6) t ON true
WHERE f.path = $5 AND f.project IS NOT DISTINCT FROM $4::text AND ($1::text IS NULL OR f.pipeline = $1)
  AND ($2::float8 IS NULL OR a.finished_at > clock_timestamp() - $2 * interval '1 day')
  AND ($6::text IS NULL OR t.value IS NOT NULL)
ORDER BY a.finished_at DESC, a.id DESC LIMIT $3`;

/** Pipelines, branches and hosts of the newest runs. */
export const listFacets = (schema: string): string => `
WITH recent AS MATERIALIZED (SELECT id, pipeline, branch FROM ${schema}.run ORDER BY created_at DESC LIMIT 500)
SELECT 'pipeline' AS kind, pipeline AS name FROM recent GROUP BY pipeline
UNION ALL SELECT 'branch', branch FROM recent WHERE branch IS NOT NULL GROUP BY branch
UNION ALL SELECT 'machine', s.host FROM recent r JOIN ${schema}.session s ON s.run_id = r.id
  WHERE s.host IS NOT NULL GROUP BY s.host
ORDER BY 1 DESC, 2 LIMIT 1000`;
