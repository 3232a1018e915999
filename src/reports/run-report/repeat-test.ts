/** The Jest command that repeats a file or one of its tests on a developer's machine. */
import type { TestFile } from '../../plan/item';

/**
 * Words of the command, unquoted.
 *
 * @param name full name of the test, or null for the whole file.
 */
export function repeatTest({ path }: TestFile, name: string | null): string[] {
  // Both are regular expressions to Jest. The path is matched against the end of an absolute one.
  const pattern = `${escapeRegExp(path)}$`;
  return ['npx', 'jest', pattern, ...(name === null ? [] : ['-t', `^${escapeRegExp(name)}$`])];
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
