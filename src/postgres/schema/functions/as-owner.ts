/**
 * For functions that write the history: they run with the rights of the schema's owner, so that a node's role needs none
 * on those tables, and code under test can neither delete nor rewrite what was recorded. The search path is fixed, as it
 * must be in such functions; all names of ours in them have their schema.
 */
export const AS_OWNER = 'SECURITY DEFINER SET search_path = pg_catalog, pg_temp';
