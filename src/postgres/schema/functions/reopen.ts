import { AS_OWNER } from './as-owner';

/**
 * A CI job runs again: puts back what its node owns and did not pass (or all it ran), once per attempt, and reopens the
 * run. One row for each item.
 *
 * By owner and not by session: the job's machine is another one now, and what a node owns is what made its job red.
 */
export const reopenFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.reopen(p_run bigint, p_node text, p_attempt int, p_all boolean)
RETURNS SETOF int LANGUAGE sql ${AS_OWNER} AS $body$
WITH opened AS (
  UPDATE ${schema}.run SET attempt = greatest(attempt, p_attempt), finished_at = NULL,
      cancelled_at = CASE WHEN attempt < p_attempt THEN NULL ELSE cancelled_at END,
      cancelled_by = CASE WHEN attempt < p_attempt THEN NULL ELSE cancelled_by END
    WHERE id = p_run AND (attempt < p_attempt OR EXISTS (SELECT FROM ${schema}.item i WHERE i.run_id = p_run
      AND i.state = 2 AND i.owner = p_node AND i.attempt < p_attempt AND (p_all OR i.outcome <> 1)))
    RETURNING id)
UPDATE ${schema}.item i SET state = 0, attempt = p_attempt, claim_number = 0, settled_claim = 0, crashes = 0, failures = 0,
    session_id = NULL, not_node = NULL, started_at = NULL, outcome = NULL, duration_ms = NULL
  FROM opened WHERE i.run_id = opened.id AND i.state = 2 AND i.owner = p_node AND i.attempt < p_attempt
    AND (p_all OR i.outcome <> 1)
  RETURNING i.file_id;
$body$;
`;
