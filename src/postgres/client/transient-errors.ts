/**
 * Which errors pass by themselves: the connection, a server that starts or stops, a proxy that switches, a deadlock.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const CODES: ReadonlySet<string> = new Set([
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
  ...['57P01', '57P02', '57P03', '53300'],
  // connection exceptions
  ...['08000', '08001', '08003', '08004', '08006'],
  // serialization_failure, deadlock_detected, lock_not_available, query_canceled (a statement_timeout of the role)
  ...['40001', '40P01', '55P03', '57014'],
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  // A socket file is gone while the server restarts; a name server may be late.
  ...['ENOENT', 'ENOTFOUND', 'EAI_AGAIN'],
]);

// pg throws these without a code.
const MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|server closed the connection|Query read timeout|Client was closed and is not queryable|server_login_retry|query_wait_timeout|pgbouncer|no more connections allowed/i;

export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}

/** `pg` reads the certificates that a URL names; a socket that is gone has the code ENOENT too, but is not opened. */
export function isUnreadableFile(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.syscall === 'open';
}

export function isTransient(error: unknown): boolean {
  if (isUnreadableFile(error)) return false;
  if (CODES.has(codeOf(error))) return true;
  const inner = (error as { errors?: unknown } | null)?.errors;
  // Node tries IPv6 and IPv4 and throws both.
  if (Array.isArray(inner) && inner.length > 0) return inner.every(isTransient);
  return MESSAGES.test(String((error as Error | null)?.message ?? error));
}

/** It answers, but not in time. */
export function isTimeout(error: unknown): boolean {
  return (
    codeOf(error) === '57014' ||
    codeOf(error) === '55P03' ||
    /Query read timeout/i.test(String((error as Error)?.message))
  );
}
