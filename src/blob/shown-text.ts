/** Paths of a blob as people read them. Imports nothing: the pages use it too. */

/** Stands for Jest's root. Not what Jest itself prints (`<rootDir>`), so that a test that speaks of that is not rewritten. */
export const ROOT_PLACEHOLDER = '<jd:rootDir>';

const PLACED_ROOT = new RegExp(`(?:file://)?${ROOT_PLACEHOLDER}/?`, 'g');

/** A text of a blob for people, who name files from the root. */
export const shownText = (text: string): string =>
  text.includes(ROOT_PLACEHOLDER) ? text.replace(PLACED_ROOT, (all) => (all.endsWith('/') ? '' : '.')) : text;
