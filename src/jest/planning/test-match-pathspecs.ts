/**
 * Jest's patterns for test files as git pathspecs that mean at least as much, for a search that starts before Jest has
 * matched anything.
 */
import path from 'node:path';
import type { JestProjectConfig } from '../host/jest-types';

// Jest's own defaults, for projects whose patterns are regular expressions, or unknown.
const usual = ['**/__tests__/**/*.?([mc])[jt]s?(x)', '**/?(*.)+(spec|test).?([mc])[jt]s?(x)'];
// Git tries every pathspec on every file.
const most = 16;

/**
 * @param root absolute, where git is to search.
 * @returns at least one pathspec; they may mean more files or fewer than Jest will find.
 */
export function pathspecsOf(projects: readonly Pick<JestProjectConfig, 'testMatch'>[], root: string): string[] {
  const given = projects.flatMap(({ testMatch }) => testMatch ?? []).filter((glob) => !glob.startsWith('!'));
  const expanded = [...new Set(given.flatMap((glob) => expand(inRoot(glob, root))))];
  const isUsable =
    expanded.length > 0 && expanded.length <= most && expanded.every((glob) => !/[!(){}]|^\//.test(glob));
  const globs = isUsable ? expanded : [...new Set(usual.flatMap(expand))];
  return globs.map((glob) => `:(glob)${glob}`);
}

function inRoot(glob: string, root: string): string {
  const folder = `${path.sep === '/' ? root : root.split(path.sep).join('/')}/`;
  return glob.startsWith(folder) ? glob.slice(folder.length) : glob;
}

/** Without groups: an optional one may be anything, and of a choice each is a glob of its own. */
function expand(glob: string): string[] {
  const loose = glob.replace(/[?*]\(([^()]*)\)/g, '*');
  const choice = /[+@]?\(([^()]*)\)|\{([^{}]*)\}/.exec(loose);
  if (choice === null) return [loose];
  const [whole, byBar, byComma] = choice;
  const options = byBar?.split('|') ?? (byComma as string).split(',');
  const after = loose.slice(choice.index + whole.length);
  return options.flatMap((option) => expand(loose.slice(0, choice.index) + option + after));
}
