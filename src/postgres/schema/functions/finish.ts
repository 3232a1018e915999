import { DEAD_BAND, NEWEST_WEIGHT } from '../../../timings/update';
import { AS_OWNER } from './as-owner';

/** Old runs of which whoever stamps the end deletes lines: more would keep that node waiting. */
const DELETED_AT_ONCE = 10;

/**
 * Tells the state of a run, asked after an empty claim, and stamps the end the first time all items are done.
 *
 * Two EXISTS on the partial indexes, in a function with forced plans: as a plain statement it is a sequential scan
 * whenever the last ANALYZE saw a full queue. `finished` is what the items say and not the stamp, which a re-run that
 * commits at the same moment may leave behind.
 *
 * No rows are no end: after a restored backup, a failover or a clean-up the run may have no items, and a run that lacks
 * some is not finished either. They are counted only at the end, once a node.
 *
 * Whoever stamps the end also folds this attempt's durations into the means, as a timings file does it.
 */
export const finishFunction = (schema: string, daysKept: number): string => `
CREATE OR REPLACE FUNCTION ${schema}.finish(p_run bigint)
RETURNS TABLE (finished boolean, cancelled_by text, queued boolean, leased boolean, gone boolean)
LANGUAGE plpgsql ${AS_OWNER} SET enable_seqscan = off SET enable_bitmapscan = off AS $body$
#variable_conflict use_column
DECLARE stamped int;
BEGIN
  -- One statement, and so one snapshot: between two of them an item that goes back from leased to queued is in neither.
  SELECT EXISTS (SELECT FROM ${schema}.item i WHERE i.run_id = p_run AND i.state = 0),
      EXISTS (SELECT FROM ${schema}.item i WHERE i.run_id = p_run AND i.state = 1) INTO queued, leased;
  gone := NOT queued AND NOT leased AND NOT EXISTS (SELECT FROM ${schema}.run b WHERE b.id = p_run
    AND b.items = (SELECT count(*) FROM ${schema}.item i WHERE i.run_id = p_run));
  finished := NOT queued AND NOT leased AND NOT gone;
  IF finished THEN
    UPDATE ${schema}.run SET finished_at = clock_timestamp() WHERE id = p_run AND finished_at IS NULL
      RETURNING attempt INTO stamped;
    IF FOUND THEN
      UPDATE ${schema}.file f
        SET mean_ms = CASE WHEN f.mean_ms IS NULL THEN a.duration_ms ELSE ${1 - NEWEST_WEIGHT} * f.mean_ms + ${NEWEST_WEIGHT} * a.duration_ms END
        FROM ${schema}.execution a WHERE a.run_id = p_run AND a.attempt = stamped AND a.decision = 1 AND a.outcome = 1
          AND a.file_id = f.id AND a.duration_ms IS NOT NULL
          AND (f.mean_ms IS NULL OR abs(a.duration_ms - f.mean_ms) > ${DEAD_BAND} * f.mean_ms);
      PERFORM ${schema}.delete_lines(${daysKept}, ${DELETED_AT_ONCE});
    END IF;
  END IF;
  SELECT b.cancelled_by INTO cancelled_by FROM ${schema}.run b WHERE b.id = p_run;
  RETURN NEXT;
END $body$;
`;
