/**
 * Marks: what a test file says of itself in the comments at its top, and what globs in the options say of it.
 *
 * @example
 * ```js
 * /**
 *  * @jest-distributed group database
 *  *\/
 * ```
 */
import { DistributedError } from '../errors';

/** One mark and where it stands. */
export interface Mark {
  readonly kind: 'split' | 'together' | 'group';
  /** Name of the group, else null. */
  readonly group: string | null;
  /** `src/a.test.js:3`, or the glob and its source, for messages. */
  readonly source: string;
}

/** What all marks of a file come to. */
export interface FileMark {
  /** `split`: also where hash-by would leave it whole. `together`: never split. */
  readonly placement: 'split' | 'together' | null;
  /** Name of the group whose files share a node; such a file is never split. */
  readonly group: string | null;
}

export const MARK = '@jest-distributed';

// White space, a byte order mark, a #! line, and comments: what stands before the first statement.
const LEADING = /^\uFEFF?(?:#![^\n]*)?(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/;
// At the start of a comment line, so that prose may speak of it; `@jest-distributed/…` is a package.
const LINE = /^[\s/*]*@jest-distributed(?![\w/.-])[ \t]*(.*?)[\s*/]*$/;

/**
 * Reads the marks in the comments at the top of a file.
 *
 * @param path as messages should name the file.
 * @throws DistributedError `MARK_UNKNOWN` with file and line.
 */
export function parseMarks(text: string, path: string): Mark[] {
  const [head] = LEADING.exec(text) as RegExpExecArray;
  if (!head.includes(MARK)) return [];
  return head.split('\n').flatMap((line, index) => {
    const match = LINE.exec(line);
    return match === null ? [] : [readMark(match[1] as string, `${path}:${index + 1}`)];
  });
}

function readMark(text: string, source: string): Mark {
  const [word, ...rest] = text.split(/\s+/).filter(Boolean);
  if ((word === 'split' || word === 'together') && rest.length === 0) return { kind: word, group: null, source };
  const [name] = rest;
  if (word === 'group' && name !== undefined && rest.length === 1) return { kind: 'group', group: name, source };
  throw new DistributedError({
    code: 'MARK_UNKNOWN',
    message: `${source} says "${`${MARK} ${text}`.trim()}", which is no mark.`,
    remedy: `There are: ${MARK} split, ${MARK} together, ${MARK} group <name>.`,
  });
}

/**
 * Combines all marks of one file.
 *
 * @returns undefined where there are none.
 * @throws DistributedError `MARKS_CONTRADICT`, where one says to split the file and another to keep it whole, or where it
 * is put into two groups.
 */
export function combineMarks(marks: readonly Mark[], path: string): FileMark | undefined {
  if (marks.length === 0) return undefined;
  const split = marks.find(({ kind }) => kind === 'split');
  const whole = marks.find(({ kind }) => kind !== 'split');
  if (split !== undefined && whole !== undefined) throw contradiction(path, split, whole);
  const grouped = marks.find(({ kind }) => kind === 'group');
  const other = marks.find(({ kind, group }) => kind === 'group' && group !== grouped?.group);
  if (grouped !== undefined && other !== undefined) throw contradiction(path, grouped, other);
  return { placement: split === undefined ? 'together' : 'split', group: grouped?.group ?? null };
}

const wordsOf = ({ kind, group }: Mark): string => (group === null ? kind : `${kind} ${group}`);

function contradiction(path: string, one: Mark, other: Mark): DistributedError {
  return new DistributedError({
    code: 'MARKS_CONTRADICT',
    message: `${path} is marked "${wordsOf(one)}" (${one.source}) and "${wordsOf(other)}" (${other.source}).`,
    remedy: 'Keep one of them: files of a group are never split, and a file is in one group at most.',
  });
}
