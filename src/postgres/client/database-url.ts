/**
 * Reads and checks the URL of a database before anything tries to connect with it.
 *
 * Strictly: a URL that can be read in two ways may show a part of its password as a host, a port or a database.
 */
import { DistributedError } from '../../errors';

export interface DatabaseUrl {
  /** As given; holds the password. */
  readonly url: string;
  /** Flag or variable that gave it; null where nobody gave one. */
  readonly source: string | null;
  /** host:port/database, for messages. */
  readonly address: string;
  /** A name, an address or the folder of a socket. */
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly database: string;
  /** What must never be printed. */
  readonly secrets: readonly string[];
}

/** The parts of a URL by its grammar: user and password end at the first `@` before the path. */
const PARTS = /^postgres(?:ql)?:\/\/(?:([^/?#@]*)@)?([^/?#@]*)(\/[^?#]*)?(\?[^#]*)?$/i;

/** A name, an IPv4 address, an IPv6 address in brackets or an encoded folder of a socket; then a port. */
const HOST = /^(?:[\w.-]*|\[[\da-f:.]+\]|%2f[\w.%-]*)(?::(\d{1,5}))?$/i;

/**
 * What is wrong with a URL, as a clause that holds nothing of it; undefined where nothing is.
 *
 * The usual slips have their own clauses: what stands in a CI's secret cannot be looked at there.
 */
function faultOf(url: string): string | undefined {
  if (/^["'`]|["'`]$/.test(url)) return 'it is in quotation marks; remove them';
  if (/[\n\r]$/.test(url)) return 'it ends in a line break';
  if (/[\s\p{Cc}]/u.test(url)) return 'it holds a space or a line break';
  if (!/^postgres(?:ql)?:\/\//i.test(url)) {
    return /^postgres/i.test(url)
      ? 'after "postgres" or "postgresql" it lacks the :// in this form'
      : 'it does not begin with postgres:// or postgresql://';
  }
  const rest = url.replace(/^\w+:\/\//, '');
  const [authority = ''] = rest.split(/[/?#]/, 1);
  if (rest.split('@').length > 2) return 'it holds more than one @; in a user, password or option write %40';
  if (!authority.includes('@') && rest.includes('@')) {
    const sign = rest[authority.length] as string;
    return `a ${sign} is before its @; in a user or password write ${encodeURIComponent(sign)}`;
  }
  if (url.includes('#')) return 'it holds a #; in a password write %23';
  const parts = PARTS.exec(url);
  if (parts === null) return 'it is not a URL';
  const [, login = '', host = '', path = ''] = parts;
  if (/%(?![\da-f]{2})/i.test(login + path)) return 'it holds a % without a code; in a password write %25';
  if (login.split(':').length > 2) return 'its password holds a colon; write %3A';
  const port = HOST.exec(host);
  if (port === null) return 'its host and port are invalid';
  if (Number(port[1] ?? 1) < 1 || Number(port[1] ?? 1) > 65_535) return 'its port is not from 1 to 65535';
  if (path.slice(1).includes('/')) return 'its database holds a /';
  return undefined;
}

/**
 * @param source the flag or variable it came from, for the message.
 * @throws DistributedError `DATABASE_URL_INVALID`.
 */
export function readDatabaseUrl(url: string, source: string): DatabaseUrl {
  const fault = faultOf(url);
  if (fault !== undefined) throw invalid(fault, source);
  const parsed = parse(url, source);
  const database = decode(parsed.pathname.slice(1));
  const socket = parsed.searchParams.get('host');
  const host = socket ?? (decode(parsed.hostname) || 'localhost');
  const port = parsed.port || '5432';
  const address = `${host}:${port}/${database}`;
  if (address.includes('@')) throw invalid('its host or database holds an @', source);
  const secrets = [
    ...[parsed.password, decode(parsed.password)],
    ...['password', 'sslpassword'].flatMap((name) => parsed.searchParams.getAll(name)),
  ];
  return {
    ...{ url, source, address, port },
    // Brackets are the URL's.
    host: host.replace(/^\[(.*)\]$/, '$1'),
    user: decode(parsed.username),
    database,
    secrets: secrets.filter((secret) => secret !== ''),
  };
}

function parse(url: string, source: string): URL {
  try {
    return new URL(url);
  } catch {
    // Its message and its `input` are the URL.
    throw invalid('it is not a URL', source);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The URL is not shown in any form: what is wrong with it is often just what makes its password hard to find. */
function invalid(why: string, source: string): DistributedError {
  return new DistributedError({
    code: 'DATABASE_URL_INVALID',
    message: `The value of ${source} is not the URL of a PostgreSQL database: ${why}. (It is not shown, as it may hold a password.)`,
    remedy:
      'It looks like postgres://user:password@host:5432/database; special characters of a password are %-encoded (encodeURIComponent).',
  });
}
