/**
 * Says on a Test which part of its file it stands for, where a worker can read it.
 *
 * Jest hands a worker a path and a project config, nothing else. The config is a part of the transform cache's key, but
 * only what JSON would hold of it; a key without a value is not in JSON, yet Jest's message to a worker (a structured
 * clone) carries it. So the name of the part is the name of such a key, and the user's cache stays warm.
 */
import type { JestProjectConfig, JestTest } from '../shapes';

const PREFIX = 'jest-distributed part ';

/** A Test of its own for one part of a file. */
export function markPart<Test extends JestTest>(test: Test, part: string): Test {
  const config = { ...test.context.config, [`${PREFIX}${part}`]: undefined };
  return { ...test, context: { ...test.context, config } };
}

/** The part that a Test with this config stands for, or null: the whole file. */
export function readPart(config: Pick<JestProjectConfig, 'id'>): string | null {
  const key = Object.keys(config).find((name) => name.startsWith(PREFIX));
  return key === undefined ? null : key.slice(PREFIX.length);
}
