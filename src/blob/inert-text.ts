/**
 * Texts of a blob as nobody but a reader can use them.
 *
 * A blob may come from a fork, and Jest's reporters print its texts as they are, on a machine with other rights than the
 * node had: a terminal obeys control sequences, a CI obeys lines that look like its commands, and Jest reads the file
 * that the first frame of a stack names, to print its lines.
 */
import type { Json } from './blob';
import { withoutCommands } from './ci-commands';

/** Whether the lines of this file (absolute path) may be shown. */
export type MayShow = (file: string) => boolean;

/** What stands before a path of a stack that this machine must not look up: it is the node's, or nobody's. */
const ELSEWHERE = '<elsewhere>';

// Jest's colours stay. Line feed and tab too, and the carriage return of a Windows line end.
const CONTROLS = new RegExp(
  [
    String.raw`(\x1b\[[\d;:]*m)`,
    String.raw`[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]`,
    String.raw`\r(?!\n)`,
    // Overrides and isolates of the direction of writing, which make a text read as another.
    '[\u202a-\u202e\u2066-\u2069]',
  ].join('|'),
  'g',
);

const showCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const withoutControls = (text: string): string =>
  text.replace(CONTROLS, (found, color: string | undefined) => color ?? showCharacter(found));

// As `stack-utils` and Jest take a line for a frame: it ends in line and column.
const FRAME = /:\d+:\d+\)?\s*$/;
// Where the path of a frame may begin, and everything up to its line and column. Windows' paths count everywhere.
const FRAME_PATH = /(?<=^\s*|[\s(,])(?:file:\/\/|\/|\\\\|[A-Za-z]:[\\/])/g;

/** Whether the Jest of every system takes a frame for one of an installed package: it looks for its own separator. */
const isInstalled = (line: string): boolean =>
  line.includes('\\') ? !line.includes('/') && line.includes('\\node_modules\\') : line.includes('/node_modules/');

/** A frame whose file may not be shown, with a path that leads nowhere. */
function withoutForeignPath(line: string, mayShow: MayShow): string {
  // Jest passes over frames of installed packages when it looks for a file to print, and a plain run shows them as they are.
  if (!FRAME.test(line) || isInstalled(line)) return line;
  const end = line.search(/:\d+:\d+\)?\s*$/);
  return line.replace(FRAME_PATH, (start, at: number) => {
    // Inside of an allowed path nothing else begins, but each candidate is asked for by itself: who parses it may differ.
    const candidate = line.slice(at, Math.max(at, end));
    return mayShow(candidate) ? start : ELSEWHERE + start;
  });
}

function withoutForeignFrames(text: string, mayShow: MayShow): string {
  if (!/:\d+:\d+\)?\s*(?:\n|$)/.test(text)) return text;
  return text
    .split('\n')
    .map((line) => withoutForeignPath(line, mayShow))
    .join('\n');
}

/** One text, made inert. */
export function inertText(text: string, mayShow: MayShow): string {
  return withoutCommands(withoutForeignFrames(withoutControls(text), mayShow));
}

/**
 * Fields of a result that say which test or snapshot it is: reports of a merged run must name them as a plain run does,
 * and what is compared by its name must keep it.
 */
const NAMES: ReadonlySet<string> = new Set(['fullName', 'title', 'ancestorTitles', 'uncheckedKeys', 'seen']);

/**
 * A name as Jest itself prints it, whatever control characters it has, but never a line that a CI takes for a command:
 * the merge may have rights that the node, of a fork, had not.
 */
const inertName = withoutCommands;

/** The same data with every text made inert; of names of tests only commands of a CI are changed. */
export function inertTexts<T>(value: T, mayShow: MayShow): T {
  const copy = (one: Json, isName: boolean): Json => {
    if (typeof one === 'string') return isName ? inertName(one) : inertText(one, mayShow);
    if (typeof one !== 'object' || one === null) return one;
    if (Array.isArray(one)) return one.map((entry) => copy(entry, isName));
    return Object.fromEntries(Object.entries(one).map(([name, entry]) => [name, copy(entry, NAMES.has(name))]));
  };
  return copy(value as Json, false) as T;
}
