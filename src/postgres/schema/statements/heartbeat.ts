/**
 * Extends a session by the server's clock, and returns what it still holds. One update of the node's own row, and of no
 * indexed column, so that it stays on its page (HOT). No row: the session left or was pruned.
 */
export const heartbeat = (schema: string): string => `
WITH extended AS (
  UPDATE ${schema}.session s SET alive_until = clock_timestamp() + b.lease_ms * interval '1 ms'
    FROM ${schema}.run b WHERE s.id = $2 AND b.id = $1 AND s.run_id = b.id AND s.left_at IS NULL
    RETURNING b.cancelled_by)
SELECT extended.cancelled_by, ARRAY(SELECT file_id || ':' || attempt || ':' || claim_number FROM ${schema}.item
  WHERE run_id = $1 AND session_id = $2 AND state = 1 ORDER BY file_id) AS held FROM extended`;
