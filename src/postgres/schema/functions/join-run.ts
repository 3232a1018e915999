import { AS_OWNER } from './as-owner';

/**
 * Opens a session, with all that its coming changes; with the same token again it is the same session, so a lost answer
 * leaves no ghost that looks like another live node.
 *
 * The attempt is that of the request, or, where a re-run keeps it, one more than that of the last other job of this name.
 * Time in which no node lives is no run time, and neither is that from the end of a run until it is opened again: who
 * joins in between finds nothing to do and changes nothing.
 *
 * Where something depends on who was here before, nodes come one at a time, by the lock on the run's row.
 */
export const joinRunFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.join_run(
  p_run bigint, p_token text, p_node text, p_host text, p_attempt int, p_job_name text, p_job_id text, p_all boolean,
  p_head text, p_inputs text)
RETURNS TABLE (id bigint, attempt int, requeued int, same_name_sessions int)
LANGUAGE plpgsql ${AS_OWNER} AS $body$
#variable_conflict use_column
DECLARE known ${schema}.session; mine int; others int; ended timestamptz; over_at timestamptz;
BEGIN
  requeued := 0;
  SELECT s.* INTO known FROM ${schema}.session s WHERE s.run_id = p_run AND s.token = p_token;
  IF FOUND THEN
    UPDATE ${schema}.session s SET alive_until = clock_timestamp() + b.lease_ms * interval '1 ms'
      FROM ${schema}.run b WHERE s.id = known.id AND b.id = p_run;
    id := known.id; attempt := known.attempt;
  ELSE
    IF p_attempt > 1 OR p_job_id IS NOT NULL OR NOT EXISTS (SELECT FROM ${schema}.session s WHERE s.run_id = p_run
        AND s.left_at IS NULL AND s.alive_until > clock_timestamp()) THEN
      SELECT coalesce(b.finished_at, b.cancelled_at) INTO over_at FROM ${schema}.run b WHERE b.id = p_run FOR UPDATE;
      SELECT max(least(coalesce(s.left_at, s.alive_until), clock_timestamp())) INTO ended FROM ${schema}.session s
        WHERE s.run_id = p_run
        HAVING NOT bool_or(s.left_at IS NULL AND s.alive_until > clock_timestamp());
      IF ended IS NOT NULL AND over_at IS NULL THEN
        UPDATE ${schema}.run b SET idle_ms = b.idle_ms + (extract(epoch FROM clock_timestamp() - ended) * 1000)::bigint
          WHERE b.id = p_run;
      END IF;
    END IF;
    attempt := p_attempt;
    IF p_job_id IS NOT NULL THEN
      SELECT max(s.attempt) FILTER (WHERE s.job_id = p_job_id), max(s.attempt) FILTER (WHERE s.job_id <> p_job_id)
        INTO mine, others FROM ${schema}.session s
        WHERE s.run_id = p_run AND s.node = p_node AND s.job_name = p_job_name;
      attempt := greatest(p_attempt, coalesce(mine, others + 1));
    END IF;
    IF attempt > 1 THEN
      requeued := (SELECT count(*) FROM ${schema}.reopen(p_run, p_node, attempt, p_all));
      IF over_at IS NOT NULL THEN
        UPDATE ${schema}.run b
          SET idle_ms = b.idle_ms + (extract(epoch FROM clock_timestamp() - over_at) * 1000)::bigint
          WHERE b.id = p_run AND b.finished_at IS NULL AND b.cancelled_at IS NULL;
      END IF;
    END IF;
    INSERT INTO ${schema}.session AS s (run_id, token, node, host, attempt, job_name, job_id, alive_until, blob_head,
        blob_inputs)
      SELECT b.id, p_token, p_node, p_host, attempt, p_job_name, p_job_id,
          clock_timestamp() + b.lease_ms * interval '1 ms', decode(p_head, 'base64'), p_inputs
        FROM ${schema}.run b WHERE b.id = p_run
      RETURNING s.id INTO id;
    IF id IS NULL THEN RETURN; END IF;
  END IF;
  same_name_sessions := (SELECT count(*) FROM ${schema}.session o WHERE o.run_id = p_run AND o.node = p_node
    AND o.token <> p_token AND o.left_at IS NULL AND o.alive_until > clock_timestamp());
  RETURN NEXT;
END $body$;
`;
