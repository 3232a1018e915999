/** Not on the node that an item just failed on or died with, unless no other node lives. */
const onThisNode = (schema: string): string =>
  `(i.not_node IS DISTINCT FROM p_node OR NOT EXISTS (SELECT FROM ${schema}.session o
          WHERE o.run_id = p_run AND o.node <> p_node AND o.left_at IS NULL AND o.alive_until > clock_timestamp()))`;

/**
 * Takes items, in the order that the contract gives.
 *
 * A function, because a queue's statistics are always stale (the last ANALYZE saw it full or empty), so plans are forced
 * to the partial indexes. Rejected: one UPDATE with the four tiers as CTEs, which needs the count as a literal (a
 * `LIMIT $n` in a generic plan is costed as 10 % of the rows); advisory locks, which outlive a transaction and so break
 * behind PgBouncer.
 *
 * The watermark is the greatest rank this session saw: index entries of rows that others took are dead but still there,
 * and without it every claim walks over all of them.
 *
 * The rows are given one by one: one join over unnest() … ORDER BY needs a sort, and with sorts discouraged every plan
 * costs 10^10 more, so that the planner no longer tells a look-up from a walk over the whole table (24 claims a second at
 * 100,000 items).
 *
 * A node holds at most one item that a node died with: two that ran side by side when it died would die side by side
 * again, and the innocent one would be blamed with the other.
 *
 * synchronous_commit is off: a server crash may lose the newest claims, which costs a second run and no result.
 */
export const claimFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.claim(
  p_run bigint, p_session bigint, p_node text, p_home int, p_count int, p_start int, p_known text[], p_watermark int)
RETURNS TABLE (item_id int, attempt int, claim_number int, project text, path text, part text, estimate int,
               failures int, crashes int, rank int)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $body$
#variable_conflict use_column
DECLARE held int[]; ids int[]; mine int[]; watermark int := p_watermark; wanted int; suspect int;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM FROM ${schema}.session s JOIN ${schema}.run b ON b.id = s.run_id
    WHERE s.id = p_session AND s.run_id = p_run AND s.left_at IS NULL AND b.cancelled_at IS NULL;
  IF NOT FOUND THEN RETURN; END IF;

  -- A claim that was committed and whose answer was lost stays leased by a live session for ever: hand it out again.
  held := ARRAY(SELECT i.file_id FROM ${schema}.item i
    WHERE i.run_id = p_run AND i.session_id = p_session AND i.state = 1
      AND NOT (i.file_id || ':' || i.attempt || ':' || i.claim_number) = ANY (p_known));
  -- What the caller runs without a lease (it was frozen, or cut off) is not for it to run a second time.
  mine := ARRAY(SELECT split_part(t.word, ':', 1)::int FROM unnest(p_known) AS t (word));
  wanted := p_count - cardinality(held);
  ids := '{}';
  -- Of those that a node died with, a node holds one at a time.
  IF wanted > 0 AND NOT EXISTS (SELECT FROM ${schema}.item i WHERE i.run_id = p_run AND i.session_id = p_session
      AND i.state = 1 AND i.crashes > 0) THEN
    SELECT i.file_id INTO suspect FROM ${schema}.item i WHERE i.run_id = p_run AND i.state = 0 AND i.rank < 0
        AND i.crashes > 0 AND NOT i.file_id = ANY (mine) AND ${onThisNode(schema)}
      ORDER BY i.rank LIMIT 1 FOR UPDATE OF i SKIP LOCKED;
  END IF;
  WHILE wanted > 0 LOOP
    -- 1. Requeued.
    ids := ARRAY(SELECT file_id FROM ${schema}.item i WHERE i.run_id = p_run AND i.state = 0 AND i.rank < 0
        AND (i.crashes = 0 OR i.file_id = suspect) AND NOT i.file_id = ANY (mine) AND ${onThisNode(schema)}
      ORDER BY i.rank LIMIT wanted FOR UPDATE OF i SKIP LOCKED);
    -- 2. The longest of those that have no home.
    IF cardinality(ids) < wanted THEN
      ids := ids || ARRAY(SELECT file_id FROM ${schema}.item WHERE run_id = p_run AND state = 0 AND home = -1
          AND rank > watermark AND NOT file_id = ANY (mine) ORDER BY rank LIMIT wanted - cardinality(ids) FOR UPDATE SKIP LOCKED);
    END IF;
    -- 3. This node's own.
    IF cardinality(ids) < wanted AND p_home <> -1 THEN
      ids := ids || ARRAY(SELECT file_id FROM ${schema}.item WHERE run_id = p_run AND state = 0 AND home = p_home
          AND rank > 0 AND NOT file_id = ANY (mine) ORDER BY rank LIMIT wanted - cardinality(ids) FOR UPDATE SKIP LOCKED);
    END IF;
    -- 4. The longest of anybody's.
    IF cardinality(ids) < wanted THEN
      ids := ids || ARRAY(SELECT file_id FROM ${schema}.item WHERE run_id = p_run AND state = 0 AND rank > 0
          AND NOT file_id = ANY (ids || mine) ORDER BY rank LIMIT wanted - cardinality(ids) FOR UPDATE SKIP LOCKED);
    END IF;
    -- The watermark is a hint only: look again from the start before saying "empty".
    EXIT WHEN cardinality(ids) > 0 OR watermark = 0;
    watermark := 0;
  END LOOP;

  IF cardinality(ids) > 0 THEN
    UPDATE ${schema}.item i SET state = 1, claim_number = i.claim_number + 1, session_id = p_session, owner = p_node,
        claimed_at = clock_timestamp(),
        started_at = CASE WHEN i.file_id = ANY (ids[1 : p_start - cardinality(held)]) THEN clock_timestamp() END
      WHERE i.run_id = p_run AND i.file_id = ANY (ids);
  END IF;
  FOREACH item_id IN ARRAY held || ids LOOP
    SELECT i.attempt, i.claim_number, f.project, f.path, f.part, i.estimate, i.failures, i.crashes, i.rank
      INTO attempt, claim_number, project, path, part, estimate, failures, crashes, rank
      FROM ${schema}.item i JOIN ${schema}.file f ON f.id = i.file_id
      WHERE i.run_id = p_run AND i.file_id = item_id;
    RETURN NEXT;
  END LOOP;
END $body$;
`;
