/**
 * Pragmas: what a test file says of itself in the comments at its top, and what globs in the options say of it.
 *
 * @example
 * ```js
 * /**
 *  * @jest-distributed group database
 *  *\/
 * ```
 */
import { DistributedError } from '../errors';
import { findNearest } from '../options/did-you-mean';

/** One pragma and where it stands. */
export interface Pragma {
  readonly kind: 'split' | 'whole' | 'group';
  /** Name of the group, else null. */
  readonly group: string | null;
  /** `src/a.test.js:3`, or the glob and its source, for messages. */
  readonly source: string;
}

/** What all pragmas of a file come to. */
export interface FilePragma {
  /** `split`: also where hash-by would leave it whole. `whole`: never split. */
  readonly placement: 'split' | 'whole' | null;
  /** Name of the group whose files share a node; such a file is never split. */
  readonly group: string | null;
}

export const PRAGMA = '@jest-distributed';
const WORDS: readonly string[] = ['split', 'whole', 'group'];

// White space, a byte order mark, a #! line, and comments: what stands before the first statement.
const LEADING = /^\uFEFF?(?:#![^\n]*)?(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/;
// At the start of a comment line, so that prose may speak of it; `@jest-distributed/…` is a package.
const LINE = /^[\s/*]*@jest-distributed(?![\w/.-])[ \t]*(.*?)[\s*/]*$/;

/**
 * Reads the pragmas in the comments at the top of a file.
 *
 * @param path as messages should name the file.
 * @throws DistributedError `PRAGMA_UNKNOWN` with file and line.
 */
export function parsePragmas(text: string, path: string): Pragma[] {
  const [head] = LEADING.exec(text) as RegExpExecArray;
  if (!head.includes(PRAGMA)) return [];
  return head.split('\n').flatMap((line, index) => {
    const match = LINE.exec(line);
    return match === null ? [] : [readPragma(match[1] as string, `${path}:${index + 1}`)];
  });
}

function readPragma(text: string, source: string): Pragma {
  const [word, ...rest] = text.split(/\s+/).filter(Boolean);
  if ((word === 'split' || word === 'whole') && rest.length === 0) return { kind: word, group: null, source };
  const [name] = rest;
  if (word === 'group' && name !== undefined && rest.length === 1) return { kind: 'group', group: name, source };
  const nearest = word === undefined || WORDS.includes(word) ? null : findNearest(word, WORDS);
  throw new DistributedError({
    code: 'PRAGMA_UNKNOWN',
    message: `"${`${PRAGMA} ${text}`.trim()}" (${source}) ${faultOf(word, rest)}.`,
    remedy: `${nearest === null ? '' : `Did you mean "${nearest}"? `}Use one of: ${PRAGMA} split, ${PRAGMA} whole, ${PRAGMA} group <name>.`,
  });
}

/** What is wrong with the words of a pragma; ends a sentence. */
function faultOf(word: string | undefined, rest: readonly string[]): string {
  if (word === undefined) return 'says nothing';
  if (word === 'group')
    return rest.length === 0 ? 'needs the name of the group' : 'names a group with more than one word';
  if (word === 'split' || word === 'whole') return `has more than the word "${word}"`;
  return 'is not a known pragma';
}

/**
 * Combines all pragmas of one file.
 *
 * @returns undefined where there are none.
 * @throws DistributedError `PRAGMAS_CONTRADICT`, where one says to split the file and another to keep it whole, or where it
 * is put into two groups.
 */
export function combinePragmas(pragmas: readonly Pragma[], path: string): FilePragma | undefined {
  if (pragmas.length === 0) return undefined;
  const split = pragmas.find(({ kind }) => kind === 'split');
  const whole = pragmas.find(({ kind }) => kind !== 'split');
  if (split !== undefined && whole !== undefined) throw contradiction(path, split, whole);
  const grouped = pragmas.find(({ kind }) => kind === 'group');
  const other = pragmas.find(({ kind, group }) => kind === 'group' && group !== grouped?.group);
  if (grouped !== undefined && other !== undefined) throw contradiction(path, grouped, other);
  return { placement: split === undefined ? 'whole' : 'split', group: grouped?.group ?? null };
}

const wordsOf = ({ kind, group }: Pragma): string => (group === null ? kind : `${kind} ${group}`);

function contradiction(path: string, one: Pragma, other: Pragma): DistributedError {
  return new DistributedError({
    code: 'PRAGMAS_CONTRADICT',
    message: `${path} has pragmas that contradict each other: "${wordsOf(one)}" (${one.source}) and "${wordsOf(other)}" (${other.source}).`,
    remedy: 'Keep one of them: files of a group are never split, and a file can be in one group only.',
  });
}
