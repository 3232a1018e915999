/**
 * Who gets an answer. A browser on this machine visits other sites too, and what they send to a port of this machine
 * looks almost as what a person opens: the name it was asked by (DNS rebinding), its origin, and what the browser says of
 * where the request comes from tell them apart.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export interface AccessRules {
  /** Names that a browser on this machine asks for it by; null where any will do, because a token is demanded. */
  readonly hosts: ReadonlySet<string> | null;
  /** Null where nobody else reaches it. */
  readonly token: string | null;
  /** Name of the cookie: cookies of one host are not told apart by port. */
  readonly cookie: string;
}

export interface RequestFacts {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly header: (name: string) => string | undefined;
}

export type Access =
  | { readonly kind: 'granted' }
  /** With the token in its address: from now on a cookie has it. */
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 405; readonly text: string };

const refused = (status: 400 | 401 | 403 | 405, text: string): Access => ({ kind: 'refused', status, text });

/** The host of an address, in lower case, without its port; null for what is none. */
export function hostNameOf(host: string | undefined): string | null {
  if (host === undefined || !/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return null;
  return new URL(`http://${host}`).hostname;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In a time that says nothing of how much was right. */
const isSame = (given: string | undefined, wanted: string): boolean =>
  given !== undefined && timingSafeEqual(digest(given), digest(wanted));

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

function isCrossSite({ header }: RequestFacts): boolean {
  const site = header('sec-fetch-site');
  // `none`: a person has typed the address, or opened it from a terminal.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = header('origin');
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== header('host')?.toLowerCase();
}

export function judgeRequest(request: RequestFacts, { hosts, token, cookie }: AccessRules): Access {
  const { method, target, header } = request;
  const host = hostNameOf(header('host'));
  if (host === null) return refused(400, 'The Host header is missing or not valid.');
  if (hosts !== null && !hosts.has(host)) return refused(403, 'This dashboard does not answer to that host name.');
  if (isCrossSite(request)) return refused(403, 'Requests from other sites are refused.');
  if (method !== 'GET' && method !== 'HEAD') return refused(405, 'Only GET is answered.');
  if (token === null) return { kind: 'granted' };
  const bearer = /^Bearer (.+)$/i.exec(header('authorization') ?? '')?.[1];
  if (isSame(bearer, token) || isSame(cookieOf(header('cookie'), cookie), token)) return { kind: 'granted' };
  const [path = '', query = ''] = target.split('?');
  if (path === '/' && isSame(new URLSearchParams(query).get('token') ?? undefined, token)) return { kind: 'sign-in' };
  return refused(401, 'Open the address that the dashboard printed when it was started; it has a token.');
}
