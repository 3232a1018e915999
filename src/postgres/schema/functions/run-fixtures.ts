import { AS_OWNER } from './as-owner';

/**
 * Fixtures of a whole run, see `RunFixtures` of the queue. States: 1 being set up, 2 ready, 3 being torn down.
 *
 * Nobody but their users reads a result, which may hold secrets: so a node's role has no right on the table, and these
 * functions are all that reads and writes it. Each takes the row's lock first, so nodes decide one after the other.
 */
export const fixtureFunctions = (schema: string): readonly string[] => {
  const alive = `s.left_at IS NULL AND s.alive_until > clock_timestamp()`;
  const usedElsewhere = `EXISTS (SELECT FROM ${schema}.session s WHERE s.id = ANY (f.users) AND s.id <> p_session AND ${alive})`;
  const until = `clock_timestamp() + p_limit_ms * interval '1 ms'`;
  return [
    `
CREATE OR REPLACE FUNCTION ${schema}.ask_fixture(p_run bigint, p_session bigint, p_name text, p_limit_ms bigint)
RETURNS TABLE (kind text, claim_number int, node text, result text) LANGUAGE plpgsql ${AS_OWNER} AS $body$
#variable_conflict use_column
DECLARE f ${schema}.fixture;
BEGIN
  -- A session of another run would be given what is not its own.
  INSERT INTO ${schema}.fixture (run_id, name, state, claim_number, session_id, busy_until, users)
    SELECT s.run_id, p_name, 1, 1, s.id, ${until}, ARRAY[s.id] FROM ${schema}.session s
      WHERE s.id = p_session AND s.run_id = p_run ON CONFLICT (run_id, name) DO NOTHING;
  IF NOT EXISTS (SELECT FROM ${schema}.session s WHERE s.id = p_session AND s.run_id = p_run) THEN RETURN; END IF;
  SELECT q.* INTO f FROM ${schema}.fixture q WHERE q.run_id = p_run AND q.name = p_name FOR UPDATE;
  node := (SELECT s.node FROM ${schema}.session s WHERE s.id = f.session_id);
  kind := CASE
    -- Torn down since the insert.
    WHEN f.run_id IS NULL THEN 'wait'
    WHEN f.state = 1 AND f.session_id = p_session THEN 'set-up'
    WHEN f.state = 2 AND (p_session = ANY (f.users) OR ${usedElsewhere}) THEN 'ready'
    WHEN f.busy_until > clock_timestamp() AND (f.state = 3 OR f.state = 1
      AND EXISTS (SELECT FROM ${schema}.session s WHERE s.id = f.session_id AND ${alive})) THEN 'wait'
    ELSE 'take-over' END;
  IF kind = 'take-over' THEN
    kind := 'set-up';
    f.claim_number := f.claim_number + 1;
    UPDATE ${schema}.fixture q SET state = 1, claim_number = f.claim_number, session_id = p_session, busy_until = ${until}
      WHERE q.run_id = p_run AND q.name = p_name;
  END IF;
  UPDATE ${schema}.fixture q SET users = q.users || p_session
    WHERE q.run_id = p_run AND q.name = p_name AND NOT p_session = ANY (q.users);
  claim_number := f.claim_number;
  result := CASE WHEN kind <> 'wait' THEN f.result END;
  RETURN NEXT;
END $body$;
`,
    `
CREATE OR REPLACE FUNCTION ${schema}.settle_fixture(p_run bigint, p_session bigint, p_name text, p_claim_number int, p_result text)
RETURNS boolean LANGUAGE sql ${AS_OWNER} AS $body$
WITH settled AS (
  UPDATE ${schema}.fixture q SET state = 2, result = p_result
    WHERE q.run_id = p_run AND q.name = p_name AND q.claim_number = p_claim_number AND q.session_id = p_session
      AND q.state <> 3 RETURNING 1)
SELECT EXISTS (SELECT FROM settled);
$body$;
`,
    `
CREATE OR REPLACE FUNCTION ${schema}.leave_fixture(p_run bigint, p_session bigint, p_name text, p_limit_ms bigint)
RETURNS TABLE (claim_number int, result text) LANGUAGE plpgsql ${AS_OWNER} AS $body$
#variable_conflict use_column
DECLARE f ${schema}.fixture;
BEGIN
  SELECT q.* INTO f FROM ${schema}.fixture q WHERE q.run_id = p_run AND q.name = p_name FOR UPDATE;
  IF NOT FOUND OR f.state = 3 AND f.session_id <> p_session THEN RETURN; END IF;
  IF f.state <> 3 THEN
    IF ${usedElsewhere} THEN
      -- Whoever waits takes over at once.
      UPDATE ${schema}.fixture q SET users = array_remove(q.users, p_session),
          busy_until = CASE WHEN q.state = 1 AND q.session_id = p_session THEN clock_timestamp() ELSE q.busy_until END
        WHERE q.run_id = p_run AND q.name = p_name;
      RETURN;
    END IF;
    f.claim_number := f.claim_number + 1;
    UPDATE ${schema}.fixture q SET state = 3, claim_number = f.claim_number, session_id = p_session, busy_until = ${until}
      WHERE q.run_id = p_run AND q.name = p_name;
  END IF;
  claim_number := f.claim_number; result := f.result;
  RETURN NEXT;
END $body$;
`,
    `
CREATE OR REPLACE FUNCTION ${schema}.remove_fixture(p_run bigint, p_session bigint, p_name text, p_claim_number int)
RETURNS void LANGUAGE sql ${AS_OWNER} AS $body$
DELETE FROM ${schema}.fixture q
  WHERE q.run_id = p_run AND q.name = p_name AND q.claim_number = p_claim_number AND q.session_id = p_session
    AND q.state = 3;
$body$;
`,
  ];
};
