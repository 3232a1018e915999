/** What the history keeps of a campaign, from tallies alone. */
import { describe, expect, test } from '@jest/globals';
import { detailError } from '../../src/blob/queue-detail';
import { type CampaignResultInit, campaignResult } from '../../src/flaky/campaign-result';
import { PLAIN_PROBE, type ProbeSpec, type TestSight } from '../../src/flaky/probe';
import { createTally } from '../../src/flaky/tally';
import { readCampaign } from '../../src/queue/campaign-record';

const FILE = 'src/a.test.js';
const alone: ProbeSpec = { ...PLAIN_PROBE, condition: 'alone', files: [FILE] };

/** One probe for each list of errors by test; null: it passed. */
function tests(probes: readonly Readonly<Record<string, string | null>>[], file = FILE) {
  const tally = createTally();
  for (const errors of probes) {
    const sights = Object.entries(errors).map(([name, error]): TestSight => {
      const outcome = error === null ? 'passed' : 'failed';
      return {
        project: null,
        file,
        name: name === '' ? null : name,
        outcome,
        durationMs: error === null ? 4 : null,
        error,
      };
    });
    tally.add({ spec: { ...alone, files: [file] }, sights, spans: [], fault: null });
  }
  return tally.tests();
}

const init = (more: Partial<CampaignResultInit>): CampaignResultInit => ({
  ...{ file: FILE, tests: [], failOn: ['GENUINE', 'BROKEN'], campaign: { seed: 7, probes: 9, files: 2 }, fault: null },
  ...{ commandOf: () => ['npx', 'jest-distributed', 'grind', FILE], toPortable: (text) => text },
  ...more,
});

const shaky = [
  { '': null, shaky: null, firm: null },
  { '': null, shaky: 'Error: b', firm: null },
].concat(['Error: a', 'Error: a'].map((error) => ({ '': null, shaky: error, firm: null })));

describe('a file with a flaky test', () => {
  test('fails, with every test, its counts, and each kind of error', () => {
    const { outcome, hasRun, detail } = campaignResult(init({ tests: [...tests(shaky), ...tests(shaky, 'other')] }));
    expect([outcome, hasRun]).toEqual(['failed', true]);
    expect(detail).toMatchObject({
      tests: [
        {
          ...{ name: 'shaky', status: 'failed', error: 'Error: a', tries: [{ error: 'Error: b', durationMs: null }] },
          grind: {
            verdict: 'GENUINE',
            condition: 'alone',
            failures: 3,
            runs: 4,
            command: ['npx', 'jest-distributed', 'grind', FILE],
          },
        },
        { name: 'firm', status: 'passed', durationMs: 4, grind: { verdict: 'NOT-REPRODUCED', failures: 0, runs: 4 } },
      ],
      ...{ failure: null, retriedTests: 1 },
      grind: { seed: 7, probes: 9, files: 2, whole: { verdict: 'NOT-REPRODUCED', failures: 0, runs: 4 } },
    });
    expect(detailError(detail)).toBe('shaky: Error: a');
    expect(readCampaign(detail)?.findings.map(({ test: name, failures }) => [name, failures])).toEqual([
      ['shaky', 3],
      ['firm', 0],
    ]);
  });

  test('passes where its verdict is none of --fail-on, and keeps the errors as tries, the most frequent one last', () => {
    const { outcome, detail } = campaignResult(init({ tests: tests(shaky), failOn: ['BROKEN'] }));
    expect(outcome).toBe('passed');
    expect(detail.tests[0]).toMatchObject({ status: 'passed', tries: [{ error: 'Error: b' }, { error: 'Error: a' }] });
  });
});

test('a file that fails as a whole has its error', () => {
  const broken = [{ '': 'Error: no module' }, { '': 'Error: no module' }];
  const { outcome, hasRun, detail } = campaignResult(init({ tests: tests(broken) }));
  expect([outcome, hasRun]).toEqual(['failed', false]);
  expect(detail).toMatchObject({ tests: [], failure: 'Error: no module', grind: { whole: { verdict: 'BROKEN' } } });
  expect(readCampaign(detail)?.findings).toMatchObject([{ test: null, verdict: 'BROKEN', failures: 2, runs: 2 }]);
});

test('a file of which Jest gave no results fails, whatever its tests did', () => {
  const { outcome, detail } = campaignResult(init({ tests: tests([{ '': null, firm: null }]), fault: 'Jest ended' }));
  expect([outcome, detail.failure]).toEqual(['failed', 'Jest ended']);
});

test('a failure that only replays have seen counts with them', () => {
  const tally = createTally();
  const sight = { project: null, file: FILE, name: 'shaky', durationMs: 1 };
  tally.add({ spec: alone, sights: [{ ...sight, outcome: 'passed', error: null }], spans: [], fault: null });
  const replay: ProbeSpec = { ...alone, condition: 'sequence', files: ['src/b.test.js', FILE] };
  tally.addReplay(
    { spec: replay, sights: [{ ...sight, outcome: 'failed', error: 'e' }], spans: [], fault: null },
    FILE,
  );
  const { detail } = campaignResult(init({ tests: tally.tests() }));
  expect(detail.tests[0]?.grind).toMatchObject({ verdict: 'UNDECIDED', failures: 1, runs: 2 });
});

test('a detail that others wrote is no campaign, and breaks nothing', () => {
  const tests = [
    null,
    3,
    { name: 'x', grind: 'y' },
    { name: 'x', grind: { verdict: 'GENUINE', runs: '3', failures: 1 } },
  ];
  expect(readCampaign({ tests, failure: null })).toBeNull();
  expect(readCampaign({ tests: 'none', grind: { whole: 7 } })).toEqual({ findings: [] });
  expect(readCampaign(null)).toBeNull();
});

test('a test that is broken in one of two projects is not flaky, and both have a name', () => {
  const tally = createTally();
  const sight = { file: FILE, name: 'works', durationMs: 1 };
  for (let run = 0; run < 5; run++) {
    const sights: TestSight[] = [
      { ...sight, project: 'api', outcome: 'failed', error: 'Error: no api' },
      { ...sight, project: 'web', outcome: 'passed', error: null },
    ];
    tally.add({ spec: alone, sights, spans: [], fault: null });
  }
  const { outcome, detail } = campaignResult(init({ tests: tally.tests() }));
  expect(outcome).toBe('failed');
  expect(detail.tests).toMatchObject([
    { name: 'api: works', grind: { verdict: 'BROKEN', failures: 5, runs: 5 } },
    { name: 'web: works', grind: { verdict: 'NOT-REPRODUCED', failures: 0, runs: 5 } },
  ]);
});
