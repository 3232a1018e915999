/**
 * Views for people's own SQL and for Grafana; `history/` reads the same ones. Columns are only ever added at the end, so
 * that what others built on them goes on working.
 */
export const allViews = (schema: string): readonly string[] => [
  buildView(schema),
  runView(schema),
  testView(schema),
  flakyView(schema),
];

/** One row per build: how it ended, how long it took, how many nodes it had. */
const buildView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.build_summary AS
SELECT b.id AS build_id, b.suite, b.key AS build, b.commit_sha, b.round, b.created_at, b.finished_at,
  CASE WHEN b.cancelled_at IS NOT NULL THEN 'cancelled'
    WHEN b.finished_at IS NULL THEN CASE WHEN coalesce(s.live, 0) > 0 THEN 'running' ELSE 'abandoned' END
    WHEN coalesce(i.failed, 0) + coalesce(i.poison, 0) > 0 THEN 'failed' ELSE 'passed' END AS state,
  b.cancelled_by,
  round(extract(epoch FROM coalesce(b.finished_at, b.cancelled_at, clock_timestamp()) - b.created_at) * 1000)::bigint
    - b.idle_ms AS wall_ms,
  coalesce(i.busy_ms, 0)::bigint AS busy_ms, coalesce(s.nodes, 0)::int AS nodes, b.items,
  coalesce(i.passed, 0)::int AS passed, coalesce(i.failed, 0)::int AS failed, coalesce(i.poison, 0)::int AS poison,
  coalesce(i.flaky, 0)::int AS flaky
FROM ${schema}.build b
LEFT JOIN LATERAL (SELECT count(DISTINCT node) AS nodes,
    count(*) FILTER (WHERE left_at IS NULL AND alive_until > clock_timestamp()) AS live
  FROM ${schema}.session s WHERE s.build_id = b.id) s ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE outcome = 1) AS passed, count(*) FILTER (WHERE outcome = 2) AS failed,
    count(*) FILTER (WHERE outcome = 3) AS poison, count(*) FILTER (WHERE outcome = 1 AND failures > 0) AS flaky,
    sum(duration_ms) AS busy_ms
  FROM ${schema}.item i WHERE i.build_id = b.id) i ON true;`;

/** One row per run of a file: accepted, retried, superseded and lost ones. */
const runView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.file_run AS
SELECT a.id, b.suite, b.key AS build, b.commit_sha, f.project, f.path, f.part, a.round, a.attempt, a.node,
  (ARRAY['passed', 'failed', 'poison'])[a.outcome] AS outcome,
  (ARRAY['accepted', 'retried', 'superseded', 'lost'])[a.verdict] AS verdict,
  a.duration_ms, a.claimed_at, a.finished_at, a.detail, a.build_id, a.file_id
FROM ${schema}.attempt a JOIN ${schema}.build b ON b.id = a.build_id JOIN ${schema}.file f ON f.id = a.file_id;`;

/** One row per run of a test (not of those whose file was lost). */
const testView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.test_run AS
SELECT r.suite, r.build, r.commit_sha, r.project, r.path, t.name, t.status, t."durationMs" AS duration_ms,
  r.node, r.verdict, r.round, r.attempt, r.finished_at, r.build_id, r.file_id, r.id
FROM ${schema}.file_run r
CROSS JOIN LATERAL jsonb_to_recordset(r.detail -> 'tests') AS t (name text, status text, "durationMs" real)
WHERE jsonb_typeof(r.detail -> 'tests') = 'array';`;

/** Files that both passed and failed on one commit. */
const flakyView = (schema: string): string => `
CREATE OR REPLACE VIEW ${schema}.flaky_file AS
SELECT suite, commit_sha, project, path, part, count(*) FILTER (WHERE outcome = 'passed')::int AS passed,
  count(*) FILTER (WHERE outcome = 'failed')::int AS failed, max(finished_at) AS last_at, min(file_id) AS file_id
FROM ${schema}.file_run
WHERE commit_sha IS NOT NULL AND outcome IN ('passed', 'failed')
GROUP BY suite, commit_sha, project, path, part
HAVING count(*) FILTER (WHERE outcome = 'passed') > 0 AND count(*) FILTER (WHERE outcome = 'failed') > 0;`;
