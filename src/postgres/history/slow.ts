import { isCampaign } from './campaigns';

/** The pipeline that is asked about; campaigns, which take minutes for a file of seconds, only where they are named. */
const ASKED = `(r.pipeline = $1 OR ($1::text IS NULL AND NOT ${isCampaign('r.pipeline')}))`;

/** Slowest files or tests by mean over accepted passes. $1 pipeline or null, $2 days or null, $3 limit. */
export const listSlowFiles = (schema: string): string => `
SELECT r.pipeline, r.project, r.path, NULL AS test, count(*)::int AS executions, avg(r.duration_ms) AS mean_ms,
  max(r.duration_ms) AS longest_ms
FROM ${schema}.file_execution r
WHERE r.decision = 'accepted' AND r.outcome = 'passed' AND r.duration_ms IS NOT NULL
  AND ${ASKED}
  AND ($2::float8 IS NULL OR r.finished_at > clock_timestamp() - $2 * interval '1 day')
GROUP BY r.pipeline, r.project, r.path ORDER BY avg(r.duration_ms) DESC, r.path LIMIT $3`;

export const listSlowTests = (schema: string): string => `
SELECT r.pipeline, r.project, r.path, r.name AS test, count(*)::int AS executions, avg(r.duration_ms) AS mean_ms,
  max(r.duration_ms) AS longest_ms
FROM ${schema}.test_execution r
WHERE r.decision = 'accepted' AND r.status = 'passed' AND r.duration_ms IS NOT NULL
  AND ${ASKED}
  AND ($2::float8 IS NULL OR r.finished_at > clock_timestamp() - $2 * interval '1 day')
GROUP BY r.pipeline, r.project, r.path, r.name ORDER BY avg(r.duration_ms) DESC, r.path, r.name LIMIT $3`;
