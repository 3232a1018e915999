/**
 * Words of a command as a person types them into a shell.
 */

/** Which shell reads it: one of POSIX, or cmd.exe of Windows. */
export type Shell = 'posix' | 'cmd';

/** @param platform `process.platform`. A shell of POSIX on Windows (Git Bash, MSYS2) says so in its variables. */
export function shellOf(platform: string, environment: Readonly<Record<string, string | undefined>>): Shell {
  const isPosix = platform !== 'win32' || Boolean(environment.MSYSTEM) || /sh(\.exe)?$/.test(environment.SHELL ?? '');
  return isPosix ? 'posix' : 'cmd';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must not be printed
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Whether a text can neither be typed nor shown: it would break the line, or change how a terminal shows it. */
export const hasControls = (text: string): boolean => text.search(CONTROL) !== -1;

/** A text with each character that cannot be shown replaced. */
export const replaceControls = (text: string, replacement: (character: string) => string): string =>
  text.replace(CONTROL, replacement);

/** A word as it can be shown; an inline config over several lines means the same in one. */
export const inOneLine = (word: string): string => replaceControls(word, () => ' ');

/** zsh replaces a `=` at the start of a word. */
const PLAIN = /^(?!=)[\w@%+=:,./-]+$/;

const PLAIN_FOR_CMD = /^(?!=)[\w@+=:,./\\-]+$/;

function quoteForPosix(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * For cmd.exe and the programs that it starts: npx is a batch file, so cmd.exe reads the line a second time, and then the
 * C runtime takes it apart. Between quotation marks cmd.exe leaves all but `%` alone, and `""` there is one mark for the
 * runtime and none of its own end for cmd.exe. A `%` stands outside of them: then the name of no variable follows.
 *
 * No word can hold a line feed there; it becomes a blank.
 */
function quoteForCmd(word: string): string {
  if (PLAIN_FOR_CMD.test(word)) return word;
  if (word === '') return '""';
  return word
    .replace(/[\r\n]+/g, ' ')
    .split('%')
    .map((piece, index, { length }) => {
      // Between two signs there is never nothing, or `^` would be the name of a variable.
      if (piece === '' && (index === 0 || index === length - 1)) return '';
      return `"${piece.replace(/(\\*)"/g, '$1$1""').replace(/\\+$/, '$&$&')}"`;
    })
    .join('^%');
}

/** One word; the shell gives the program exactly this text. */
export function quoteWord(word: string, shell: Shell): string {
  return shell === 'cmd' ? quoteForCmd(word) : quoteForPosix(word);
}

/** A whole command in one line. */
export const commandText = (words: readonly string[], shell: Shell): string =>
  words.map((word) => quoteWord(word, shell)).join(' ');
