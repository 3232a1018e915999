/** Takes passwords out of text before anybody sees it: logs of a CI job are public more often than people think. */
const HIDDEN = '***';

/**
 * @example redact('postgres://ci:hunter2@db/queue') // 'postgres://ci:***@db/queue'
 * @param secrets further strings to hide wherever they occur, as a password that a driver quotes on its own
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let safe = text
    // Greedy up to the last @ before a slash or space: a password may hold an unescaped @.
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^:@/\s]*):[^/\s]*@/gi, `$1:${HIDDEN}@`)
    .replace(/([?&\s](?:password|sslpassword|sslkey)=)(?:'[^']*'|[^&\s'"]*)/gi, `$1${HIDDEN}`)
    .replace(/("?\bpassword"?:\s*)(?:'[^']*'|"[^"]*")/gi, `$1'${HIDDEN}'`);
  for (const secret of secrets) {
    // A password of one or two letters would turn every message into stars.
    if (secret.length > 2) safe = safe.replaceAll(secret, HIDDEN);
  }
  return safe;
}
