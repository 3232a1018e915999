import { AS_OWNER } from './as-owner';

/**
 * Delivers results, fenced by attempt number and idempotent; the same rule as `judge` in the core.
 *
 * Row by row: the row lock is taken first and everything after it is read by a new statement, so two deliveries of one
 * result see each other. Rejected: ONE statement with CTEs, in which the second delivery still sees the history as it was
 * before the first. Ordered by item, so that two nodes' batches cannot deadlock.
 *
 * A result that was superseded is judged anew when it comes again: claims are committed without waiting for the disk, so
 * after a crash of the server an attempt number can be given a second time, even to the same session.
 *
 * The lines of an accepted result's blob go with it: with both or neither, a merge needs no artifact of a machine that is
 * gone.
 *
 * The unique index attempt_once stands behind the rule: if the rule were wrong, this would be an error and not a second
 * accepted result.
 */
export const settleFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.settle(
  p_build bigint, p_session bigint, p_node text,
  p_item int[], p_round int[], p_attempt int[], p_outcome int[], p_duration_ms int[], p_detail text[],
  p_sources text[], p_lines text[])
RETURNS TABLE (place int, verdict int, failures int)
LANGUAGE plpgsql ${AS_OWNER} SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $body$
#variable_conflict use_column
DECLARE r record; i record; told smallint; given smallint; retries int; elsewhere boolean;
BEGIN
  -- Its node believes what it is told here, also after a crash of a server that usually does not wait for its disk.
  IF current_setting('synchronous_commit') = 'off' THEN PERFORM set_config('synchronous_commit', 'on', true); END IF;
  SELECT b.max_retries INTO retries FROM ${schema}.build b WHERE b.id = p_build;
  FOR r IN SELECT t.* FROM unnest(p_item, p_round, p_attempt, p_outcome, p_duration_ms, p_detail, p_sources, p_lines) WITH ORDINALITY
      AS t (file_id, round, attempt, outcome, duration_ms, detail, sources, lines, place) ORDER BY t.file_id, t.attempt LOOP
    SELECT q.* INTO i FROM ${schema}.item q WHERE q.build_id = p_build AND q.file_id = r.file_id FOR UPDATE;
    CONTINUE WHEN NOT FOUND;
    SELECT a.verdict INTO told FROM ${schema}.attempt a WHERE a.build_id = p_build AND a.file_id = r.file_id
      AND a.round = r.round AND a.attempt = r.attempt AND a.session_id = p_session AND a.verdict IN (1, 2);
    IF FOUND THEN
      place := r.place; verdict := told; failures := i.failures;
      RETURN NEXT;
      CONTINUE;
    END IF;

    -- Whatever its verdict: later results of this session refer to it.
    IF r.sources IS NOT NULL THEN
      INSERT INTO ${schema}.blob_source (build_id, session_id, data) VALUES (p_build, p_session, decode(r.sources, 'base64'));
    END IF;

    given := CASE
      WHEN r.round <> i.round OR r.attempt > i.attempt OR i.state = 2 OR r.attempt <= i.settled THEN 3
      WHEN r.outcome <> 1 AND i.failures < retries THEN 2
      ELSE 1 END;
    elsewhere := i.state = 1 AND i.attempt > r.attempt;
    IF given = 1 THEN
      UPDATE ${schema}.item q SET state = 2, settled = r.attempt, failures = q.failures + (r.outcome <> 1)::int,
          outcome = r.outcome, duration_ms = r.duration_ms, owner = p_node, session_id = p_session, not_node = NULL
        WHERE q.build_id = p_build AND q.file_id = r.file_id;
    ELSIF given = 2 AND elsewhere THEN
      UPDATE ${schema}.item q SET settled = r.attempt, failures = q.failures + 1
        WHERE q.build_id = p_build AND q.file_id = r.file_id;
    ELSIF given = 2 THEN
      UPDATE ${schema}.item q SET state = 0, settled = r.attempt, failures = q.failures + 1, owner = p_node,
          not_node = p_node, session_id = NULL, started_at = NULL,
          rank = CASE WHEN q.rank > 0 THEN q.rank - 1000000000 ELSE q.rank END
        WHERE q.build_id = p_build AND q.file_id = r.file_id;
    END IF;
    INSERT INTO ${schema}.attempt AS h (build_id, file_id, round, attempt, session_id, node, claimed_at, outcome,
        verdict, duration_ms, detail)
      VALUES (p_build, r.file_id, r.round, r.attempt, p_session, p_node,
        CASE WHEN r.round = i.round AND r.attempt = i.attempt THEN i.claimed_at END,
        r.outcome, given, r.duration_ms, r.detail::jsonb)
      -- It was lost before it came late, or a crash of the server took back the claim that it belonged to.
      ON CONFLICT (build_id, file_id, round, attempt, session_id) DO UPDATE SET verdict = EXCLUDED.verdict,
        outcome = EXCLUDED.outcome, duration_ms = EXCLUDED.duration_ms, detail = EXCLUDED.detail,
        finished_at = clock_timestamp() WHERE h.verdict IN (3, 4);
    IF given = 1 AND r.lines IS NOT NULL THEN
      INSERT INTO ${schema}.blob_line AS l (build_id, file_id, session_id, round, attempt, data)
        VALUES (p_build, r.file_id, p_session, r.round, r.attempt, decode(r.lines, 'base64'))
        ON CONFLICT (build_id, file_id) DO UPDATE SET session_id = EXCLUDED.session_id, round = EXCLUDED.round,
          attempt = EXCLUDED.attempt, data = EXCLUDED.data;
    END IF;
    place := r.place; verdict := given;
    failures := i.failures + (given <> 3 AND r.outcome <> 1)::int;
    RETURN NEXT;
  END LOOP;
END $body$;
`;
