/**
 * What is asked of a run while it lasts. Only by those who watch: nothing here is on the way of a claim, and a poll reads
 * what is leased (by a partial index) and what came since the last one (by `execution_tail`).
 */

/** The run that somebody means: $1 its id or null, $2 pipeline or null, $3 its row or null. Of all those that run before others, then the newest. */
export const findWatched = (schema: string): string => `
SELECT b.id::text AS id, b.pipeline, b.key AS run, b.commit_sha, b.branch, extract(epoch FROM b.created_at) * 1000 AS created_ms,
  b.lease_ms, (SELECT s.blob_head FROM ${schema}.session s WHERE s.run_id = b.id AND s.blob_head IS NOT NULL
    ORDER BY s.id LIMIT 1) AS head
FROM ${schema}.run b
WHERE ($1::text IS NULL OR b.key = $1) AND ($2::text IS NULL OR b.pipeline = $2)
  AND ($3::bigint IS NULL OR b.id = $3)
ORDER BY (b.finished_at IS NULL AND b.cancelled_at IS NULL AND EXISTS (SELECT FROM ${schema}.session s
  WHERE s.run_id = b.id AND s.left_at IS NULL AND s.alive_until > clock_timestamp())) DESC, b.created_at DESC LIMIT 1`;

/** $1 run. */
export const listItems = (schema: string): string => `
SELECT i.file_id, f.project, f.path, f.part, i.estimate
FROM ${schema}.item i JOIN ${schema}.file f ON f.id = i.file_id WHERE i.run_id = $1::bigint`;

/**
 * How a run stands, in one statement and so at one moment. No row where it is gone. $1 run, $2 executions after this id,
 * $3 and these ones, whose decision may have changed, $4 how many of them at most, $5 but not these, which are known.
 *
 * Times in milliseconds since 1970. Tests are counted and details opened only of what is new.
 */
export const pollRun = (schema: string): string => `
SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now_ms, b.attempt,
  extract(epoch FROM b.finished_at) * 1000 AS finished_ms, extract(epoch FROM b.cancelled_at) * 1000 AS cancelled_ms,
  b.cancelled_by,
  (SELECT json_agg(json_build_object('id', s.id::text, 'node', s.node, 'host', s.host,
      'joinedMs', extract(epoch FROM s.joined_at) * 1000, 'leftMs', extract(epoch FROM s.left_at) * 1000,
      'aliveUntilMs', extract(epoch FROM s.alive_until) * 1000))
    FROM ${schema}.session s WHERE s.run_id = b.id)::text AS sessions,
  (SELECT json_agg(json_build_object('item', i.file_id, 'session', i.session_id::text, 'attempt', i.attempt,
      'claimNumber', i.claim_number, 'startedMs', extract(epoch FROM i.started_at) * 1000))
    FROM ${schema}.item i WHERE i.run_id = b.id AND i.state = 1 AND i.started_at IS NOT NULL)::text AS running,
  (SELECT json_agg(e) FROM (
    SELECT a.id::text AS id, a.file_id AS item, a.session_id::text AS session, a.node, a.attempt, a.claim_number,
      a.decision, a.outcome, extract(epoch FROM a.claimed_at) * 1000 AS claimed_ms,
      extract(epoch FROM a.finished_at) * 1000 AS finished_ms, a.duration_ms,
      a.decision = 1 AND a.attempt < (SELECT i.attempt FROM ${schema}.item i
        WHERE i.run_id = a.run_id AND i.file_id = a.file_id) AS is_replaced,
      CASE WHEN jsonb_typeof(a.detail -> 'tests') = 'array' THEN (SELECT json_object_agg(c.status, c.n) FROM (
        SELECT t.value ->> 'status' AS status, count(*) AS n FROM jsonb_array_elements(a.detail -> 'tests') AS t (value)
        WHERE t.value ->> 'status' IS NOT NULL GROUP BY 1) c) END AS counts,
      CASE WHEN a.outcome = 2 THEN a.detail END AS detail
    FROM ${schema}.execution a WHERE a.run_id = b.id AND (a.id > $2::bigint AND a.id <> ALL ($5::bigint[]) OR a.id = ANY ($3::bigint[]))
    ORDER BY a.id LIMIT $4) e)::text AS executions
FROM ${schema}.run b WHERE b.id = $1::bigint`;
