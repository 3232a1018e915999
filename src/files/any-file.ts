/** Looks through a folder for one file. */
import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', '.git', '.hg', '.sl']);

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Whether a file below the folder is one; asked with POSIX paths relative to it. Installed packages are left out. */
export function hasFile(root: string, isMatch: (relative: string) => boolean): boolean {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(path.join(root, folder))) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) folders.push(relative);
      } else if (isMatch(relative)) return true;
    }
  }
  return false;
}
