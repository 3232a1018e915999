import { describe, expect, test } from '@jest/globals';
import type { JestRunnerClass, JestTest } from '../../src/jest/host/jest-types';
import type { JoinRun } from '../../src/jest/queue/joined-run';
import { makeQueueRunner } from '../../src/jest/queue/runner';
import { createMemoryQueue } from '../../src/queue/memory-queue';
import { entriesOf, joinRequest } from '../contracts/queue';

const tests = ['a', 'b'].map((path) => ({
  path,
  context: { config: { id: 'p', rootDir: '/' } },
})) as unknown as JestTest[];
const watcher = { isInterrupted: () => false };

/** A runner that is not jest-runner: it counts with `forEach`, as some published ones do. */
function otherRunner() {
  const seen: string[] = [];
  class OtherRunner {
    async runTests(list: readonly JestTest[]): Promise<void> {
      if (Array.isArray(list)) for (const { path } of list) seen.push(path);
    }
    on() {
      return () => undefined;
    }
  }
  return { Base: OtherRunner as unknown as JestRunnerClass, seen };
}

function memorySeat() {
  const queue = createMemoryQueue({ now: () => 0 });
  let closed = 0;
  const open: JoinRun = async () => {
    const { session } = await queue.join(joinRequest({ runId: 'b', entries: entriesOf(['a', 'b']) }));
    const testOf = (key: string) => tests.find(({ path }) => path === key);
    return {
      queue,
      session,
      testOf,
      close: async () => {
        closed += 1;
      },
    };
  };
  return { open, queue, closed: () => closed };
}

describe('the runner over a base', () => {
  test('that walks its list in a way we do not know is an error, and the seat is given back', async () => {
    const { Base } = otherRunner();
    const { open, queue, closed } = memorySeat();
    const Runner = makeQueueRunner(Base, open);
    const run = new Runner({ rootDir: '/', maxWorkers: 1 }, {}).runTests(tests, watcher, { serial: true });
    await expect(run).rejects.toMatchObject({
      code: 'QUEUE_RUNNER_UNSUPPORTED',
      message: expect.stringContaining('The runner OtherRunner does not run tests as jest-runner does'),
    });
    expect(closed()).toBe(1);
    expect(await queue.accepted({ pipeline: 'contract', runId: 'b' })).toEqual([]);
  });

  test.each([{ watch: true }, { watchAll: true }])('with %j runs the plain list and opens no seat', async (mode) => {
    const { Base, seen } = otherRunner();
    const Runner = makeQueueRunner(Base, () => Promise.reject(new Error('not to be called')));
    await new Runner({ rootDir: '/', ...mode }, {}).runTests(tests, watcher, { serial: true });
    expect(seen).toEqual(['a', 'b']);
  });
});
