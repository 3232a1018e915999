/** Campaigns in one lane and in several, and lanes that are lost. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type CampaignHooks, type CampaignPlan, runCampaign } from '../../src/flaky/campaign';
import { createProbePool, eachOf, type Lane } from '../../src/flaky/lanes';
import { CONDITIONS, PLAIN_PROBE, type ProbeResult, type ProbeSpec, type TestSight } from '../../src/flaky/probe';
import { randomOf } from '../../src/flaky/shuffle';
import { totalOf } from '../../src/flaky/tally';

const isBefore = ({ files }: ProbeSpec, polluter: string, file: string): boolean =>
  files.includes(polluter) && files.indexOf(polluter) < files.indexOf(file);

const FAILS: Readonly<Record<string, (spec: ProbeSpec, random: () => number) => boolean>> = {
  race: (_, random) => random() < 0.3,
  after: (spec) => spec.workers === 1 && isBefore(spec, 'polluter', 'after'),
  inside: ({ randomizeSeed }) => randomizeSeed !== null && randomizeSeed % 3 === 0,
  port: ({ workers }, random) => workers > 1 && random() < 0.6,
  load: ({ load }, random) => load > 0 && random() < 0.9,
  broken: () => true,
};
const FILES = [...Object.keys(FAILS), 'polluter', 'clean', 'other'];

function createLane(seed: number): Lane {
  const random = randomOf(seed);
  return async (spec) => {
    const sights = spec.files.map((file): TestSight => {
      const hasFailed = FAILS[file]?.(spec, random) ?? false;
      const durationMs = 10 + file.length ** 3 * random();
      return {
        ...{ project: null, file, name: 'works', outcome: hasFailed ? 'failed' : 'passed', durationMs },
        error: hasFailed ? file : null,
      };
    });
    const spans = spec.files.map((file, index) => {
      const startMs = 10 * Math.floor(index / spec.workers);
      return { file, startMs, endMs: startMs + 9 };
    });
    return { spec, sights, spans, fault: null };
  };
}

const planOf = (more: Partial<CampaignPlan> = {}): CampaignPlan => ({
  ...{ targets: FILES, context: FILES, times: 20, isEndless: false, conditions: CONDITIONS, seed: 5, workers: 4 },
  ...{ load: 2, tests: null, ...more },
});

const specOf = (file: string): ProbeSpec => ({ ...PLAIN_PROBE, condition: 'alone', files: [file] });
const resultOf = (spec: ProbeSpec): ProbeResult => ({ spec, sights: [], spans: [], fault: null });
const stays = () => new AbortController().signal;

describe('one lane', () => {
  const EVER = Number.POSITIVE_INFINITY;

  /** Number and digest of the probes, in their order. */
  async function probesOf(more: Partial<CampaignPlan>, most: number) {
    const specs: string[] = [];
    const lane = createLane(11);
    const { probes } = await runCampaign(planOf(more), {
      probe: (spec) => {
        specs.push(JSON.stringify(spec));
        return lane(spec);
      },
      isOver: () => specs.length >= most,
    });
    expect(probes).toBe(specs.length);
    return `${specs.length} ${createHash('sha256').update(specs.join('\n')).digest('hex').slice(0, 16)}`;
  }

  // As they were before there were lanes: a seed that somebody wrote down goes on to mean what it meant.
  test.each<[string, Partial<CampaignPlan>, number]>([
    ['111 c61624ac2e5a4788', {}, EVER],
    ['113 776e25da3c24a5f0', { seed: 123456 }, EVER],
    ['96 a6dceea53e3c4490', { targets: ['after', 'inside'] }, EVER],
    ['20 e4e2108de35d6773', { targets: ['race'], context: ['race'] }, EVER],
    ['43 1f50a5986fecae0d', { targets: ['load'], context: ['load'], seed: 9 }, EVER],
    ['29 5b471772c1fe71ac', { conditions: ['alone'], times: 3 }, EVER],
    ['700 92a967605c3db1bf', { isEndless: true, times: 2 }, 700],
    ['30 05b7d7723ccce8e3', {}, 30],
  ])('makes the probes %s', async (pinned, more, most) => {
    expect(await probesOf(more, most)).toBe(pinned);
  });
});

/**
 * What a probe shows depends on it and on how often it was made, and on nothing that is different in another run of this
 * test: which lane was free, and how long a file took.
 */
function createSteadyLane(): Lane {
  const made = new Map<string, number>();
  return async (spec) => {
    const key = JSON.stringify(spec);
    const count = (made.get(key) ?? 0) + 1;
    made.set(key, count);
    const digest = createHash('sha256').update(`${count} ${key}`).digest('hex');
    const result = await createLane(Number.parseInt(digest.slice(0, 8), 16))(spec);
    return { ...result, sights: result.sights.map((sight) => ({ ...sight, durationMs: 1 })) };
  };
}

