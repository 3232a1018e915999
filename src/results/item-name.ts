import type { TestFile } from '../plan/item';

/** A file or part as people read it: `src/a.test.js`, `web: src/a.test.js › part 2`. */
export function itemName({ project, path }: TestFile, part: string | null): string {
  const file = project === null ? path : `${project}: ${path}`;
  return part === null ? file : `${file} › ${part}`;
}
