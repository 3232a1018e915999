/** Turns what a driver throws into what a person can act on. Secrets never get through. */
import { DistributedError, isDistributedError } from '../../errors';
import { commandText, shellOf } from '../../shell/quote';
import type { DatabaseUrl } from './database-url';
import { redact } from './redact';
import { codeOf, isTimeout, isTransient, isUnreadableFile } from './transient-errors';

interface Explanation {
  readonly code: string;
  readonly fact: string;
  readonly remedy: string;
}

/** Who asks the database: a node in a run, or a person who looks at it. */
export type DatabaseUse = 'run' | 'command';

/** @param triedMs how long it was tried, where it was. */
export function explainDatabaseError(
  error: unknown,
  database: DatabaseUrl,
  triedMs?: number,
  use: DatabaseUse = 'run',
): DistributedError {
  if (isDistributedError(error)) return error;
  const { code, fact, remedy } = explain(error, database, triedMs, use);
  const said = redact(reasonOf(error), database.secrets);
  return new DistributedError({
    code,
    message: `${fact} PostgreSQL at ${database.address} said: ${said}${codeOf(error) ? ` (${codeOf(error)})` : ''}.`,
    remedy,
  });
}

/** A command within a sentence, for the shell of this machine. */
const inText = (words: readonly string[]): string => commandText(words, shellOf(process.platform, process.env));

function explain(
  error: unknown,
  { user, database, host, port, source }: DatabaseUrl,
  triedMs: number | undefined,
  use: DatabaseUse,
): Explanation {
  const tried = triedMs === undefined || triedMs < 500 ? '' : ` within ${Math.round(triedMs / 1000)} s`;
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return {
        code: 'DATABASE_LOGIN_REFUSED',
        fact: `The database refused the login of "${user}".`,
        remedy: "Check user and password of the URL (special characters %-encoded), and the server's pg_hba.conf.",
      };
    case '3D000':
      return {
        code: 'DATABASE_UNKNOWN',
        fact: `There is no database "${database}".`,
        remedy: `Correct the URL${source === null ? '' : ` in ${source}`}, or create the database: ${inText(['createdb', '-h', host, '-p', port, ...(user === '' ? [] : ['-U', user]), database])}`,
      };
    case '42704':
      return {
        code: 'DATABASE_NAME_UNKNOWN',
        fact: 'A name is unknown to the database.',
        remedy: 'Create the role first (CREATE ROLE name LOGIN PASSWORD ...), or correct its name.',
      };
    case '42501':
      return {
        code: 'DATABASE_RIGHTS_MISSING',
        fact: `The role "${user}" lacks a right on the queue's schema.`,
        remedy: `Let the owner of the schema run this, and only the owner itself may prune: ${inText(['npx', 'jest-distributed', 'db', 'migrate', '--role', user])}`,
      };
    case '53100':
      return {
        code: 'DATABASE_FULL',
        fact: "The database's disk is full.",
        remedy:
          'Free space; old runs go with "npx jest-distributed db prune --days 90".' +
          (use === 'run' ? ' Then run this node again: nothing accepted is lost.' : ''),
      };
    case '25006':
      return {
        code: 'DATABASE_READ_ONLY',
        fact: 'The database is read-only.',
        remedy: 'The URL probably names a standby: use the primary.',
      };
  }
  if (isAboutTls(error)) {
    return {
      code: 'DATABASE_TLS_FAILED',
      fact: 'No encrypted connection to the database could be made.',
      remedy:
        'Set sslmode in the URL: verify-full with sslrootcert=/path/of/ca.pem for a CA of your own, no-verify to trust any certificate, disable for a server without TLS.',
    };
  }
  if (/password must be a string/.test(reasonOf(error))) {
    return {
      code: 'DATABASE_LOGIN_REFUSED',
      fact: `The database requires a password for "${user}", and none is set.`,
      remedy: 'Put it into the URL (special characters %-encoded), or set PGPASSWORD.',
    };
  }
  if (isTimeout(error)) {
    return {
      code: 'DATABASE_SLOW',
      fact: `The database did not answer${tried === '' ? ' in time' : tried}.`,
      remedy: 'Look for locks and load (pg_stat_activity); a hosted database may be suspended or over its quota.',
    };
  }
  if (isTransient(error)) {
    return {
      code: 'DATABASE_UNREACHABLE',
      fact: `The queue's database could not be reached${tried}.`,
      remedy:
        `${source === null ? 'Check' : `If its host or port is wrong, correct it in ${source}. Otherwise check`} that it runs and that this machine may connect.` +
        (use === 'run'
          ? ' Re-run this node: it runs the files that have no result yet, and in a new attempt (--attempt 2, or the one that the CI counts) also those of its own that failed. There is no fallback to a static share, because files would run twice.'
          : ''),
    };
  }
  return {
    code: 'DATABASE_FAILED',
    fact: 'The database refused a statement of the queue.',
    remedy: 'See "npx jest-distributed db status"; if the schema is current, please report it with this message.',
  };
}

/** Certificates and protocol; codes of Node's TLS (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
function isAboutTls(error: unknown): boolean {
  return (
    /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_)/.test(codeOf(error)) ||
    /does not support SSL|sslrootcert|sslcert|sslkey/i.test(reasonOf(error)) ||
    isUnreadableFile(error)
  );
}

function reasonOf(error: unknown): string {
  const inner = (error as { errors?: unknown })?.errors;
  const first: unknown = Array.isArray(inner) && inner.length > 0 ? inner[0] : error;
  return String((first as Error)?.message ?? first);
}
