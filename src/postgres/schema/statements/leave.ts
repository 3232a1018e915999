/** Ends a session and gives back what it holds, in one step. A claim that commits just after it falls to the sweep. */
export const leave = (schema: string): string => `
WITH gone AS (
  UPDATE ${schema}.session SET left_at = clock_timestamp() WHERE id = $2 AND run_id = $1 AND left_at IS NULL)
UPDATE ${schema}.item SET state = 0, session_id = NULL, started_at = NULL
WHERE run_id = $1 AND session_id = $2 AND state = 1`;
