/** The list that Jest's runner walks while the queue fills it. */
import { describe, expect, test } from '@jest/globals';
import type { JestTest } from '../../../src/jest/host/jest-types';
import { createLazyList } from '../../../src/jest/queue/lazy-list';

const of = (id: string, path: string) => ({ path, context: { config: { id } } }) as unknown as JestTest;
const found = [of('web', 'a'), of('web', 'b'), of('api', 'c')];

/** A queue of the files found, from which each loop takes one at a time. */
function fill(workers: number) {
  const left = [...found];
  let loops = 0;
  const list = createLazyList({
    found,
    workers,
    loop: async (run) => {
      loops += 1;
      for (let next = left.shift(); next !== undefined; next = left.shift()) await run(next);
    },
  });
  return { ...list, loops: () => loops };
}

describe('a list that comes into being', () => {
  test('as workers walk it: a loop for each, and every file once', async () => {
    const ran: string[] = [];
    const { tests, wasWalked, loops } = fill(2);
    expect(wasWalked()).toBe(false);
    await Promise.all(tests.map(async ({ path }) => ran.push(path)));
    expect([loops(), ran.sort(), wasWalked()]).toEqual([2, ['a', 'b', 'c'], true]);
  });

  test('as one process walks it: one after the other', async () => {
    const ran: string[] = [];
    const { tests, wasWalked, loops } = fill(1);
    const run = async (before: Promise<unknown>, { path }: JestTest) => {
      await before;
      ran.push(path);
    };
    await tests.reduce<Promise<unknown>>(run, Promise.resolve());
    expect([loops(), ran, wasWalked()]).toEqual([1, ['a', 'b', 'c'], true]);
  });

  test('shows a file of each project, and how many there may be, without being walked', () => {
    const { tests, wasWalked } = fill(2);
    expect([...tests].map(({ context }) => context.config.id)).toEqual(['web', 'api']);
    expect([tests.length, wasWalked()]).toEqual([3, false]);
  });
});
