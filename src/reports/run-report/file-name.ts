import type { TestFile } from '../../plan/item';

/** A file as people name it. */
export function fileName({ project, path }: TestFile): string {
  return project === null ? path : `${project}: ${path}`;
}