describe('several lanes', () => {
  /** Lanes that take so long for a probe, in milliseconds, and how many of them are busy at once. */
  function withLanes(times: readonly number[], hooks: Partial<CampaignHooks> = {}) {
    const pool = createProbePool();
    const made = times.map(() => 0);
    let busy = 0;
    let most = 0;
    const lane = createSteadyLane();
    times.forEach((ms, index) => {
      const slow: Lane = async (spec) => {
        most = Math.max(most, ++busy);
        made[index] = (made[index] ?? 0) + 1;
        await sleep(ms);
        busy -= 1;
        return lane(spec);
      };
      void pool.serve(slow, stays());
    });
    const run = (plan: CampaignPlan) =>
      runCampaign(plan, { probe: pool.probe, isOver: () => false, lanes: times.length, ...hooks });
    return { run, made, most: () => most };
  }

  test('find what one finds, all of them busy', async () => {
    const { run, made, most } = withLanes([0, 1, 2]);
    const { flaky, clean, probes } = await run(planOf());
    expect(Object.fromEntries(flaky.map(({ tally, classification }) => [tally.file, classification.verdict]))).toEqual({
      ...{ race: 'GENUINE', after: 'ORDER-DEPENDENT', inside: 'ORDER-DEPENDENT', port: 'CONTENTION' },
      ...{ load: 'CONTENTION', broken: 'BROKEN' },
    });
    expect(clean).toBe(3);
    expect(most()).toBe(3);
    expect(Math.min(...made)).toBeGreaterThan(5);
    expect(made.reduce((sum, count) => sum + count)).toBe(probes);
  });

  test('one file: they share its probes', async () => {
    const { run, made } = withLanes([1, 1, 1]);
    const { flaky } = await run(planOf({ targets: ['race'], context: ['race'], times: 60 }));
    expect(flaky.map(({ tally }) => totalOf(tally).runs)).toEqual([60]);
    expect(Math.min(...made)).toBeGreaterThan(10);
  });

  test('what files together showed is added in the order of the probes, whichever lane is faster', async () => {
    const asked: string[] = [];
    const added: string[] = [];
    const slowness = randomOf(3);
    const lane = createLane(1);
    await runCampaign(planOf({ conditions: ['sequence', 'shuffled'], times: 10 }), {
      probe: async (spec) => {
        asked.push(JSON.stringify(spec));
        await sleep(slowness() * 5);
        return lane(spec);
      },
      lanes: 4,
      isOver: () => false,
      onResult: ({ spec }) => added.push(JSON.stringify(spec)),
    });
    expect(added).toEqual(asked);
    expect(added.length).toBeGreaterThanOrEqual(20);
  });

  test('none begins a probe once the time is over', async () => {
    let asked = 0;
    const { run } = withLanes([1, 2], { isOver: () => asked++ >= 9 });
    expect((await run(planOf())).probes).toBe(9);
  });
});

describe('a lane that is lost', () => {
  test('what it had begun is made by another one, and counted once', async () => {
    const pool = createProbePool();
    let left = 5;
    const lane = createLane(1);
    const dying = pool.serve(async (spec) => {
      if (left-- === 0) throw new Error('bob is gone');
      return lane(spec);
    }, stays());
    const lost = expect(dying).rejects.toThrow('bob is gone');
    let made = 0;
    const other: Lane = (spec) => {
      made += 1;
      return lane(spec);
    };
    void pool.serve(other, stays());
    const { probes } = await runCampaign(planOf(), { probe: pool.probe, isOver: () => false, lanes: 2 });
    await lost;
    expect(made).toBe(probes - 5);
  });

  test('its probe comes before those that wait', async () => {
    const pool = createProbePool();
    const results = ['a', 'b', 'c'].map((file) => pool.probe(specOf(file)));
    await expect(pool.serve(() => Promise.reject(new Error('gone')), stays())).rejects.toThrow('gone');
    const order: string[] = [];
    void pool.serve(async (spec) => {
      order.push(spec.files.join());
      return resultOf(spec);
    }, stays());
    await Promise.all(results);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('a probe by which three are lost is not made again', async () => {
    const pool = createProbePool();
    const result = pool.probe(specOf('a'));
    for (let lost = 0; lost < 3; lost++) {
      await pool.serve(() => Promise.reject(new Error('The connection ended.')), stays()).catch(() => undefined);
    }
    expect(await result).toMatchObject({
      sights: [],
      fault: 'the run was lost 3 times, the last time because: The connection ended.',
    });
  });

  test('while it had nothing to do it gets no other probe', async () => {
    const pool = createProbePool();
    const gone = new AbortController();
    let made = 0;
    const lost = pool.serve(async (spec) => {
      made += 1;
      return resultOf(spec);
    }, gone.signal);
    gone.abort();
    await lost;
    const result = pool.probe(specOf('a'));
    void pool.serve(async (spec) => resultOf(spec), stays());
    expect((await result).spec.files).toEqual(['a']);
    expect(made).toBe(0);
  });

  test('the last one: what waits, and what comes later, ends with the reason', async () => {
    const pool = createProbePool();
    const waits = expect(pool.probe(specOf('a'))).rejects.toThrow('no host is left');
    pool.close(new Error('no host is left'));
    await waits;
    await expect(pool.probe(specOf('b'))).rejects.toThrow('no host is left');
    await expect(pool.serve(() => Promise.reject(new Error('not asked')), stays())).resolves.toBeUndefined();
    expect(pool.isClosed()).toBe(true);
  });
});

test('each of many, so many at once, until one says that it is over', async () => {
  const seen: number[] = [];
  await eachOf([1, 2, 3, 4, 5, 6, 7, 8], 2, async (one) => {
    seen.push(one);
    await sleep(one === 3 ? 1 : 2);
    return one !== 3;
  });
  expect(seen.length).toBeLessThan(8);
  expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
});
