/**
 * A CI job runs again: puts back what its node owns and did not pass (or all it ran), once per round, and reopens the
 * build. $1 build, $2 node, $3 round, $4 whether all.
 *
 * By owner and not by session: the job's machine is another one now, and what a node owns is what made its job red.
 */
export const reopen = (schema: string): string => `
WITH opened AS (
  UPDATE ${schema}.build SET round = greatest(round, $3), finished_at = NULL,
      cancelled_at = CASE WHEN round < $3 THEN NULL ELSE cancelled_at END,
      cancelled_by = CASE WHEN round < $3 THEN NULL ELSE cancelled_by END
    WHERE id = $1 AND (round < $3 OR EXISTS (SELECT FROM ${schema}.item i WHERE i.build_id = $1 AND i.state = 2
      AND i.owner = $2 AND i.round < $3 AND ($4 OR i.outcome <> 1)))
    RETURNING id)
UPDATE ${schema}.item i SET state = 0, round = $3, attempt = 0, settled = 0, crashes = 0, failures = 0,
    session_id = NULL, not_node = NULL, started_at = NULL, outcome = NULL, duration_ms = NULL
  FROM opened WHERE i.build_id = opened.id AND i.state = 2 AND i.owner = $2 AND i.round < $3 AND ($4 OR i.outcome <> 1)
  RETURNING i.file_id`;
