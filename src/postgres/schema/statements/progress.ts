/** Counts of a run, for people. A scan of its items: a counter kept up to date was what made all nodes wait. */
export const progress = (schema: string): string => `
SELECT count(*) FILTER (WHERE state = 0)::int AS queued, count(*) FILTER (WHERE state = 1)::int AS leased,
  count(*) FILTER (WHERE outcome = 1)::int AS passed, count(*) FILTER (WHERE outcome = 2)::int AS failed,
  count(*) FILTER (WHERE outcome = 3)::int AS poison
FROM ${schema}.item WHERE run_id = $1`;
