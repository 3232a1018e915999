/**
 * Deletes the lines of blobs of old runs, the oldest first: who merges a run does so soon, and they are what is large.
 * The history is not among them; a fixture is whose nodes were all killed, and whose result may hold secrets. Of a run with a live session they stay, however old it is.
 */
export const deleteLinesFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.delete_lines(p_days float8, p_most int)
RETURNS int LANGUAGE plpgsql AS $body$
DECLARE old bigint[];
BEGIN
  old := ARRAY(SELECT b.id FROM ${schema}.run b
    WHERE b.keeps_lines AND b.created_at < clock_timestamp() - p_days * interval '1 day'
      AND NOT EXISTS (SELECT FROM ${schema}.session s
        WHERE s.run_id = b.id AND s.left_at IS NULL AND s.alive_until > clock_timestamp())
    ORDER BY b.created_at LIMIT p_most FOR UPDATE OF b SKIP LOCKED);
  IF cardinality(old) = 0 THEN RETURN 0; END IF;
  DELETE FROM ${schema}.blob_line WHERE run_id = ANY (old);
  DELETE FROM ${schema}.blob_source WHERE run_id = ANY (old);
  DELETE FROM ${schema}.blob_inputs WHERE run_id = ANY (old);
  DELETE FROM ${schema}.fixture WHERE run_id = ANY (old);
  UPDATE ${schema}.session SET blob_head = NULL WHERE run_id = ANY (old);
  UPDATE ${schema}.run SET keeps_lines = false WHERE id = ANY (old);
  RETURN cardinality(old);
END $body$;
`;
