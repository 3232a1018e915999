/** Items begin to run: from now on a death of the node counts against them. $3 to $5: item, attempt, claim_number. */
export const startItems = (schema: string): string => `
UPDATE ${schema}.item i SET started_at = clock_timestamp()
FROM unnest($3::int[], $4::int[], $5::int[]) AS t (file_id, attempt, claim_number)
WHERE i.run_id = $1 AND i.file_id = t.file_id AND i.session_id = $2 AND i.state = 1 AND i.attempt = t.attempt
  AND i.claim_number = t.claim_number AND i.started_at IS NULL`;
