/** Stops a run that is not at its end. $1 pipeline, $2 run, $3 who. */
export const cancel = (schema: string): string => `
UPDATE ${schema}.run SET cancelled_at = clock_timestamp(), cancelled_by = $3
WHERE pipeline = $1 AND key = $2 AND cancelled_at IS NULL AND finished_at IS NULL RETURNING id`;
