/** What nodes of a campaign take, deliver and end with, over the queue in memory; what Jest does is given. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { GrindArguments } from '../../../src/cli/flaky/grind-arguments';
import { type GrindQueueInit, grindQueue } from '../../../src/cli/flaky/grind-queue';
import type { GroundFiles } from '../../../src/cli/flaky/grinder';
import type { JoinedCampaign } from '../../../src/cli/flaky/join-campaign';
import { PLAIN_PROBE } from '../../../src/flaky/probe';
import { createTally } from '../../../src/flaky/tally';
import { createMemoryQueue } from '../../../src/queue/memory-queue';
import { NOT_COMPARED } from '../../../src/queue/plan-entries';
import { DEFAULT_QUEUE_LIMITS, type Queue } from '../../../src/queue/queue';

const FILES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const RUN = { pipeline: 'web: grind', runId: '1' };

let queue: Queue;
let printed: string;

beforeEach(() => {
  queue = createMemoryQueue({ now: () => performance.now(), toEpochMs: (ms) => performance.timeOrigin + ms });
  printed = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text).replace(/\s+/g, ' ');
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function join(node: string, nodes: number): Promise<JoinedCampaign> {
  const { session } = await queue.join({
    ...{ ...RUN, attempt: 1, job: null, node, home: null, host: null, token: randomUUID(), digest: 'd', changes: null },
    ...{ inputs: { ...NOT_COMPARED, settings: {} }, commit: null, rerun: 'failed', limits: DEFAULT_QUEUE_LIMITS },
    entries: FILES.map((path) => ({ file: { project: null, path }, part: null, estimate: 1, home: null })),
  });
  return {
    ...{ queue, session, nodes, files: FILES.length, pathOf: (key) => key, around: () => ['near'] },
    ...{ toPortable: (text) => text, close: async () => undefined },
  };
}

const own: GrindArguments = {
  ...{ jestArgs: [], seed: 1, times: 2, workers: 4, conditions: ['alone'], failOn: ['GENUINE', 'BROKEN'] },
  ...{ limitMs: null, isTimed: false, isInOrder: false, was: null },
};

/** Of these files each ran twice; those of `bad` failed once. */
function ground(files: readonly string[], bad: readonly string[] = [], faults: readonly string[] = []): GroundFiles {
  const tally = createTally();
  for (const file of files) {
    for (const error of [null, bad.includes(file) ? 'Error: bad' : null]) {
      const outcome = error === null ? 'passed' : 'failed';
      const spec = { ...PLAIN_PROBE, condition: 'alone' as const, files: [file] };
      const sight = { project: null, file, name: 'works', outcome, durationMs: 1, error } as const;
      tally.add({ spec, sights: [sight], spans: [], fault: null });
    }
  }
  const outcome = { flaky: [], clean: files.length, probes: 2 * files.length, faults };
  return { outcome, tests: tally.tests(), ran: new Set(files), durationMs: 800 };
}

interface Ground {
  readonly taken: (readonly string[])[];
  readonly code: number;
}

async function grindOn(joined: JoinedCampaign, more: Partial<GrindQueueInit> = {}): Promise<Ground> {
  const taken: (readonly string[])[] = [];
  const { grind = async (files: readonly string[]) => ground(files), ...rest } = more;
  const code = await grindQueue({
    ...{ joined, own, endMs: null, isStopped: () => false, cutOff: () => undefined, ...rest },
    grind: (files, company, isOver) => {
      taken.push([...files, ...company.map((file) => `(${file})`)]);
      return grind(files, company, isOver);
    },
  });
  return { taken, code };
}

const outcomes = async () => (await queue.accepted(RUN))?.map(({ key, outcome }) => `${key} ${outcome}`);

