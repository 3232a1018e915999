/** Runs that are over, for what looks at the history. */
import { randomUUID } from 'node:crypto';
import { NOT_COMPARED } from '../../src/queue/plan-entries';
import { DEFAULT_QUEUE_LIMITS, type JsonObject, type Queue } from '../../src/queue/queue';
import { resultDetail } from '../../src/queue/result-detail';

export interface PastRun {
  readonly pipeline: string;
  readonly runId: string;
  readonly commit: string | null;
  readonly branch?: string | null;
  /** Path → its runs, one after the other; a failure but the last is sent on. */
  readonly files: Readonly<
    Record<
      string,
      {
        ms: number;
        tests?: Record<string, string>;
        fails?: boolean;
        /** Errors of tests that failed. */
        errors?: Record<string, string>;
        /** Errors of tries before the last one. */
        earlier?: Record<string, string[]>;
        /** Instead of what would be made of the others. */
        detail?: JsonObject;
      }[]
    >
  >;
  readonly node?: string;
}

/** A run that one node runs to its end, with the results it is told. */
export async function makePastRun(
  queue: Queue,
  { pipeline, runId, commit, branch = null, files, node = '1' }: PastRun,
): Promise<void> {
  const { session } = await queue.join({
    ...{ pipeline, runId, attempt: 1, node, home: null, host: null, token: randomUUID(), digest: 'd' },
    ...{ inputs: { ...NOT_COMPARED, settings: {} }, changes: null, job: null },
    commit,
    branch,
    entries: Object.keys(files).map((path) => ({
      file: { project: null, path },
      part: null,
      estimate: 9,
      home: null,
    })),
    limits: { ...DEFAULT_QUEUE_LIMITS, maxRetries: 1 },
    rerun: 'failed',
  });
  const turns = new Map<string, number>();
  for (;;) {
    const [item] = await queue.claim(session, { count: 1, startNow: 1, known: [] });
    if (item === undefined) break;
    const turn = turns.get(item.file.path) ?? 0;
    turns.set(item.file.path, turn + 1);
    const {
      ms,
      tests = {},
      fails = false,
      errors = {},
      earlier = {},
      detail: given,
    } = files[item.file.path]?.[turn] ?? { ms: 1 };
    const testResults = Object.entries(tests).map(([fullName, status]) => ({
      ...{
        fullName,
        status,
        duration: ms / 2,
        failureMessages: errors[fullName] === undefined ? [] : [errors[fullName]],
      },
    }));
    const tries = testResults.flatMap(({ fullName }, index) => {
      const told = earlier[fullName]?.map((message) => ({ messages: [message], durationMs: 1 }));
      return told === undefined ? [] : [[index, told] as const];
    });
    const failureMessage = fails ? 'it \0 broke \ud800' : null;
    const detail = given ?? resultDetail({ testResults, failureMessage }, undefined, new Map(tries));
    const outcome = fails ? 'failed' : 'passed';
    await queue.settle(session, [{ ...item, outcome, durationMs: ms, detail }]);
  }
  await queue.finish(session);
  await queue.leave(session);
}

export const pass = (ms: number, ...names: string[]) => ({
  ms,
  tests: Object.fromEntries(names.map((name) => [name, 'passed'])),
});
export const fail = (ms: number, bad: string, ...names: string[]) => ({
  ms,
  fails: true,
  tests: { ...pass(ms, ...names).tests, [bad]: 'failed' },
});
