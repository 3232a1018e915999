import { AS_OWNER } from './as-owner';

/**
 * A CI job runs again: puts back what its node owns and did not pass (or all it ran), once per round, and reopens the
 * build. One row for each item.
 *
 * By owner and not by session: the job's machine is another one now, and what a node owns is what made its job red.
 */
export const reopenFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.reopen(p_build bigint, p_node text, p_round int, p_all boolean)
RETURNS SETOF int LANGUAGE sql ${AS_OWNER} AS $body$
WITH opened AS (
  UPDATE ${schema}.build SET round = greatest(round, p_round), finished_at = NULL,
      cancelled_at = CASE WHEN round < p_round THEN NULL ELSE cancelled_at END,
      cancelled_by = CASE WHEN round < p_round THEN NULL ELSE cancelled_by END
    WHERE id = p_build AND (round < p_round OR EXISTS (SELECT FROM ${schema}.item i WHERE i.build_id = p_build
      AND i.state = 2 AND i.owner = p_node AND i.round < p_round AND (p_all OR i.outcome <> 1)))
    RETURNING id)
UPDATE ${schema}.item i SET state = 0, round = p_round, attempt = 0, settled = 0, crashes = 0, failures = 0,
    session_id = NULL, not_node = NULL, started_at = NULL, outcome = NULL, duration_ms = NULL
  FROM opened WHERE i.build_id = opened.id AND i.state = 2 AND i.owner = p_node AND i.round < p_round
    AND (p_all OR i.outcome <> 1)
  RETURNING i.file_id;
$body$;
`;