describe('a campaign over the queue', () => {
  test('one node takes all files at once', async () => {
    const { taken, code } = await grindOn(await join('ann', 1));
    expect([taken, code]).toEqual([[FILES], 0]);
    expect((await outcomes())?.every((one) => one.endsWith(' passed'))).toBe(true);
    expect(printed).toContain('run 1 of web: grind is finished: 8 files, none failed');
  });

  test('of two nodes each takes fewer and fewer', async () => {
    const { taken } = await grindOn(await join('ann', 2));
    expect(taken.map((files) => files.length)).toEqual([2, 2, 1, 1, 1, 1]);
  });

  test('every node is as red as the run, and names what failed elsewhere', async () => {
    const bad = async (files: readonly string[]) => ground(files, ['c']);
    expect((await grindOn(await join('ann', 1), { grind: bad })).code).toBe(1);
    expect(printed).not.toContain('failed on node');
    const late = await grindOn(await join('bob', 1));
    expect(late).toEqual({ taken: [], code: 1 });
    expect(printed).toContain('c failed on node ann');
    expect(printed).toContain('was finished without this node: 1 of 8 files failed');
  });

  test('what fails by no verdict of --fail-on passes', async () => {
    const bad = async (files: readonly string[]) => ground(files, ['c']);
    const { code } = await grindOn(await join('ann', 1), { grind: bad, own: { ...own, failOn: ['BROKEN'] } });
    expect(code).toBe(0);
  });

  test('files of a Jest that gave no results fail, though they passed too', async () => {
    const { code } = await grindOn(await join('ann', 1), { grind: async (files) => ground(files, [], ['it ended']) });
    expect(code).toBe(1);
    expect((await outcomes())?.every((one) => one.endsWith(' failed'))).toBe(true);
  });

  test('a run in which no test ran is red', async () => {
    const nothing = async (files: readonly string[]) => ({ ...ground([]), ran: new Set(files) });
    expect((await grindOn(await join('ann', 1), { grind: nothing })).code).toBe(1);
  });

  test('a single file has others with it where it is to run after or beside them only', async () => {
    const { taken } = await grindOn(await join('ann', 8), { own: { ...own, conditions: ['sequence'] } });
    expect(taken).toEqual(FILES.map((file) => [file, '(near)']));
  });
});

describe('the end of the time', () => {
  test('what had no turn is not delivered, and the node is red', async () => {
    let isOver = false;
    const grind = async (files: readonly string[]) => {
      isOver = true;
      return ground(files.slice(0, 3));
    };
    const timed = { ...own, isTimed: true };
    const { code } = await grindOn(await join('ann', 1), { grind, own: timed, isStopped: () => isOver });
    expect([code, (await outcomes())?.length]).toEqual([1, 3]);
    expect(printed).toContain('is not finished: 5 of 8 files without a result');
    // Another node goes on with them.
    expect(await grindOn(await join('bob', 1))).toEqual({ taken: [['d', 'e', 'f', 'g', 'h']], code: 0 });
  });

  test('what others still grind is for them to decide', async () => {
    const other = await join('bob', 2);
    await queue.claim(other.session, { count: 2, startNow: 2, known: [] });
    let left = FILES.length - 2;
    const grind = async (files: readonly string[]) => {
      left -= files.length;
      return ground(files);
    };
    const timed = { ...own, isTimed: true };
    const { code } = await grindOn(await join('ann', 2), { grind, own: timed, isStopped: () => left === 0 });
    expect([code, (await outcomes())?.length]).toEqual([0, 6]);
  });

  test('stopped in the middle, all of it is for another node', async () => {
    let isStopped = false;
    const grind = async (files: readonly string[]) => {
      isStopped = true;
      return ground(files);
    };
    await grindOn(await join('ann', 1), { grind, isStopped: () => isStopped });
    expect(await outcomes()).toEqual([]);
    expect(printed).toContain('grind with --run-id 1 goes on with them');
  });
});

test('a run that is cancelled ends red, and takes nothing more', async () => {
  const joined = await join('ann', 2);
  const grind = async (files: readonly string[]) => {
    await queue.cancel(RUN, 'Ann');
    return ground(files);
  };
  await expect(grindOn(joined, { grind })).rejects.toMatchObject({
    ...{ code: 'QUEUE_CANCELLED', message: expect.stringContaining('cancelled by Ann, so not every file was ground') },
  });
});
