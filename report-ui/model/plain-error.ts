/**
 * What Jest prints of a failure without colours, as in most CIs → pieces in the colours that it would have had.
 */
import { escapeCode } from '../../src/reports/run-report/escape-codes';
import { parseAnsi, type StyledText } from './ansi';

const EXPECTED = 'fg-green';
const RECEIVED = 'fg-red';
const QUIET = 'sgr-dim';
const POINTED = 'fg-red sgr-bold';

/** `- Expected  - 2`, `- Snapshot  - 1`: the first line of a difference; the second begins with a plus. */
const DIFF_START = /^- (?:Expected|Snapshot)\b/;
const DIFF_SECOND = /^\+ Received\b/;

/** `Expected: 3`, `Expected substring: "a"`, `Received number of calls: 2`. */
const COMPARED = /^((?:Expected|Received)\b[^:\n]*: )(.*)$/;
const MATCHER = /^(.*\bexpect\()(received)?(\).*?\()(expected)?(\).*)$/;

/** `> 12 |   code`, `  13 |`, `     |   ^`. */
const FRAME_LINE = /^(\s*)(>)?(\s*)(\d+)( \|)(.*)$/;
const FRAME_POINTER = /^(\s*\| *)(\^+.*)$/;
const STACK_LINE = /^(\s*at (?:.*\()?)([^()\s]+?)(:\d+:\d+\)?)$/;

type Paint = (line: string) => StyledText[];

const plain = (text: string): StyledText => ({ text, look: '' });

const pieces = (...all: readonly (readonly [text: string | undefined, look: string])[]): StyledText[] =>
  all.flatMap(([text, look]) => (text ? [{ text, look }] : []));

/** Whoever compares many values writes on many lines: what is below belongs to it until a blank line. */
const comparedLook = (head: string): string => (head.startsWith('Expected') ? EXPECTED : RECEIVED);

function paintOther(line: string): StyledText[] {
  const compared = COMPARED.exec(line);
  if (compared !== null) return pieces([compared[1], ''], [compared[2], comparedLook(compared[1] ?? '')]);
  const stack = STACK_LINE.exec(line);
  if (stack !== null) {
    const isForeign = /(?:^|[\\/])node_modules[\\/]|^node:/.test(stack[2] ?? '');
    return pieces([stack[1], QUIET], [stack[2], isForeign ? QUIET : 'fg-cyan'], [stack[3], QUIET]);
  }
  const frame = FRAME_LINE.exec(line);
  if (frame !== null) {
    const [, before, arrow, between, number, bar, code] = frame;
    const look = arrow === undefined ? '' : 'sgr-bold';
    return pieces([before, ''], [arrow, POINTED], [between, ''], [`${number}${bar}`, QUIET], [code, look]);
  }
  const pointer = FRAME_POINTER.exec(line);
  if (pointer !== null) return pieces([pointer[1], QUIET], [pointer[2], POINTED]);
  const matcher = MATCHER.exec(line);
  if (matcher !== null) {
    const [, before, received, between, expected, after] = matcher;
    return pieces([before, QUIET], [received, RECEIVED], [between, ''], [expected, EXPECTED], [after, QUIET]);
  }
  return [plain(line)];
}

const paintDiff: Paint = (line) => {
  if (line.startsWith('-')) return [{ text: line, look: EXPECTED }];
  if (line.startsWith('+')) return [{ text: line, look: RECEIVED }];
  return [{ text: line, look: line.startsWith('@@') ? 'fg-yellow' : QUIET }];
};

/** A difference ends where code or a stack begins. */
const endsDiff = (line: string): boolean => STACK_LINE.test(line) || /^(?:>| ) +\d+ \|/.test(line);

/** Colours that the text has; where it has none, those that Jest gives to what is expected and received. */
export function parseError(text: string): readonly StyledText[] {
  if (new RegExp(escapeCode.source).test(text)) return parseAnsi(text);
  const lines = text.split('\n');
  const styled: StyledText[] = [];
  let isDiff = false;
  for (const [index, line] of lines.entries()) {
    if (DIFF_START.test(line) && DIFF_SECOND.test(lines[index + 1] ?? '')) isDiff = true;
    else if (isDiff && endsDiff(line)) isDiff = false;
    if (line !== '') styled.push(...(isDiff ? paintDiff(line) : paintOther(line)));
    if (index < lines.length - 1) styled.push(plain('\n'));
  }
  return joinLike(styled);
}

function joinLike(all: readonly StyledText[]): StyledText[] {
  const joined: StyledText[] = [];
  for (const piece of all) {
    const last = joined.at(-1);
    if (last !== undefined && last.look === piece.look)
      joined[joined.length - 1] = { ...last, text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined;
}
