/**
 * What a run waits for, for people: at least one row, with no path where nothing runs. $1 run, $2 how many to name.
 */
export const listRunning = (schema: string): string => `
SELECT b.items, (SELECT count(*)::int FROM ${schema}.item o WHERE o.run_id = b.id AND o.state <> 2) AS open,
  r.project, r.path, r.part, r.node, r.running_ms
FROM ${schema}.run b LEFT JOIN LATERAL (
  SELECT f.project, f.path, f.part, i.owner AS node,
    (extract(epoch FROM clock_timestamp() - coalesce(i.started_at, i.claimed_at)) * 1000)::float8 AS running_ms
  FROM ${schema}.item i JOIN ${schema}.file f ON f.id = i.file_id WHERE i.run_id = b.id AND i.state = 1
  ORDER BY coalesce(i.started_at, i.claimed_at) LIMIT $2) r ON true
WHERE b.id = $1 ORDER BY r.running_ms DESC`;
