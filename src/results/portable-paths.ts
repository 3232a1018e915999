/**
 * Paths that mean the same on every machine: what lies below the root is written below a placeholder, with `/`.
 *
 * Done on text and not only on path fields, because paths stand in stacks, in failure messages and in what tests print.
 */
import path from 'node:path';

/** Not what Jest itself prints (`<rootDir>`), so that a test that speaks of that is not rewritten. */
export const ROOT_PLACEHOLDER = '<jd:rootDir>';

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

/**
 * One line of a blob (JSON text, not yet parsed) → the same with paths of this machine.
 *
 * On the text of the line and not on the parsed values: an order of magnitude cheaper, and lines are many.
 */
export function toLocal(rootDir: string, flavour: path.PlatformPath = path): TextMapping {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const root = inJson(rootDir);
  return (line) => {
    if (!line.includes(ROOT_PLACEHOLDER)) return line;
    if (flavour.sep === '/' && !line.includes(`${ROOT_PLACEHOLDER}/..`))
      return line.replaceAll(ROOT_PLACEHOLDER, () => root);
    return line.replace(PLACED, (_all, url: string | undefined, up: string, rest: string) => {
      const base = up === '' ? rootDir : flavour.resolve(rootDir, `.${up}`);
      if (flavour.sep === '/') return inJson((url ?? '') + base + rest);
      return inJson(
        url ? `file:///${base.replaceAll(flavour.sep, '/')}${rest}` : base + rest.replaceAll('/', flavour.sep),
      );
    });
  };
}
