/** Ends the lease of a session whose process is known to be gone. $1 run, $2 session. No row: it left by itself. */
export const expireSession = (schema: string): string => `
UPDATE ${schema}.session SET alive_until = clock_timestamp() - interval '1 ms'
WHERE id = $2 AND run_id = $1 AND left_at IS NULL RETURNING id`;
