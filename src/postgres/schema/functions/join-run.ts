import { AS_OWNER } from './as-owner';

/**
 * Opens a session, with all that its coming changes; with the same token again it is the same session, so a lost answer
 * leaves no ghost that looks like another live node.
 *
 * The round is the attempt, or, where a re-run keeps the attempt, one more than that of the last other job of this name.
 * Time in which no node lives is no run time.
 *
 * Where something depends on who was here before, nodes come one at a time, by the lock on the build's row.
 */
export const takeSeatFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.take_seat(
  p_build bigint, p_token text, p_node text, p_host text, p_round int, p_job_name text, p_job_id text, p_all boolean,
  p_head text, p_inputs text)
RETURNS TABLE (id bigint, round int, requeued int, namesakes int)
LANGUAGE plpgsql ${AS_OWNER} AS $body$
#variable_conflict use_column
DECLARE known ${schema}.session; mine int; others int; ended timestamptz;
BEGIN
  requeued := 0;
  SELECT s.* INTO known FROM ${schema}.session s WHERE s.build_id = p_build AND s.token = p_token;
  IF FOUND THEN
    UPDATE ${schema}.session s SET alive_until = clock_timestamp() + b.lease_ms * interval '1 ms'
      FROM ${schema}.build b WHERE s.id = known.id AND b.id = p_build;
    id := known.id; round := known.round;
  ELSE
    IF p_round > 1 OR p_job_id IS NOT NULL OR NOT EXISTS (SELECT FROM ${schema}.session s WHERE s.build_id = p_build
        AND s.left_at IS NULL AND s.alive_until > clock_timestamp()) THEN
      PERFORM FROM ${schema}.build b WHERE b.id = p_build FOR UPDATE;
      SELECT max(least(coalesce(s.left_at, s.alive_until), clock_timestamp())) INTO ended FROM ${schema}.session s
        WHERE s.build_id = p_build
        HAVING NOT bool_or(s.left_at IS NULL AND s.alive_until > clock_timestamp());
      IF ended IS NOT NULL THEN
        UPDATE ${schema}.build b SET idle_ms = b.idle_ms + (extract(epoch FROM clock_timestamp() - ended) * 1000)::bigint
          WHERE b.id = p_build;
      END IF;
    END IF;
    round := p_round;
    IF p_job_id IS NOT NULL THEN
      SELECT max(s.round) FILTER (WHERE s.job_id = p_job_id), max(s.round) FILTER (WHERE s.job_id <> p_job_id)
        INTO mine, others FROM ${schema}.session s
        WHERE s.build_id = p_build AND s.node = p_node AND s.job_name = p_job_name;
      round := greatest(p_round, coalesce(mine, others + 1));
    END IF;
    IF round > 1 THEN
      requeued := (SELECT count(*) FROM ${schema}.reopen(p_build, p_node, round, p_all));
    END IF;
    INSERT INTO ${schema}.session AS s (build_id, token, node, host, round, job_name, job_id, alive_until, blob_head,
        blob_inputs)
      SELECT b.id, p_token, p_node, p_host, round, p_job_name, p_job_id,
          clock_timestamp() + b.lease_ms * interval '1 ms', decode(p_head, 'base64'), p_inputs
        FROM ${schema}.build b WHERE b.id = p_build
      RETURNING s.id INTO id;
    IF id IS NULL THEN RETURN; END IF;
  END IF;
  namesakes := (SELECT count(*) FROM ${schema}.session o WHERE o.build_id = p_build AND o.node = p_node
    AND o.token <> p_token AND o.left_at IS NULL AND o.alive_until > clock_timestamp());
  RETURN NEXT;
END $body$;
`;
