import { AS_OWNER } from './as-owner';

/**
 * Makes a run with all its items, for the node that comes first. 1 it filled, 0 another did, -1 another is at it.
 *
 * One call is one transaction: a node that dies half-way leaves nothing, and the next one fills. The advisory lock only
 * thins out the crowd (1,000 nodes with lists of 8 MB each); what makes it right is the unique key of the run.
 *
 * The LATERAL with OFFSET 0 forces one index look-up a file: an unnest() is costed as some ten rows whatever its length,
 * so a join of two long ones becomes a nested loop, quadratic in the number of files. Files are inserted in the order of their keys, so that two runs cannot deadlock.
 */
export const fillFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.fill(
  p_pipeline text, p_key text, p_digest text, p_changes text, p_inputs text, p_node text, p_commit text, p_branch text,
  p_lease_ms int, p_max_file_ms int, p_max_crashes int, p_max_retries int,
  p_keys text[], p_projects text[], p_paths text[], p_parts text[], p_estimate int[], p_homes int[])
RETURNS int LANGUAGE plpgsql ${AS_OWNER} AS $body$
#variable_conflict use_column
DECLARE made bigint; added int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('${schema}:' || p_pipeline || ':' || p_key, 1)) THEN RETURN -1; END IF;
  INSERT INTO ${schema}.run (pipeline, key, digest, changes, inputs, filled_by, commit_sha, branch, items, lease_ms,
      max_file_ms, max_crashes, max_retries)
    VALUES (p_pipeline, p_key, p_digest, p_changes, p_inputs::jsonb, p_node, p_commit, p_branch, cardinality(p_keys),
      p_lease_ms, p_max_file_ms, p_max_crashes, p_max_retries)
    ON CONFLICT (pipeline, key) DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN RETURN 0; END IF;
  -- The anti-join burns no ids: with DO NOTHING alone every run would use up one id a file.
  INSERT INTO ${schema}.file (pipeline, key, project, path, part)
    SELECT p_pipeline, t.key, t.project, t.path, t.part FROM unnest(p_keys, p_projects, p_paths, p_parts)
        AS t (key, project, path, part)
      WHERE NOT EXISTS (SELECT FROM ${schema}.file f WHERE f.pipeline = p_pipeline AND f.key = t.key)
      ORDER BY t.key ON CONFLICT (pipeline, key) DO NOTHING;
  INSERT INTO ${schema}.item (run_id, file_id, rank, home, estimate)
    SELECT made, f.id, t.rank::int, t.home, t.estimate
      FROM unnest(p_keys, p_estimate, p_homes) WITH ORDINALITY AS t (key, estimate, home, rank)
      CROSS JOIN LATERAL (SELECT id FROM ${schema}.file f WHERE f.pipeline = p_pipeline AND f.key = t.key OFFSET 0) f;
  GET DIAGNOSTICS added = ROW_COUNT;
  IF added <> cardinality(p_keys) THEN RAISE EXCEPTION 'filled % of % items', added, cardinality(p_keys); END IF;
  RETURN 1;
END $body$;
`;
