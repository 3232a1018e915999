/**
 * The smallest interface this package needs of a PostgreSQL, so that `pg`, PGlite and a test can stand behind it.
 */
export type SqlValue = string | number | boolean | null | readonly (string | number | null)[];
export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlClient {
  /**
   * One statement in a transaction of its own. Repeated while the error is transient, so every statement given to it
   * must be idempotent or fenced.
   *
   * @throws DistributedError as `database-error.ts` lists them.
   */
  query(text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Several statements in one transaction on one connection; not repeated, so the caller decides. */
  transaction<T>(
    work: (query: (text: string, values?: readonly SqlValue[]) => Promise<readonly SqlRow[]>) => Promise<T>,
  ): Promise<T>;
  /** Where it connects to, without secrets: for messages. */
  readonly address: string;
  close(): Promise<void>;
}
