/**
 * Paths that mean the same on every machine: what lies below the root is written below a placeholder, with `/`.
 *
 * Done on text and not only on path fields, because paths stand in stacks, in failure messages and in what tests print.
 */
import path from 'node:path';
import { ROOT_PLACEHOLDER } from './shown-text';

export type TextMapping = (text: string) => string;

/** What may stand inside a path that a stack or a message mentions; a space ends it. */
const SEGMENT = String.raw`[^\s\\/:*?"'\x60<>|()]+`;
// A path begins at the start, after a colour code, after file:// or after anything that no path goes on from.
const BEFORE = String.raw`(?<=file:\/\/\/?|\x1b\[[\d;]*m|(?<![\w.~/\\-]))`;
const AFTER = String.raw`(?![\w.~-])`;

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** The root itself and the folders above it up to (and with) the repository's, longest first. */
function anchors(rootDir: string, repositoryDir: string | null, flavour: path.PlatformPath): [string, string][] {
  const result: [string, string][] = [[rootDir, ROOT_PLACEHOLDER]];
  let directory = rootDir;
  let name = ROOT_PLACEHOLDER;
  while (repositoryDir !== null && directory !== repositoryDir) {
    const parent = flavour.dirname(directory);
    if (parent === directory) return result.slice(0, 1);
    directory = parent;
    name += '/..';
    result.push([directory, name]);
  }
  return result;
}

/**
 * Text of this machine → portable text.
 *
 * @param rootDir absolute path of Jest's root folder.
 * @param repositoryDir the repository's folder where it lies above the root, or null.
 */
export function toPortable(
  rootDir: string,
  repositoryDir: string | null = null,
  flavour: path.PlatformPath = path,
): TextMapping {
  const known = anchors(rootDir, repositoryDir, flavour).filter(
    ([directory]) => flavour.dirname(directory) !== directory,
  );
  if (flavour.sep === '/') {
    const steps = known.map(
      ([directory, name]) => [directory, name, new RegExp(BEFORE + escapeRegExp(directory) + AFTER, 'g')] as const,
    );
    return (text) => {
      let result = text;
      for (const [directory, name, pattern] of steps) {
        if (result.includes(directory)) result = result.replace(pattern, () => name);
      }
      return result;
    };
  }
  const steps = known.map(([directory, name]) => {
    const either = directory.split(flavour.sep).map(escapeRegExp).join(String.raw`[\\/]`);
    return [name, new RegExp(`(file:///)?${BEFORE}${either}${AFTER}((?:[\\\\/]${SEGMENT})*)`, 'gi')] as const;
  });
  return (text) => {
    if (!text.includes(':')) return text;
    let result = text;
    for (const [name, pattern] of steps) {
      // The third slash of a file URL belongs to the drive.
      result = result.replace(
        pattern,
        (_all, url: string | undefined, rest: string) => (url ? 'file://' : '') + name + rest.replaceAll('\\', '/'),
      );
    }
    return result;
  };
}

const PLACED = new RegExp(`(file://)?${ROOT_PLACEHOLDER}((?:/\\.\\.(?![^/\\s"'():]))*)((?:/${SEGMENT})*)`, 'g');

/** How many folders below the repository's the root lies; 0 where there is no repository above it. */
function depthOf(rootDir: string, repositoryDir: string | null, flavour: path.PlatformPath): number {
  if (repositoryDir === null) return 0;
  const relative = flavour.relative(repositoryDir, rootDir);
  const segments = relative.split(flavour.sep).filter(Boolean);
  return segments[0] === '..' || flavour.isAbsolute(relative) ? 0 : segments.length;
}

/** Whether a POSIX path leads further up than so many folders, at any point of it. */
function leadsAbove(relative: string, depth: number): boolean {
  let left = depth;
  for (const segment of relative.split('/')) {
    if (segment === '..') left -= 1;
    else if (segment !== '' && segment !== '.') left += 1;
    if (left < 0) return true;
  }
  return false;
}

/**
 * One line of a blob (JSON text, not yet parsed) → the same with paths of this machine.
 *
 * On the text of the line and not on the parsed values: an order of magnitude cheaper, and lines are many. A path that
 * leads out of the repository keeps its placeholder: it is no file of this run.
 *
 * @param rootDir absolute path of Jest's root folder.
 * @param repositoryDir the repository's folder where it lies above the root, or null.
 */
export function toLocal(
  rootDir: string,
  repositoryDir: string | null = null,
  flavour: path.PlatformPath = path,
): TextMapping {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const root = inJson(rootDir);
  const depth = depthOf(rootDir, repositoryDir, flavour);
  return (line) => {
    if (!line.includes(ROOT_PLACEHOLDER)) return line;
    if (flavour.sep === '/' && !line.includes('/..')) return line.replaceAll(ROOT_PLACEHOLDER, () => root);
    return line.replace(PLACED, (all, url: string | undefined, up: string, rest: string) => {
      if (leadsAbove(up + rest, depth)) return all;
      const base = up === '' ? rootDir : flavour.resolve(rootDir, `.${up}`);
      if (flavour.sep === '/') return inJson((url ?? '') + base + rest);
      return inJson(
        url ? `file:///${base.replaceAll(flavour.sep, '/')}${rest}` : base + rest.replaceAll('/', flavour.sep),
      );
    });
  };
}
