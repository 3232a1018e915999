/** Stops a build that is not at its end. $1 suite, $2 build, $3 who. */
export const cancel = (schema: string): string => `
UPDATE ${schema}.build SET cancelled_at = clock_timestamp(), cancelled_by = $3
WHERE suite = $1 AND key = $2 AND cancelled_at IS NULL AND finished_at IS NULL RETURNING id`;
