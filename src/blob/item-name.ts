import { fileName, parseKey, type TestFile } from '../plan/item';
import { shownText } from './shown-text';

/** The key of an item, as people read it. */
export function keyName(key: string): string {
  const { file, part } = parseKey(key);
  return itemName(file, part);
}

/** A file or part as people read it: `src/a.test.js`, `web: src/a.test.js › part 2`. */
export function itemName(file: TestFile, part: string | null): string {
  return part === null ? fileName(file) : `${fileName(file)} › ${shownText(part)}`;
}
