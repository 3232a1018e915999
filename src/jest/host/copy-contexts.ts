/** Copies of contexts: a change to Jest's own config would start a cold transform cache. */
import type { JestTest, JestTestContext } from './jest-types';

/**
 * Gives Tests contexts with another config. ONE copy of each context, whoever asks how often: a second one would count as
 * another project in Jest's summary.
 */
export function copyContexts(
  change: (context: JestTestContext) => JestTestContext,
): <Test extends Pick<JestTest, 'context'>>(test: Test) => Test {
  const copies = new WeakMap<JestTestContext, JestTestContext>();
  return (test) => {
    const { context } = test;
    const copy = copies.get(context) ?? change(context);
    copies.set(context, copy);
    return { ...test, context: copy };
  };
}
