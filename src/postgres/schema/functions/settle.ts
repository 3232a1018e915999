import { AS_OWNER } from './as-owner';

/**
 * Delivers results, fenced by claim number and idempotent; the same rule as `decide` in the core.
 *
 * Row by row: the row lock is taken first and everything after it is read by a new statement, so two deliveries of one
 * result see each other. Rejected: ONE statement with CTEs, in which the second delivery still sees the history as it was
 * before the first. Ordered by item, so that two nodes' batches cannot deadlock.
 *
 * A result that was superseded is judged anew when it comes again: claims are committed without waiting for the disk, so
 * after a crash of the server a claim number can be given a second time, even to the same session.
 *
 * The lines of an accepted result's blob go with it: with both or neither, a merge needs no artifact of a machine that is
 * gone.
 *
 * The unique index execution_once stands behind the rule: if the rule were wrong, this would be an error and not a second
 * accepted result.
 */
export const settleFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.settle(
  p_run bigint, p_session bigint, p_node text,
  p_item int[], p_attempt int[], p_claim_number int[], p_outcome int[], p_duration_ms int[], p_detail text[],
  p_sources text[], p_lines text[])
RETURNS TABLE (place int, decision int, failures int)
LANGUAGE plpgsql ${AS_OWNER} SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $body$
#variable_conflict use_column
DECLARE r record; i record; known smallint; given smallint; retries int; elsewhere boolean;
BEGIN
  -- Its node relies on this answer, also after a crash of a server that usually does not wait for its disk.
  IF current_setting('synchronous_commit') = 'off' THEN PERFORM set_config('synchronous_commit', 'on', true); END IF;
  SELECT b.max_retries INTO retries FROM ${schema}.run b WHERE b.id = p_run;
  FOR r IN SELECT t.* FROM unnest(p_item, p_attempt, p_claim_number, p_outcome, p_duration_ms, p_detail, p_sources, p_lines) WITH ORDINALITY
      AS t (file_id, attempt, claim_number, outcome, duration_ms, detail, sources, lines, place) ORDER BY t.file_id, t.claim_number LOOP
    SELECT q.* INTO i FROM ${schema}.item q WHERE q.run_id = p_run AND q.file_id = r.file_id FOR UPDATE;
    CONTINUE WHEN NOT FOUND;
    SELECT a.decision INTO known FROM ${schema}.execution a WHERE a.run_id = p_run AND a.file_id = r.file_id
      AND a.attempt = r.attempt AND a.claim_number = r.claim_number AND a.session_id = p_session AND a.decision IN (1, 2);
    IF FOUND THEN
      place := r.place; decision := known; failures := i.failures;
      RETURN NEXT;
      CONTINUE;
    END IF;

    -- Whatever its decision: later results of this session refer to it.
    IF r.sources IS NOT NULL THEN
      INSERT INTO ${schema}.blob_source (run_id, session_id, data) VALUES (p_run, p_session, decode(r.sources, 'base64'));
    END IF;

    given := CASE
      WHEN r.attempt <> i.attempt OR r.claim_number > i.claim_number OR i.state = 2 OR r.claim_number <= i.settled_claim THEN 3
      WHEN r.outcome <> 1 AND i.failures < retries THEN 2
      ELSE 1 END;
    elsewhere := i.state = 1 AND i.claim_number > r.claim_number;
    IF given = 1 THEN
      UPDATE ${schema}.item q SET state = 2, settled_claim = r.claim_number, failures = q.failures + (r.outcome <> 1)::int,
          outcome = r.outcome, duration_ms = r.duration_ms, owner = p_node, session_id = p_session, not_node = NULL
        WHERE q.run_id = p_run AND q.file_id = r.file_id;
    ELSIF given = 2 AND elsewhere THEN
      UPDATE ${schema}.item q SET settled_claim = r.claim_number, failures = q.failures + 1
        WHERE q.run_id = p_run AND q.file_id = r.file_id;
    ELSIF given = 2 THEN
      UPDATE ${schema}.item q SET state = 0, settled_claim = r.claim_number, failures = q.failures + 1, owner = p_node,
          not_node = p_node, session_id = NULL, started_at = NULL,
          rank = CASE WHEN q.rank > 0 THEN q.rank - 1000000000 ELSE q.rank END
        WHERE q.run_id = p_run AND q.file_id = r.file_id;
    END IF;
    INSERT INTO ${schema}.execution AS h (run_id, file_id, attempt, claim_number, session_id, node, claimed_at, outcome,
        decision, duration_ms, detail)
      VALUES (p_run, r.file_id, r.attempt, r.claim_number, p_session, p_node,
        CASE WHEN r.attempt = i.attempt AND r.claim_number = i.claim_number THEN i.claimed_at END,
        r.outcome, given, r.duration_ms, r.detail::jsonb)
      -- It was lost before it came late, or a crash of the server took back the claim that it belonged to.
      ON CONFLICT (run_id, file_id, attempt, claim_number, session_id) DO UPDATE SET decision = EXCLUDED.decision,
        outcome = EXCLUDED.outcome, duration_ms = EXCLUDED.duration_ms, detail = EXCLUDED.detail,
        finished_at = clock_timestamp() WHERE h.decision IN (3, 4);
    IF given = 1 AND r.lines IS NOT NULL THEN
      INSERT INTO ${schema}.blob_line AS l (run_id, file_id, session_id, attempt, claim_number, data)
        VALUES (p_run, r.file_id, p_session, r.attempt, r.claim_number, decode(r.lines, 'base64'))
        ON CONFLICT (run_id, file_id) DO UPDATE SET session_id = EXCLUDED.session_id, attempt = EXCLUDED.attempt,
          claim_number = EXCLUDED.claim_number, data = EXCLUDED.data;
    END IF;
    place := r.place; decision := given;
    failures := i.failures + (given <> 3 AND r.outcome <> 1)::int;
    RETURN NEXT;
  END LOOP;
END $body$;
`;
