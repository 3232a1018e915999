/**
 * jest-circus's tree of blocks and tests.
 */
import type { DeclaredTest } from '../../../select/declared-test';
import type { CircusBlock, CircusTest } from './circus-types';

/** All tests, in the order in which circus makes results of them. */
export function testsOf(block: CircusBlock): CircusTest[] {
  const found: CircusTest[] = [];
  const walk = ({ children }: CircusBlock): void => {
    for (const child of children) {
      if (child.type === 'test') found.push(child);
      else walk(child);
    }
  };
  walk(block);
  return found;
}

/** Titles from the outside in; the root block is not one. */
export function declaredTest(test: CircusTest): DeclaredTest {
  const titles = [test.name];
  for (let block: CircusBlock | undefined = test.parent; block?.parent !== undefined; block = block.parent) {
    titles.push(block.name);
  }
  return { titles: titles.reverse() };
}
