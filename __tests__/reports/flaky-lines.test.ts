import { expect, test } from '@jest/globals';
import type { CampaignOutcome } from '../../src/flaky/campaign';
import { createHostCounts } from '../../src/flaky/host-counts';
import { CONDITIONS, type Condition, type ProbeSpec } from '../../src/flaky/probe';
import type { Count } from '../../src/flaky/statistics';
import { bisectLines } from '../../src/reports/flaky/bisect-lines';
import { grindLines, shareText } from '../../src/reports/flaky/grind-lines';
import { cellWidth } from '../../src/reports/terminal/text-width';
import { log } from './sample-plan';

const counts = (own: Partial<Record<Condition, Count>>) =>
  Object.fromEntries(CONDITIONS.map((one) => [one, own[one] ?? { failures: 0, runs: 0 }])) as Record<Condition, Count>;

const sequence: ProbeSpec = {
  ...{ condition: 'sequence', files: ['src/a.test.js', 'src/b.test.js'], workers: 1, randomizeSeed: null },
  ...{ load: 0, tests: null },
};
const alone: ProbeSpec = { ...sequence, condition: 'alone', files: ['src/c.test.js'] };

const outcome: CampaignOutcome = {
  flaky: [
    {
      tally: {
        ...{
          project: null,
          file: 'src/b.test.js',
          name: 'names the host',
          durationsMs: [4, 5, 90],
          failing: { sequence },
        },
        counts: counts({ alone: { failures: 0, runs: 20 }, sequence: { failures: 9, runs: 20 } }),
        errors: [{ line: 'Error: expect(received) Expected: "a"', count: 9, example: '' }],
        replays: [{ spec: sequence, isOwn: true, failures: 3, runs: 4 }],
        neighbours: [],
      },
      classification: {
        ...{ verdict: 'ORDER-DEPENDENT', condition: 'sequence', spec: sequence, chance: 1 / 5000 },
        ...{ isSettled: true, rival: null, runsNeeded: null },
      },
    },
    {
      tally: {
        ...{ project: null, file: 'src/c.test.js', name: "it's (3)", durationsMs: [], errors: [], failing: { alone } },
        ...{ replays: [], neighbours: [] },
        counts: counts({ alone: { failures: 3, runs: 20 } }),
      },
      classification: {
        ...{ verdict: 'GENUINE', condition: 'alone', spec: alone, chance: null },
        ...{ isSettled: true, rival: null, runsNeeded: null },
      },
    },
  ],
  ...{ clean: 12, probes: 80, faults: [] },
};

test('each flaky test with counts, errors, verdict and command', () => {
  const lines = grindLines({ outcome, seed: 7, durationMs: 90_000, jestArgs: ['--config', 'x.js'], hosts: null }, log);
  expect(lines).toEqual([
    'src/b.test.js: names the host',
    '  verdict  ORDER-DEPENDENT, fails or passes because of what ran before it: after',
    '           other files; by chance once in 5,000',
    '  alone     0 of 20 failed (0 %, 95 % sure: 0 % to 16 %)',
    '  sequence  9 of 20 failed (45 %, 95 % sure: 26 % to 66 %)',
    '  again     after other files, 3 of 4 failed (75 %, 95 % sure: 30 % to 95 %)',
    '  passes    median 5 ms, 95 % below 90 ms',
    '  errors    9 x Error: expect(received) Expected: "a"',
    '  to rerun it:',
    '    npx jest-distributed grind src/a.test.js src/b.test.js --in-order -- \\',
    '    --config x.js',
    '',
    "src/c.test.js: it's (3)",
    '  verdict  GENUINE, fails at times by itself: alone',
    '  alone  3 of 20 failed (15 %, 95 % sure: 5.2 % to 36 %)',
    '  to rerun it:',
    '    npx jest-distributed grind src/c.test.js --condition alone --times 19 -- \\',
    "    -t '^it'\\''s \\(3\\)$' --config x.js",
    '',
    'jest-distributed: 80 runs of Jest in 1m 30s with seed 7: 2 tests failed at least',
    '  once, 12 tests did not fail',
  ]);
  expect(lines.filter((line) => cellWidth(line) > log.columns)).toEqual([]);
});

