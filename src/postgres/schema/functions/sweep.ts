import { AS_OWNER } from './as-owner';

/**
 * Puts back what dead sessions held; an item whose nodes died too often is accepted as poison.
 *
 * The gate on the run's row lets one node per interval do it, however many try. SKIP LOCKED: an item that is being
 * settled right now is not lost. The session that asks is alive, whatever its row says: a node that was cut off must not
 * count its own running file as a crash. 0 for nobody's.
 */
export const sweepFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.sweep(p_run bigint, p_session bigint, p_gate_ms int)
RETURNS TABLE (lost int, poison int)
LANGUAGE plpgsql ${AS_OWNER} SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH gate AS (
      UPDATE ${schema}.run SET swept_at = clock_timestamp()
        WHERE id = p_run AND swept_at <= clock_timestamp() - p_gate_ms * interval '1 ms'
        RETURNING id, max_crashes, max_file_ms),
    gone AS MATERIALIZED (
      SELECT i.file_id, i.attempt, i.claim_number, i.session_id, i.owner, i.claimed_at, i.started_at IS NOT NULL AS started,
          i.started_at IS NOT NULL AND i.crashes + 1 >= g.max_crashes AS poison
        FROM gate g JOIN ${schema}.item i ON i.run_id = g.id JOIN ${schema}.session s ON s.id = i.session_id
        WHERE i.state = 1 AND (s.left_at IS NOT NULL OR (s.alive_until < clock_timestamp() AND s.id <> p_session)
          OR i.started_at < clock_timestamp() - g.max_file_ms * interval '1 ms')
        ORDER BY i.file_id FOR UPDATE OF i SKIP LOCKED),
    put AS (
      UPDATE ${schema}.item i SET crashes = i.crashes + gone.started::int, session_id = NULL, started_at = NULL,
          state = CASE WHEN gone.poison THEN 2 ELSE 0 END, outcome = CASE WHEN gone.poison THEN 3 END,
          settled_claim = CASE WHEN gone.poison THEN i.claim_number ELSE i.settled_claim END,
          not_node = CASE WHEN gone.started THEN gone.owner ELSE i.not_node END, home = -1,
          rank = CASE WHEN i.rank > 0 THEN i.rank - 1000000000 ELSE i.rank END
        FROM gone WHERE i.run_id = p_run AND i.file_id = gone.file_id),
    recorded AS (
      INSERT INTO ${schema}.execution AS h (run_id, file_id, attempt, claim_number, session_id, node, claimed_at, outcome, decision)
        SELECT p_run, file_id, attempt, claim_number, session_id, owner, claimed_at, CASE WHEN poison THEN 3 END,
            CASE WHEN poison THEN 1 ELSE 4 END FROM gone
        -- Superseded before its claim was made, see settle: without this every sweep of the run would fail for ever.
        ON CONFLICT (run_id, file_id, attempt, claim_number, session_id) DO UPDATE SET decision = EXCLUDED.decision,
          outcome = EXCLUDED.outcome, finished_at = clock_timestamp() WHERE h.decision IN (3, 4))
  SELECT (count(*) FILTER (WHERE NOT gone.poison))::int, (count(*) FILTER (WHERE gone.poison))::int FROM gone;
END $body$;
`;
