/**
 * Gives leases back, fenced like everything else; no crash is counted. $3 to $5: item, attempt, claim_number; $6: elsewhere.
 */
export const releaseItems = (schema: string): string => `
UPDATE ${schema}.item i SET state = 0, session_id = NULL, started_at = NULL,
  not_node = CASE WHEN $6 THEN i.owner ELSE i.not_node END,
  rank = CASE WHEN $6 AND i.rank > 0 THEN i.rank - 1000000000 ELSE i.rank END
FROM unnest($3::int[], $4::int[], $5::int[]) AS t (file_id, attempt, claim_number)
WHERE i.run_id = $1 AND i.file_id = t.file_id AND i.session_id = $2 AND i.state = 1 AND i.attempt = t.attempt
  AND i.claim_number = t.claim_number RETURNING i.file_id`;
