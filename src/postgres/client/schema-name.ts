/** The PostgreSQL schema that holds the queue's tables. */
import { DistributedError } from '../../errors';

export const DEFAULT_SCHEMA = 'jest_distributed';

/** Longest identifier PostgreSQL keeps; a longer one is silently cut, and two schemas may become one. */
const LONGEST = 63;

/**
 * Quotes the name of a schema for SQL.
 *
 * @throws DistributedError `SCHEMA_NAME_INVALID`.
 */
export function quoteSchema(name: string): string {
  if (!/^[a-z_][a-z0-9_$]*$/i.test(name) || name.length > LONGEST || /^pg_/i.test(name)) {
    throw new DistributedError({
      code: 'SCHEMA_NAME_INVALID',
      message: `"${name}" cannot be the name of the queue's schema.`,
      remedy: `Use letters, digits and underscores, at most ${LONGEST}, not starting with a digit or pg_.`,
    });
  }
  return `"${name}"`;
}
