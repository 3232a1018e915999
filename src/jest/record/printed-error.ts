/**
 * The error that Jest's own command line prints when it gives up after the tests. Where Jest was not started by us nobody
 * else knows why: the error of a reporter or of `globalTeardown` ends in its `catch`, which prints it and sets code 1.
 */
import { stripVTControlCharacters } from 'node:util';

const FRAME = /^\s+at .+/;
const NAMED = /^[A-Z]\w*(?: \[\w+\])?: /;

/**
 * The message of the last error in a text that has a stack.
 *
 * @returns its message, without the name of a plain `Error`; undefined where there is none.
 */
export function messageOfStack(text: string): string | undefined {
  const lines = stripVTControlCharacters(text).split(/\r?\n/);
  let end = lines.findLastIndex((line) => FRAME.test(line));
  while (end >= 0 && FRAME.test(lines[end] as string)) end -= 1;
  if (end < 0) return undefined;
  // A message may have lines of its own; it begins where the error's name stands.
  const named = lines.slice(0, end + 1).findLastIndex((line) => NAMED.test(line));
  const message = lines.slice(named < 0 ? end : named, end + 1).join('\n');
  return message.replace(/^Error: /, '').trim() || undefined;
}

/**
 * Hears what is printed by `console.error` from now on. To be called when the tests are over.
 *
 * Rejected: `process.stderr.write`, which Jest's default reporter takes for the time of the run and then puts back.
 *
 * @returns how to ask for the message of the error.
 */
export function watchPrintedError(): () => string | undefined {
  const { error: print } = console;
  let message: string | undefined;
  console.error = (...values: unknown[]) => {
    const [value] = values;
    if (typeof value === 'string') message = messageOfStack(value) ?? message;
    print(...values);
  };
  return () => message;
}
