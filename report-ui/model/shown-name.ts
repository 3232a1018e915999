/** Names as a page can show them: a name may hold what turns the direction of writing, and may have a million characters. */
import { replaceControls } from '../../src/shell/quote';

const LONGEST = 400;

/** A name with what cannot be seen made visible, and with its end where it is very long. */
export function shownName(name: string): string {
  const text = name.length > LONGEST ? `…${name.slice(1 - LONGEST)}` : name;
  return replaceControls(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
