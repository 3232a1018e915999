/**
 * The folders that a process of ours means, found in one way by nodes and commands alike.
 *
 * What a person keeps (settings, timings, reports) lives in the project folder: where Jest looks for test files is
 * another question, which Jest's config answers.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface Folders {
  /** Where the process was started: paths that people type and read are relative to it. */
  readonly workingDir: string;
  /** Settings and `.jest-distributed/` live here. */
  readonly projectDir: string;
  /** Jest's root, `globalConfig.rootDir`: keys of test files are relative to it. */
  readonly rootDir: string;
  /** Top of what all checkouts have in common, where it is the root or lies above it; else null. */
  readonly repositoryDir: string | null;
}

/** The folder itself and those above it, nearest first. */
function* upwards(folder: string): Generator<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    yield at;
    if (path.dirname(at) === at) return;
  }
}

const holds = (folder: string, name: string): boolean => existsSync(path.join(folder, name));

/** Whether a folder is another one or lies below it. */
export function isWithin(folder: string, outer: string): boolean {
  const relative = path.relative(outer, folder);
  return relative === '' || !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative));
}

/** Top of the repository (or worktree, or submodule) that a folder lies in; null where it lies in none. */
export function findRepository(folder: string): string | null {
  for (const at of upwards(folder)) if (holds(at, '.git')) return at;
  return null;
}

/**
 * The nearest folder with a package.json at or above the working directory, as Jest itself looks for its config; not
 * above the repository, because what lies there differs between machines. The working directory where there is none.
 */
function findProject(workingDir: string): string {
  const top = findRepository(workingDir);
  for (const at of upwards(workingDir)) {
    if (holds(at, 'package.json')) return at;
    if (at === top) break;
  }
  return workingDir;
}

/**
 * @param rootDir Jest's root, absolute; null where a command needs none, and then the project folder stands for it.
 * @param workingDir absolute.
 */
export function findFolders(rootDir: string | null, workingDir: string = process.cwd()): Folders {
  const projectDir = findProject(workingDir);
  const root = rootDir ?? projectDir;
  // Without git the project folder is what checkouts have in common, where it is above the root.
  const repositoryDir = findRepository(root) ?? (isWithin(root, projectDir) ? projectDir : null);
  return { workingDir, projectDir, rootDir: root, repositoryDir };
}

/** A path as a person in the working directory would type it: relative, unless that is the longer way. */
export function shownPath(file: string, workingDir: string = process.cwd()): string {
  const relative = path.relative(workingDir, file) || '.';
  return relative.length < file.length ? relative : file;
}
