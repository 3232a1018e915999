/**
 * Views for people's own SQL and for Grafana; `history/` reads the same ones. Columns are only ever added at the end, so
 * that what others built on them goes on working.
 */
export const allViews = (schema: string): readonly string[] => [
  runView(schema),
  executionView(schema),
  testView(schema),
  flakyView(schema),
];

/** One row per run: how it ended, how long it took, how many nodes it had. */
const runView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.run_summary AS
SELECT b.id AS run_id, b.pipeline, b.key AS run, b.commit_sha, b.attempt, b.created_at, b.finished_at,
  CASE WHEN b.cancelled_at IS NOT NULL THEN 'cancelled'
    WHEN b.finished_at IS NULL THEN CASE WHEN coalesce(s.live, 0) > 0 THEN 'running' ELSE 'abandoned' END
    WHEN coalesce(i.failed, 0) + coalesce(i.poison, 0) > 0 THEN 'failed' ELSE 'passed' END AS state,
  b.cancelled_by,
  greatest(0, round(extract(epoch FROM coalesce(b.finished_at, b.cancelled_at, clock_timestamp()) - b.created_at) * 1000)::bigint
    - b.idle_ms) AS wall_ms,
  coalesce(i.busy_ms, 0)::bigint AS busy_ms, coalesce(s.nodes, 0)::int AS nodes, b.items,
  coalesce(i.passed, 0)::int AS passed, coalesce(i.failed, 0)::int AS failed, coalesce(i.poison, 0)::int AS poison,
  coalesce(i.flaky, 0)::int AS flaky, b.branch
FROM ${schema}.run b
LEFT JOIN LATERAL (SELECT count(DISTINCT node) AS nodes,
    count(*) FILTER (WHERE left_at IS NULL AND alive_until > clock_timestamp()) AS live
  FROM ${schema}.session s WHERE s.run_id = b.id) s ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE outcome = 1) AS passed, count(*) FILTER (WHERE outcome = 2) AS failed,
    count(*) FILTER (WHERE outcome = 3) AS poison, count(*) FILTER (WHERE outcome = 1 AND failures > 0) AS flaky,
    sum(duration_ms) AS busy_ms
  FROM ${schema}.item i WHERE i.run_id = b.id) i ON true;`;

/** One row per run of a file: accepted, retried, superseded and lost ones. */
const executionView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.file_execution AS
SELECT a.id, b.pipeline, b.key AS run, b.commit_sha, f.project, f.path, f.part, a.attempt, a.claim_number, a.node,
  (ARRAY['passed', 'failed', 'poison'])[a.outcome] AS outcome,
  (ARRAY['accepted', 'retried', 'superseded', 'lost'])[a.decision] AS decision,
  a.duration_ms, a.claimed_at, a.finished_at, a.detail, a.run_id, a.file_id
FROM ${schema}.execution a JOIN ${schema}.run b ON b.id = a.run_id JOIN ${schema}.file f ON f.id = a.file_id;`;

/** One row per run of a test (not of those whose file was lost). */
const testView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.test_execution AS
SELECT r.pipeline, r.run, r.commit_sha, r.project, r.path, t.name, t.status, t."durationMs" AS duration_ms,
  r.node, r.decision, r.attempt, r.claim_number, r.finished_at, r.run_id, r.file_id, r.id
FROM ${schema}.file_execution r
CROSS JOIN LATERAL jsonb_to_recordset(r.detail -> 'tests') AS t (name text, status text, "durationMs" real)
WHERE jsonb_typeof(r.detail -> 'tests') = 'array';`;

/** Files that both passed and failed on one commit. */
const flakyView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.flaky_file AS
SELECT pipeline, commit_sha, project, path, part, count(*) FILTER (WHERE outcome = 'passed')::int AS passed,
  count(*) FILTER (WHERE outcome = 'failed')::int AS failed, max(finished_at) AS last_at, min(file_id) AS file_id
FROM ${schema}.file_execution
WHERE commit_sha IS NOT NULL AND outcome IN ('passed', 'failed')
GROUP BY pipeline, commit_sha, project, path, part
HAVING count(*) FILTER (WHERE outcome = 'passed') > 0 AND count(*) FILTER (WHERE outcome = 'failed') > 0;`;
