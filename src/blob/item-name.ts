import type { TestFile } from '../plan/item';
import { shownText } from './portable-paths';

/** The key of an item, as people read it. */
export function keyName(key: string): string {
  const [file = '', part = null] = key.split('\0\0');
  const [first = '', second] = file.split('\0');
  return itemName(second === undefined ? { project: null, path: first } : { project: first, path: second }, part);
}

/** A file or part as people read it: `src/a.test.js`, `web: src/a.test.js › part 2`. */
export function itemName({ project, path }: TestFile, part: string | null): string {
  const file = project === null ? path : `${project}: ${path}`;
  return part === null ? file : `${file} › ${shownText(part)}`;
}
