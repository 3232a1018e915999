/** The command that prints what the documentation says of a code: it needs no network, and fits the installed version. */

/** @param codes of errors or findings; none for a placeholder. */
export const helpCommand = (codes: readonly string[]): string => ['npx jest-distributed help', ...codes].join(' ');
