/**
 * Texts that repeat what a person typed or wrote down, without what may be the URL of a database: it holds a password,
 * and logs of a CI job are public more often than people think.
 */
const HIDDEN = '(not shown: it may hold a password)';

// Misspelled URLs too: `postgres:/…`, `postgres//…`, or with the scheme left out, `user:password@host`. A password may
// hold blanks, so all up to the end of the line goes.
const SUSPECT = /\S*(?:postgres(?:ql)?:|postgres(?:ql)?\/\/|:\/\/|:[^\n]*@)[^\n]*/gi;

/** @example hideSecrets('ci:hunter2@db') // '(not shown: it may hold a password)' */
export function hideSecrets(text: string): string {
  return text.replace(SUSPECT, HIDDEN);
}
