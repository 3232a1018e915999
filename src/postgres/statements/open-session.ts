/**
 * Opens a session; with the same token again it is the same session, so a lost answer leaves no ghost that looks like
 * another live node. $1 build, $2 token, $3 node, $4 host, $5 round.
 */
export const openSession = (schema: string): string => `
WITH seat AS (
  INSERT INTO ${schema}.session (build_id, token, node, host, round, alive_until)
    SELECT id, $2, $3, $4, $5, clock_timestamp() + lease_ms * interval '1 ms' FROM ${schema}.build WHERE id = $1
    ON CONFLICT (build_id, token) DO UPDATE SET alive_until = EXCLUDED.alive_until RETURNING id)
SELECT seat.id::text AS id, (SELECT count(*)::int FROM ${schema}.session o WHERE o.build_id = $1 AND o.node = $3
  AND o.token <> $2 AND o.left_at IS NULL AND o.alive_until > clock_timestamp()) AS namesakes FROM seat`;