test('a verdict that is open says what it may be, and what would decide it', () => {
  const [, second] = outcome.flaky;
  const classification = {
    ...{ verdict: 'UNDECIDED', condition: 'beside', spec: { ...sequence, condition: 'beside', workers: 2 } },
    ...{ chance: 0.07, isSettled: false, rival: 'CONTENTION', runsNeeded: 5 },
  } as const;
  const open = { ...outcome, flaky: [{ ...second, classification } as (typeof outcome.flaky)[number]] };
  const text = grindLines({ outcome: open, seed: 7, durationMs: 1, jestArgs: [], hosts: null }, log)
    .join(' ')
    .replace(/[\s\\]+/g, ' ');
  expect(text).toContain(
    'UNDECIDED, failed, and too few runs say why: beside other files; GENUINE or CONTENTION: 5 more passes alone would say',
  );
  expect(text).toContain('grind src/a.test.js src/b.test.js --in-order --workers 2');
  // A mixture of files, seed and load has no command.
  const mixed = { ...classification, spec: { ...sequence, condition: 'shuffled', randomizeSeed: 4 } } as const;
  const without = { ...outcome, flaky: [{ ...second, classification: mixed } as (typeof outcome.flaky)[number]] };
  expect(
    grindLines({ outcome: without, seed: 7, durationMs: 1, jestArgs: [], hosts: null }, log).join(' '),
  ).not.toContain('rerun');
});

test('on how many of the hosts it ran', () => {
  const lastOf = (used: readonly string[]) => {
    const hosts = { named: ['ada', 'bob'], used, countsOf: () => [] };
    const lines = grindLines(
      { outcome: { ...outcome, flaky: [] }, seed: 7, durationMs: 1_000, jestArgs: [], hosts },
      log,
    );
    return lines.join(' ').replace(/\s+/g, ' ');
  };
  expect(lastOf(['bob', 'ada'])).toContain('80 runs of Jest on 2 hosts in 1.0 s with seed 7');
  expect(lastOf(['bob'])).toContain('80 runs of Jest on 1 of 2 hosts in 1.0 s with seed 7');
});

test('how often a test failed on each host, where several ran it', () => {
  const counts = createHostCounts(['ada', 'bob', 'eve']);
  const [{ tally }] = outcome.flaky as [(typeof outcome.flaky)[number]];
  const { project, file, name } = tally;
  const see = (host: string | undefined, ...outcomes: readonly ('passed' | 'failed')[]) => {
    const sights = outcomes.map((one) => ({ project, file, name, outcome: one, durationMs: 1, error: null }));
    counts.add({ spec: alone, sights, spans: [], fault: null, ...(host !== undefined && { host }) });
  };
  see('bob', 'failed', 'failed', 'passed');
  see('ada', 'passed', 'passed');
  // Made by this machine alone.
  see(undefined, 'failed');
  const hosts = { named: ['ada', 'bob', 'eve'], used: ['ada', 'bob'], countsOf: counts.of };
  const lines = grindLines({ outcome, seed: 7, durationMs: 1_000, jestArgs: [], hosts }, log);
  expect(lines.filter((line) => line.includes('hosts  '))).toEqual(['  hosts     0 of 2 failed on ada, 2 of 3 on bob']);
});

test('what bisect found, with the smallest command', () => {
  const spec: ProbeSpec = { ...alone, condition: 'shuffled', randomizeSeed: 17, tests: ['leaves', 'fails'] };
  const victim = { file: 'src/c.test.js', name: 'fails' };
  expect(bisectLines({ kind: 'tests', victim, culprits: ['leaves'], spec, repeats: 1, probes: 9 }, [], log)).toEqual([
    'src/c.test.js: fails',
    '  fails because of a test before it in its file:',
    '    leaves',
    '  to rerun it:',
    '    npx jest --runTestsByPath src/c.test.js --randomize --seed=17 -t \\',
    "    '^(leaves|fails)$'",
    'jest-distributed: 9 runs of Jest',
  ]);
  const none = { kind: 'not-reproduced', victim, culprits: [], spec: null, repeats: 1, probes: 30 } as const;
  expect(bisectLines(none, [], log)).toEqual([
    'src/c.test.js: fails',
    '  did not fail.',
    'jest-distributed: 30 runs of Jest',
  ]);
});

test('shares', () => {
  expect([0, 0.004, 0.05, 0.5, 1].map(shareText)).toEqual(['0 %', '0.4 %', '5 %', '50 %', '100 %']);
});
