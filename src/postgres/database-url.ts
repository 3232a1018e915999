/** Reads and checks the URL of a database before anything tries to connect with it. */
import { DistributedError } from '../errors';
import { redact } from './redact';

export interface DatabaseUrl {
  /** As given; holds the password. */
  readonly url: string;
  /** host:port/database, for messages. */
  readonly address: string;
  readonly user: string;
  readonly database: string;
  /** What must never be printed. */
  readonly secrets: readonly string[];
}

/**
 * @param source the flag or variable it came from, for the message.
 * @throws DistributedError `DATABASE_URL_INVALID`.
 */
export function readDatabaseUrl(url: string, source: string): DatabaseUrl {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalid(url, source, 'it is not a URL');
  }
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') {
    throw invalid(url, source, `it starts with ${parsed.protocol}//`);
  }
  const database = decode(parsed.pathname.slice(1));
  const socket = parsed.searchParams.get('host');
  const host = socket ?? (parsed.hostname || 'localhost');
  const secrets = [parsed.password, decode(parsed.password), parsed.searchParams.get('password') ?? ''];
  return {
    url,
    address: `${host}:${parsed.port || '5432'}/${database}`,
    user: decode(parsed.username),
    database,
    secrets: secrets.filter((secret) => secret !== ''),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(url: string, source: string, why: string): DistributedError {
  return new DistributedError({
    code: 'DATABASE_URL_INVALID',
    message: `"${redact(url)}" is not the URL of a PostgreSQL database: ${why} (from ${source}).`,
    remedy:
      'It looks like postgres://user:password@host:5432/database; special characters of a password are %-encoded.',
  });
}
