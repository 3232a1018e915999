/** Every way to break a run that we know, and what the proof says of it. None ends green. */
import { describe, expect, test } from '@jest/globals';
import type { BlobHeader, FileRecord } from '../../src/blob/blob';
import { createInterner } from '../../src/blob/blob-summary';
import type { Plan } from '../../src/plan/plan';
import { everyItemRan, type FindingCode } from '../../src/proof/finding';
import { type Expectations, type Proof, proveRun, withoutRedNodes } from '../../src/proof/proof';
import { PLAIN_REPEAT } from '../../src/shell/reproduce-tests';
import {
  type BlobParts,
  endOf,
  exitOf,
  fileOf,
  headerOf,
  labelled,
  type PlannedPiece,
  partOf,
  planOf,
  recordOf,
  resultOf,
  runOf,
  START_MS,
  summaryOf,
} from './run';

const PIECES: readonly PlannedPiece[] = [
  { path: 'a.test.js', node: 1 },
  { path: 'b.test.js', node: 2 },
  { path: 'c.test.js', node: 2 },
  { path: 'd.test.js', node: 3 },
];
const FOUND = PIECES.map(({ path }) => path);
const PLAN = planOf(PIECES, 3);

/** The part of a node that did what the plan says. */
function node(number: number, change: Partial<BlobHeader> = {}, plan = PLAN, pieces = PIECES): BlobParts {
  const own = pieces.filter((piece) => piece.node === number);
  return {
    header: headerOf(number, plan, FOUND, change),
    files: own.map(({ path }) => recordOf(path)),
    end: endOf(),
  };
}

const whole = (): BlobParts[] => [node(1), node(2), node(3)];

function prove(blobs: readonly BlobParts[], expectations: Expectations = {}): Proof {
  const interner = createInterner();
  const summaries = blobs.map((parts, index) => summaryOf(`report/${index + 1}.jsonl`, parts, interner));
  return proveRun(summaries, [], ['report'], expectations);
}

function says({ verdict }: Proof, code: FindingCode): string {
  const found = verdict.findings.filter((finding) => finding.code === code);
  return found.map(({ message, remedy }) => `${message} | ${remedy}`).join('\n');
}

describe('a whole run', () => {
  test('is proven', () => {
    const proof = prove(whole());
    expect(proof.verdict).toMatchObject({
      ok: true,
      runId: '77',
      findings: [],
      counts: { nodes: 3, blobs: 3, accepted: 3, items: 4, ranOnce: 4, tests: 4 },
    });
    expect(proof.accepted.map(({ path }) => path)).toEqual(['report/1.jsonl', 'report/2.jsonl', 'report/3.jsonl']);
  });

  test('is proven in whatever order the blobs come', () => {
    expect(prove(whole().reverse()).verdict.ok).toBe(true);
  });

  test('may have a node without a file', () => {
    const plan = planOf(PIECES, 4);
    const blobs = [1, 2, 3, 4].map((number) => node(number, {}, plan));
    expect(prove(blobs).verdict).toMatchObject({ ok: true, counts: { nodes: 4 } });
  });

  test('has a verdict that survives JSON', () => {
    const { verdict } = prove([node(1)]);
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });
});

describe('blobs that are not there', () => {
  test('none at all is red', () => {
    const proof = prove([]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'no-blob')).toBe(
      "There is no blob in report. | Download the artifacts of all nodes first; each node's reporter writes one into its --report-dir.",
    );
  });

  test('a deleted blob is named, with what never ran', () => {
    const proof = prove([node(1), node(3)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'missing-node')).toMatch(
      /^The blob of node 2 of 3 is missing\. \| .*npx jest-distributed merge --run-missing$/,
    );
    expect(says(proof, 'missing-items')).toContain(
      '2 files of node 2, whose blob is missing, never ran: b.test.js, c.test.js.',
    );
  });

  test('the last node is missed only because the others know the number of nodes', () => {
    expect(says(prove([node(1), node(2)]), 'missing-node')).toContain('node 3 of 3');
  });

  test('an expected number of nodes that the blobs do not have', () => {
    const proof = prove(whole(), { expectNodes: 4 });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'nodes-expected')).toContain(
      'A run of 4 nodes is expected (from --expect-nodes), but all blobs are of a run of 3 nodes (from --nodes and --node-number).',
    );
    // One mistake, one error: what there is of the run is proven as ever.
    expect(proof.verdict.findings).toHaveLength(1);
    expect(proof.verdict.counts).toMatchObject({ nodes: 3, accepted: 3 });
  });

  test('an expected number of nodes that some of the blobs do not have', () => {
    const odd = node(1, { node: { number: 1, nodes: 4, source: '--nodes' } });
    const proof = prove([odd, node(2), node(3)], { expectNodes: 4 });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'nodes-expected')).toContain('A run of 4 nodes is expected, but node 2 of 3');
  });

  test('an unreadable blob', () => {
    const proof = proveRun([], [{ path: 'x.jsonl', message: 'Line 3 of the blob x.jsonl is not JSON.' }], ['report']);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'unreadable-blob')).toContain('Line 3 of the blob x.jsonl is not JSON.');
    expect(says(proof, 'no-blob')).toBe('');
  });
});

describe('nodes that did not end well', () => {
  test('killed in mid-run', () => {
    const second = node(2);
    const proof = prove([node(1), { ...second, files: second.files.slice(0, 1), end: null }, node(3)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'incomplete')).toContain(
      'Node 2 was cut short: its blob has no end (killed, out of memory, out of time, or a broken upload); it had finished 1 file.',
    );
    expect(says(proof, 'missing-items')).toContain('1 file of node 2 never ran: c.test.js.');
  });

  test('killed after its last file', () => {
    expect(prove([node(1), { ...node(2), end: null }, node(3)]).verdict.ok).toBe(false);
  });

  test.each([
    ['interrupted', 'Node 3 was interrupted; it had finished 1 file.'],
    ['bailed', 'Node 3 stopped early because of --bail; it had finished 1 file.'],
  ] as const)('%s', (state, message) => {
    const proof = prove([node(1), node(2), { ...node(3), end: endOf({ state }) }]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, state)).toContain(message);
  });

  test('an error outside any test file', () => {
    const end = endOf({ errors: [{ message: 'globalTeardown failed\n  See its log.', stack: '' }] });
    const proof = prove([node(1), node(2), { ...node(3), end }]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'run-error')).toContain(
      'Node 3 met an error outside any test file: globalTeardown failed See its log.',
    );
  });

  test('killed when its tests were over', () => {
    const proof = prove([node(1), node(2), { ...node(3), exit: null }]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'incomplete')).toContain(
      'Node 3 was cut short: its tests were over, but its process did not end by itself (killed, out of memory, out of time, or a broken upload); it had finished 1 file.',
    );
  });

  test.each([
    [
      exitOf({ code: 1, reasons: ['globalTeardown threw', 'so did a reporter'] }),
      'Node 3 ended with exit code 1, although none of its tests failed: globalTeardown threw; so did a reporter. | Look for details in its log.',
    ],
    [
      exitOf({ code: 7 }),
      'Node 3 ended with exit code 7, although none of its tests failed. | Look for the reason in its log.',
    ],
    [
      exitOf({ code: null, signal: 'SIGTERM' }),
      'Node 3 was ended by SIGTERM, although none of its tests failed. | Look for the reason in its log.',
    ],
  ])('red, but not for a test: %j', (exit, message) => {
    const proof = prove([node(1), node(2), { ...node(3), exit }]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'node-red')).toBe(message);
    expect(everyItemRan(proof.verdict.findings)).toBe(true);
    // Every test ran once all the same: to the proof alone it is a warning.
    const { verdict } = withoutRedNodes(proof);
    expect([verdict.ok, verdict.findings.map(({ code, severity }) => `${severity} ${code}`)]).toEqual([
      true,
      ['warning node-red'],
    ]);
  });

  test('red for a failed test: that is for the report', () => {
    const failing = {
      ...node(3),
      files: node(3).files.map((file) => ({
        ...file,
        result: {
          ...file.result,
          numFailingTests: 1,
          numPassingTests: 0,
          testResults: file.result.testResults.map((one) => ({ ...one, status: 'failed' })),
        },
      })),
    };
    expect(prove([node(1), node(2), { ...failing, exit: exitOf({ code: 1 }) }]).verdict).toMatchObject({
      ok: true,
      findings: [],
    });
    const both = prove([node(1), node(2), { ...failing, exit: exitOf({ code: 1, reasons: ['a reporter threw'] }) }]);
    expect(says(both, 'node-red')).toContain(
      'Node 3 ended with exit code 1, not only for its failed tests: a reporter threw.',
    );
  });

  test('red beside what is not proven: not proven without it either', () => {
    const { verdict } = withoutRedNodes(prove([node(1), { ...node(3), exit: exitOf({ code: 1 }) }]));
    expect(verdict.ok).toBe(false);
  });

  test('a blob that counts fewer failed tests than it holds', () => {
    const [file] = node(3).files;
    const testResults = file?.result.testResults.map((one) => ({ ...one, status: 'failed' })) ?? [];
    const result = { ...(file as FileRecord).result, testResults };
    const proof = prove([node(1), node(2), { ...node(3), files: [{ ...(file as FileRecord), result }] }]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'counts-differ')).toContain(
      'The blob of node 3 counts fewer failed tests than it contains: d.test.js (it counts 0 failed, its tests say 1).',
    );
    expect(everyItemRan(proof.verdict.findings)).toBe(false);
  });

  test('nodes with different thresholds', () => {
    const threshold = (lines: number) => ({ from: '<jd:rootDir>', groups: { global: { lines } } });
    const covered = (number: number, lines: number) =>
      node(number, { coverageProvider: 'babel', coverageThreshold: threshold(lines) });
    const proof = prove([covered(1, 80), covered(2, 80), covered(3, 70)]);
    expect(says(proof, 'inputs-differ')).toContain(
      'Coverage thresholds differ: {"global":{"lines":80}} on nodes 1 and 2; {"global":{"lines":70}} on node 3.',
    );
  });

  test('one node without a threshold that the others were given; one without coverage is none of them', () => {
    const coverageThreshold = { from: '<jd:rootDir>', groups: { global: { lines: 80 } } };
    const with80 = (number: number) => node(number, { coverageProvider: 'babel', coverageThreshold });
    const without = prove([with80(1), with80(2), node(3, { coverageProvider: 'babel' })]);
    expect(says(without, 'inputs-differ')).toContain(
      'Coverage thresholds differ: {"global":{"lines":80}} on nodes 1 and 2; none on node 3.',
    );
    expect(prove([with80(1), with80(2), node(3)]).verdict.findings).toEqual([]);
  });

  test('lines lost from the middle', () => {
    const interner = createInterner();
    const [first, second, third] = whole().map((parts, index) => summaryOf(`${index}.jsonl`, parts, interner));
    const holed = { ...(second as NonNullable<typeof second>), runs: second?.runs.slice(1) ?? [], files: 1 };
    const proof = proveRun([first as typeof holed, holed, third as typeof holed], [], ['report']);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'lost-lines')).toContain('The blob of node 2 holds 1 file, but its end counts 2.');
  });
});

describe('blobs that do not belong together', () => {
  test('of another run: named and left out', () => {
    const stale = node(2, { run: runOf({ id: '76', attempt: 1 }), startMs: START_MS - 5000 });
    const proof = prove([...whole(), stale]);
    expect(proof.verdict.ok).toBe(true);
    expect(says(proof, 'stale-blob')).toContain(
      '1 blob of another run (76) ignored: report/4.jsonl. Run 77, the newest is merged.',
    );
  });

  test('of another run in the place of one of this run: the node is missing', () => {
    const stale = node(2, { run: runOf({ id: '76', attempt: 1 }), startMs: START_MS - 5000 });
    const proof = prove([node(1), stale, node(3)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'missing-node')).toContain('node 2 of 3');
  });

  test('a run that is pinned and not there', () => {
    const proof = prove(whole(), { runId: '78' });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'no-blob')).toContain('There is no blob of run 78. There are only blobs of run 77.');
  });

  test('a pinned older run is merged', () => {
    const newer = whole().map(({ header, ...rest }) => ({
      ...rest,
      header: { ...header, run: runOf({ id: '80', attempt: 1 }), startMs: START_MS + 9000 },
    }));
    expect(prove([...whole(), ...newer], { runId: '77' }).verdict).toMatchObject({ ok: true, runId: '77' });
  });

  test('of another run, in a CI: none of them counts', () => {
    const proof = prove(whole(), { runId: '80', runSource: 'GITHUB_RUN_ID' });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'no-blob')).toContain(
      'There is no blob of run 80 (from GITHUB_RUN_ID). There are only blobs of run 77.',
    );
    expect(says(proof, 'stale-blob')).toContain('report/1.jsonl, report/2.jsonl, report/3.jsonl');
  });

  test('in a CI that does not say which run it is', () => {
    const proof = prove(whole(), { unknownIn: 'CI=true' });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'run-unknown')).toMatch(/^This is a CI job \(CI=true\) .* \| Set JEST_DISTRIBUTED_RUN_ID/);
  });

  test('of nodes in a CI that does not say which run it is, wherever they are merged', () => {
    const run = runOf({ id: 'local', source: 'default', rerun: 'attempt', unknownIn: 'CI=true' });
    const proof = prove([node(1, { run }), node(2, { run }), node(3, { run })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'run-unknown')).toContain('Nodes ran in a CI (CI=true)');
  });

  test('of several jobs, and none is said to be meant', () => {
    const proof = prove([...whole(), node(1, { job: labelled('unit') })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'several-jobs')).toContain(
      'The blobs are of 2 jobs of one run: package web, package web, label unit. The results shown are of package web. | Merge them one at a time:\n  npx jest-distributed merge --label unit',
    );
    expect(prove([...whole(), node(1, { job: labelled('unit') })], { label: null }).verdict.ok).toBe(true);
  });

  test("of several jobs: the merge's own is taken and the others are named", () => {
    const other = { packageName: 'app', packageDir: 'packages/app', rootDir: 'packages/app', label: null };
    const blobs = [...whole(), ...[1, 2, 3].map((number) => node(number, { job: other, blobId: `app-${number}` }))];
    const proof = prove(blobs, { packageName: 'web' });
    expect(proof.verdict.ok).toBe(true);
    expect(proof.accepted.map(({ metadata }) => metadata.job.packageName)).toEqual(['web', 'web', 'web']);
    expect(says(proof, 'other-job')).toContain('3 blobs of other jobs of this run ignored: package app.');
    expect(prove(blobs, { packageName: 'api' }).verdict.ok).toBe(false);
  });

  test('of one other job: it is merged, with a note', () => {
    const proof = prove(whole(), { packageName: 'app' });
    expect(proof.verdict.ok).toBe(true);
    expect(says(proof, 'other-job')).toContain(
      'All blobs are of one job, package web, which is not this one (package app); it is merged.',
    );
  });

  test('of one other job that ran a part of its tests: nothing would show that all of this one is lost', () => {
    const blobs = whole().map((one) => ({ ...one, header: { ...one.header, planInputs: { isFiltered: true } } }));
    const proof = prove(blobs, { packageName: 'app' });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'other-job')).toContain(
      'All blobs are of one job, package web, which is not this one (package app), and it ran a part of its tests.',
    );
    expect(prove(blobs, { packageName: 'web' }).verdict.ok).toBe(true);
  });

  test('of one package in two root folders: the one that is named, or none', () => {
    const inRoot = (rootDir: string, number: number) =>
      node(number, { job: { ...labelled(null), rootDir }, blobId: `${rootDir}-${number}` });
    const blobs = [1, 2, 3].flatMap((number) => [inRoot('apps/one', number), inRoot('apps/two', number)]);
    const proof = prove(blobs, { packageName: 'web', rootDir: null });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'several-jobs')).toContain('in 2 root folders: apps/one, apps/two.');
    expect(prove(blobs, { packageName: 'web', rootDir: 'apps/two' }).verdict.ok).toBe(true);
  });

  test('of nodes of which some have no repository: no other job', () => {
    const job = { ...labelled(null), rootDir: null };
    expect(prove([node(1), node(2), node(3, { job })], { packageName: 'web' }).verdict.ok).toBe(true);
  });

  test('of another number of nodes', () => {
    const proof = prove([node(1), node(2), node(3, { node: { number: 3, nodes: 5, source: 'CI_NODE_TOTAL' } })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'nodes-differ')).toContain(
      'Most blobs are of a run of 3 nodes, but node 3 of 5 (from CI_NODE_TOTAL) in report/3.jsonl exists too.',
    );
  });

  test('left over from a run of one node: named with the command that removes it', () => {
    const left = node(1, { node: { number: 1, nodes: 1, source: 'default' } });
    for (const blobs of [
      [left, ...whole()],
      [left, node(2)],
    ]) {
      const proof = prove(blobs);
      expect(proof.verdict.ok).toBe(false);
      expect(says(proof, 'nodes-differ')).toContain(
        'but node 1 of 1 (that job had no JEST_DISTRIBUTED_NODES) in report/1.jsonl exists too.',
      );
      expect(says(proof, 'nodes-differ')).toContain('remove it:\n  rm report/1.jsonl\n');
    }
  });

  /** A job of a CI that ran all files, because nobody told it that there are others. */
  const untold = (job: number, provider: string): BlobParts => {
    const plan = planOf([{ path: 'a.test.js', node: 1 }], 1);
    const run = runOf({ rerun: 'attempt' });
    const header = { node: { number: 1, nodes: 1, source: 'default' }, run, provider, blobId: `blob-${job}` };
    return { header: headerOf(1, plan, ['a.test.js'], header), files: [recordOf('a.test.js')], end: endOf() };
  };

  test.each([undefined, 4])(
    'of jobs that nobody told their number: one error, with what the CI needs (%s)',
    (nodes) => {
      const blobs = [1, 2, 3, 4].map((job) => untold(job, 'GitHub Actions'));
      const proof = prove(blobs, nodes === undefined ? {} : { expectNodes: nodes });
      expect(proof.verdict).toMatchObject({ ok: false, findings: [{ code: 'whole-runs', severity: 'error' }] });
      expect(says(proof, 'whole-runs')).toContain(
        '4 jobs each ran all tests as node 1 of 1 (from default): report/1.jsonl, report/2.jsonl, report/3.jsonl, report/4.jsonl.',
      );
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the workflow's syntax
      expect(says(proof, 'whole-runs')).toContain('\n  env:\n    JEST_DISTRIBUTED_NODES: ${{ strategy.job-total }}\n');
    },
  );

  test('of such jobs of which one was run again', () => {
    const again = untold(3, 'GitHub Actions');
    const second = { ...again, header: { ...again.header, run: runOf({ rerun: 'attempt', attempt: 2 }) } };
    const proof = prove([untold(1, 'GitHub Actions'), untold(2, 'GitHub Actions'), second]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'whole-runs')).toContain('2 jobs each ran all tests');
  });

  test('of such jobs where the CI numbers them itself', () => {
    const proof = prove([untold(1, 'GitLab CI'), untold(2, 'GitLab CI')]);
    expect(says(proof, 'whole-runs')).toContain('give it --nodes auto (JEST_DISTRIBUTED_NODES=auto).');
  });

  test('of one such job: a warning, and an error where more nodes are expected', () => {
    const one = [untold(1, 'GitHub Actions')];
    const proof = prove(one);
    expect(proof.verdict).toMatchObject({ ok: true, findings: [{ code: 'whole-runs', severity: 'warning' }] });
    const expected = prove(one, { expectNodes: 4 });
    expect(expected.verdict).toMatchObject({ ok: false, findings: [{ code: 'nodes-expected', severity: 'error' }] });
    expect(says(expected, 'nodes-expected')).toContain('add to the step that runs Jest:\n  env:');
    expect(prove([untold(1, 'Jenkins')]).verdict.findings).toHaveLength(0);
  });

  test('of one node that a person ran twice: the later one counts, as ever', () => {
    const alone = { node: { number: 1, nodes: 1, source: 'default' }, host: 'laptop' };
    const proof = prove([node(1, alone), node(2, { ...alone, startMs: START_MS + 5000 })]);
    expect(says(proof, 'whole-runs')).toBe('');
    expect(says(proof, 'superseded')).toContain('the later one counts.');
  });

  test('of other commits that hold the same files: no difference', () => {
    const proof = prove([node(1), node(2), node(3, { commit: 'badc0de' })]);
    expect(proof.verdict.ok).toBe(true);
    expect(says(proof, 'inputs-differ')).toContain(
      'Commits differ, but hold the same files: c0ffee on nodes 1 and 2; badc0de on node 3.',
    );
  });

  test.each([
    [{ commit: 'badc0de', commitTree: 'f00d' }, 'Commits differ: c0ffee on nodes 1 and 2; badc0de on node 3.'],
    [{ packageVersion: '0.2.0' }, 'Versions of jest-distributed differ: 0.1.0 on nodes 1 and 2; 0.2.0 on node 3.'],
    [{ jestVersion: '29.7.0' }, 'Versions of Jest differ: 30.5.2 on nodes 1 and 2; 29.7.0 on node 3.'],
    [
      { planInputs: { testNamePattern: 'fast' } },
      'The inputs of the plan differ in testNamePattern: null on nodes 1 and 2; "fast" on node 3.',
    ],
    [
      { plan: { ...PLAN, strategy: 'ring' as const } },
      'Strategies differ: bounded-ring on nodes 1 and 2; ring on node 3.',
    ],
    [{ plan: { ...PLAN, workers: 4 } }, 'Planned numbers of workers differ: 1 on nodes 1 and 2; 4 on node 3.'],
    [
      { plan: { ...PLAN, hashBy: 'auto' as const } },
      'Values of hash-by differ: file on nodes 1 and 2; auto on node 3.',
    ],
  ])('other inputs: %j', (change, message) => {
    const proof = prove([node(1), node(2), node(3, change)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'inputs-differ')).toContain(message);
    expect(proof.verdict.findings.find(({ code }) => code === 'inputs-differ')?.nodes).toEqual([3]);
  });

  test('another Node.js is worth a note', () => {
    const proof = prove([node(1), node(2), node(3, { nodeVersion: 'v24.0.0' })]);
    expect(proof.verdict.ok).toBe(true);
    expect(says(proof, 'environments-differ')).toContain('v22.12.0 on nodes 1 and 2; v24.0.0 on node 3');
  });

  test('other timings: the estimates that differ are shown', () => {
    const other = planOf([{ path: 'a.test.js', node: 1, estimate: 300 }, ...PIECES.slice(1)], 3, 'd2');
    const proof = prove([node(1), node(2), node(3, {}, other)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'plans-differ')).toContain('digest d1 on nodes 1 and 2; d2 on node 3.');
    expect(says(proof, 'plans-differ')).toContain(
      'a.test.js: planned for node 1 (100 ms) by nodes 1 and 2; planned for node 1 (300 ms) by node 3 | Commit the timings file, or plan once and give the plan to all nodes: npx jest-distributed plan --nodes 3 --out plan.json',
    );
  });

  test('other plans without timings: no word of a timings file, and sizes are bytes', () => {
    const sized = (plan: Plan): Plan => ({ ...plan, unit: 'bytes' });
    const other = sized(planOf([{ path: 'a.test.js', node: 2 }, ...PIECES.slice(1)], 3, 'd2'));
    const proof = prove([node(1, {}, sized(PLAN)), node(2, {}, sized(PLAN)), node(3, {}, other)]);
    expect(says(proof, 'plans-differ')).toBe(
      'Nodes planned from different inputs: digest d1 on nodes 1 and 2; d2 on node 3.\n    a.test.js: planned for node 1 (100 bytes) by nodes 1 and 2; planned for node 2 (100 bytes) by node 3 | Plan once and give the plan to all nodes: npx jest-distributed plan --nodes 3 --out plan.json',
    );
  });

  test('other files found, so other plans: the files are the cause, and are named once', () => {
    const plan = planOf(PIECES.slice(1), 3, 'd2');
    const proof = prove([node(1, {}, plan), node(2, {}, plan), node(3, { found: FOUND.slice(1).map(fileOf) })]);
    const codes = proof.verdict.findings.map(({ code }) => code);
    expect(codes).toEqual(['files-differ', 'plans-differ']);
    expect(says(proof, 'plans-differ')).toContain(
      'a.test.js: not planned by nodes 1 and 2; planned for node 1 (100 ms) by node 3 | Correct files-differ first (above).',
    );
  });

  test('other files found', () => {
    const proof = prove([node(1), node(2), node(3, { found: FOUND.slice(1).map(fileOf) })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'files-differ')).toContain('1 file not found by all.\n    a.test.js: not found by node 3');
  });
});

describe('attempts', () => {
  test('a retried attempt replaces the earlier one', () => {
    const failed = { ...node(2), end: null };
    const retried = node(2, { run: runOf({ id: '77', attempt: 2 }), startMs: START_MS + 5000 });
    const proof = prove([node(1), retried, failed, node(3)]);
    expect(proof.verdict.ok).toBe(true);
    expect(says(proof, 'retried')).toContain('Attempt 2 of node 2 replaces its attempt 1.');
    expect(proof.accepted.map(({ path }) => path)).toEqual(['report/1.jsonl', 'report/2.jsonl', 'report/4.jsonl']);
  });

  test('a retried attempt that died makes the run red again', () => {
    const died = { ...node(2, { run: runOf({ id: '77', attempt: 2 }), startMs: START_MS + 5000 }), end: null };
    expect(prove([...whole(), died]).verdict.ok).toBe(false);
  });

  /** Two results of node 2 under one attempt. */
  const twice = (one: Partial<BlobHeader>, other: Partial<BlobHeader>): Proof =>
    prove([node(1), node(2, one), node(3), node(2, { blobId: 'blob-9', ...other })]);

  test('a later job of the same name replaces the earlier one, whatever the clocks say', () => {
    const job = (jobId: string): Partial<BlobHeader> => ({ run: runOf({ rerun: 'job' }), jobName: 'test 2/3', jobId });
    const earlier = { ...job('1009'), startMs: START_MS + 3_600_000 };
    const later = { ...job('1010'), host: 'other' };
    for (const proof of [twice(earlier, later), twice(later, earlier)]) {
      expect(proof.verdict.ok).toBe(true);
      expect(proof.accepted[1]?.metadata.jobId).toBe('1010');
      expect(says(proof, 'superseded')).toContain(
        'Node 2 ran twice under attempt 1 (job test 2/3 (1010) on other after job test 2/3 (1009) on host-2); the later one counts.',
      );
    }
  });

  test.each<[string, Partial<BlobHeader>, Partial<BlobHeader>]>([
    ['another name', { jobName: 'linux', jobId: '1' }, { jobName: 'windows', jobId: '2' }],
    ['the same id', { jobName: 'test', jobId: '1' }, { jobName: 'test', jobId: '1' }],
    ['ids that have no order', { jobName: 'test', jobId: 'a1' }, { jobName: 'test', jobId: 'b2' }],
  ])('two jobs of %s are no re-run', (_, one, other) => {
    const run = runOf({ rerun: 'job' });
    const proof = twice({ run, ...one }, { run, ...other, startMs: START_MS + 5000 });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'node-twice')).toContain('Node 2 has two results under attempt 1: report/2.jsonl (job');
    expect(says(proof, 'node-twice')).toContain('give it another --attempt');
    // What is likely stands first: jobs of two names are variants, or one runs again; jobs of one name share a number.
    const [, advice] = says(proof, 'node-twice').split(' | ');
    expect(advice).toMatch(one.jobName === other.jobName ? /^Give every job its own/ : /^If one is a re-run of/);
  });

  test('where the CI counts attempts, a second result under one is no re-run', () => {
    const run = runOf({ rerun: 'attempt' });
    const proof = twice({ run }, { run, startMs: START_MS + 5000 });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'node-twice')).toContain(
      '| Give every job its own node number (here it is set by --nodes and --node-number); if they are variants of a job, give each a --label',
    );
  });

  test('a person runs a node again on one machine: the later one counts, and that is said', () => {
    const proof = twice({}, { startMs: START_MS + 5000 });
    expect(proof.verdict.ok).toBe(true);
    expect(says(proof, 'superseded')).toContain('the later one counts.');
    expect(proof.accepted.map(({ path }) => path)).toContain('report/4.jsonl');
  });

  test('on two machines nobody knows which is the later', () => {
    expect(twice({}, { startMs: START_MS + 5000, host: 'other' }).verdict.ok).toBe(false);
  });

  test.each<[string, Partial<BlobHeader>]>([
    ['', { startMs: START_MS + 500 }],
    [', also where one came to its tests after the other', { startMs: START_MS + 5000, processStartMs: START_MS + 10 }],
  ])('two jobs of one node at the same time are an error%s', (_, other) => {
    const proof = twice({}, other);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'overlapping')).toContain(
      'Two jobs ran as node 2 at the same time: report/2.jsonl and report/4.jsonl. | Give every job its own node number (here it is set by --nodes and --node-number).',
    );
  });

  test('two Jest calls of one node are an error that names them and both blobs', () => {
    const call = { digest: '00ff', text: 'jest --config jest.integration.js' };
    const repeat = { ...PLAIN_REPEAT, jestArgs: ['--config', 'jest.integration.js', '--coverage'] };
    for (const attempt of [1, 2]) {
      const proof = twice({}, { call, repeat, run: runOf({ attempt }) });
      expect(proof.verdict.ok).toBe(false);
      expect(says(proof, 'several-calls')).toContain(
        'Node 2 ran 2 different Jest calls in this run: jest, jest --config jest.integration.js. Only one of them can be merged; the results shown are of: ' +
          `jest${attempt === 1 ? '' : ' --config jest.integration.js'}. | Give each call a --label (JEST_DISTRIBUTED_LABEL) on its nodes, and merge each with its own, such as:\n` +
          '  npx jest-distributed merge --label unit\n' +
          '  npx jest-distributed merge --label integration -- --config jest.integration.js\n' +
          (attempt === 1
            ? 'Or, if only the latest call (jest) is meant, remove what earlier ones left:\n  rm report/4.jsonl'
            : 'Or, if only the latest call (jest --config jest.integration.js) is meant, remove what earlier ones left:\n  rm report/2.jsonl'),
      );
      expect(proof.verdict.findings.find(({ code }) => code === 'several-calls')?.items).toEqual([
        'report/2.jsonl',
        'report/4.jsonl',
      ]);
    }
  });

  test('what another Jest call left is no second result of the same, neither replaced nor overlapping', () => {
    const call = { digest: '00ff', text: 'jest --config jest.integration.js' };
    for (const startMs of [START_MS + 500, START_MS + 5000]) {
      const proof = twice({}, { call, startMs });
      for (const code of ['superseded', 'overlapping', 'node-twice'] as const)
        expect(says(proof, code)).toHaveLength(0);
    }
  });

  test('nodes that were called differently', () => {
    const long = { text: `jest ${'a'.repeat(500)}…` };
    const cut = prove([
      node(1, { call: { ...long, digest: '00aa0000ffff' } }),
      node(2, { call: { ...long, digest: '00bb0000ffff' } }),
    ]);
    expect(says(cut, 'calls-differ')).toContain('… [00bb0000] on node 2.');
    const proof = prove([node(1), node(2), node(3, { call: { digest: '00ff', text: 'jest src' } })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'calls-differ')).toContain('Jest calls differ: jest on nodes 1 and 2; jest src on node 3.');
  });

  test('a copy of a blob is an error', () => {
    const proof = prove([...whole(), node(2)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'duplicate-blob')).toContain(
      'The blob of node 2 exists twice: report/2.jsonl and report/4.jsonl.',
    );
  });

  test('copies of many blobs are one error, with the command that removes them all', () => {
    const { verdict } = prove([...whole(), ...whole(), node(1)]);
    expect(verdict.findings).toMatchObject([
      {
        code: 'duplicate-blob',
        message: '4 blobs are copies of others (node 1, node 2, node 3), such as report/4.jsonl of report/1.jsonl.',
        remedy: expect.stringContaining('\n  rm report/4.jsonl report/5.jsonl report/6.jsonl report/7.jsonl\n'),
        nodes: [1, 2, 3],
      },
    ]);
  });
});

describe('files', () => {
  test('a node ran one too few', () => {
    const second = node(2);
    const proof = prove([node(1), { ...second, files: second.files.slice(1) }, node(3)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'missing-items')).toContain(
      '1 file of node 2 never ran: b.test.js. | Run what is missing here, by the plan in the other blobs, and prove again: npx jest-distributed merge --run-missing',
    );
  });

  test("a node ran one too many: another's", () => {
    const first = node(1);
    const proof = prove([{ ...first, files: [...first.files, recordOf('d.test.js')] }, node(2), node(3)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'doubled-items')).toContain('1 file ran more than once: d.test.js (nodes 1 and 3).');
  });

  test('a node ran one of its own twice', () => {
    const first = node(1);
    const proof = prove([{ ...first, files: [...first.files, ...first.files] }, node(2), node(3)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'doubled-items')).toContain('a.test.js (node 1, more than once)');
  });

  test('a node ran a file that nobody found', () => {
    const first = node(1);
    const proof = prove([{ ...first, files: [...first.files, recordOf('x.test.js')] }, node(2), node(3)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'unknown-items')).toContain('x.test.js (node 1)');
    expect(proof.verdict.findings.find(({ code }) => code === 'unknown-items')?.nodes).toEqual([1]);
  });

  test('a file that was found but not planned never ran', () => {
    const found = [...FOUND, 'new.test.js'].map(fileOf);
    const proof = prove([node(1, { found }), node(2, { found }), node(3, { found })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'missing-items')).toContain('1 file never ran: new.test.js.');
    expect(says(proof, 'unplanned-items')).toContain('1 file found but not planned: new.test.js.');
  });

  test('a file that was planned but that nobody found', () => {
    const plan = planOf([...PIECES, { path: 'old.test.js', node: 1 }], 3);
    const proof = prove([node(1, {}, plan), node(2, {}, plan), node(3, {}, plan)]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'unplanned-items')).toContain('1 file planned but found by no node: old.test.js.');
  });

  test('a file that ran once, elsewhere, is not lost', () => {
    const first = node(1);
    const proof = prove([
      { ...first, files: [...first.files, recordOf('d.test.js')] },
      node(2),
      { ...node(3), files: [] },
    ]);
    expect(proof.verdict.ok).toBe(true);
    expect(says(proof, 'moved-items')).toContain('d.test.js (planned for node 3, ran on node 1)');
  });
});

describe('files that failed to run', () => {
  const broken = (message: string): FileRecord =>
    recordOf('b.test.js', {
      result: { ...resultOf('b.test.js', []), numPassingTests: 0 },
      execError: { message, stack: `Error: ${message}\n    at x` },
    });

  test('are named with the cause and do not count as run', () => {
    const second = {
      ...node(2),
      files: [broken('A jest worker process was terminated: SIGKILL'), recordOf('c.test.js')],
    };
    const { verdict } = prove([node(1), second, node(3)]);
    expect(verdict.ok).toBe(false);
    expect(verdict.counts).toMatchObject({ items: 4, ranOnce: 3 });
    expect(verdict.findings).toMatchObject([
      {
        code: 'file-failed',
        message:
          '1 file failed to run, so its tests have no result: b.test.js (node 2: A jest worker process was terminated: SIGKILL).',
        nodes: [2],
        items: ['b.test.js'],
      },
    ]);
  });

  test('are named by paths from the root, as people name them', () => {
    const second = { ...node(2), files: [broken("ENOENT, open '<jd:rootDir>/b.test.js'"), recordOf('c.test.js')] };
    expect(says(prove([node(1), second, node(3)]), 'file-failed')).toContain("(node 2: ENOENT, open 'b.test.js')");
  });

  test('are others than those in which a hook failed after the tests', () => {
    const hook = { ...broken('afterAll'), result: resultOf('b.test.js') };
    const second = { ...node(2), files: [hook, recordOf('c.test.js')] };
    expect(prove([node(1), second, node(3)]).verdict).toMatchObject({ ok: true, findings: [] });
  });
});

describe('runs that prove nothing', () => {
  test('a disabled node is told and not counted', () => {
    const off = { ...node(3, { disabled: { source: 'JEST_DISTRIBUTED_DISABLED' }, plan: null }) };
    const proof = prove([node(1), node(2), off]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'disabled')).toContain(
      'disabled on node 3 (from JEST_DISTRIBUTED_DISABLED): what ran there is not counted.',
    );
    expect(says(proof, 'missing-node')).toContain(
      'Node 3 of 3 left only a blob of a disabled run, which does not count.',
    );
    expect(proof.accepted.map(({ path }) => path)).not.toContain('report/3.jsonl');
  });

  test('nothing but a disabled run is red', () => {
    const off = node(1, { disabled: { source: 'JEST_DISTRIBUTED_DISABLED' }, plan: null });
    const proof = prove([off]);
    expect(proof.verdict.ok).toBe(false);
    expect(proof.verdict.findings).toMatchObject([{ code: 'disabled', severity: 'error' }]);
  });

  test('a node that ran its local failures', () => {
    const proof = prove([node(1), node(2), node(3, { provable: { ok: false, reason: 'it ran --onlyFailures' } })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'not-provable')).toContain('Node 3 does not count: it ran --onlyFailures.');
  });
});

describe('split files', () => {
  const SPLIT: readonly PlannedPiece[] = [
    { path: 'big.test.js', part: 'one', node: 1 },
    { path: 'big.test.js', part: 'two', node: 2 },
  ];
  const SEEN = ['adds', 'subtracts', 'same', 'same'];
  const split = planOf(SPLIT, 2);

  function run(...parts: readonly (readonly [mine: readonly string[], seen?: readonly string[]])[]): Proof {
    return prove(
      parts.map(([mine, seen = SEEN], index) => ({
        header: headerOf(index + 1, split, ['big.test.js']),
        files: [partOf('big.test.js', [(SPLIT[index] as PlannedPiece).part as string], seen, mine)],
        end: endOf(),
      })),
    );
  }

  test('every test once is proven', () => {
    expect(run([['adds', 'same', 'same']], [['subtracts']]).verdict).toMatchObject({
      ok: true,
      findings: [],
      counts: { items: 2, ranOnce: 2, tests: 4 },
    });
  });

  test('a part that never ran', () => {
    const proof = prove([
      {
        header: headerOf(1, split, ['big.test.js']),
        files: [partOf('big.test.js', ['one'], SEEN, ['adds'])],
        end: endOf(),
      },
      { header: headerOf(2, split, ['big.test.js']), files: [], end: endOf() },
    ]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'missing-items')).toContain('1 part of split files of node 2 never ran: big.test.js › two.');
  });

  test('files and parts that never ran are counted apart', () => {
    const planned = planOf([...SPLIT, { path: 'small.test.js', node: 2 }], 2);
    const all = ['big.test.js', 'small.test.js'];
    const proof = prove([
      { header: headerOf(1, planned, all), files: [partOf('big.test.js', ['one'], SEEN, ['adds'])], end: endOf() },
      { header: headerOf(2, planned, all), files: [], end: endOf() },
    ]);
    expect(says(proof, 'missing-items')).toContain(
      '1 file and 1 part of split files of node 2 never ran: big.test.js › two, small.test.js.',
    );
  });

  test('a test that no node ran', () => {
    const proof = run([['adds']], [['same', 'same']]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'missing-tests')).toContain('big.test.js: 1 test ran on no node: "subtracts".');
  });

  test('a test of a repeated name that ran too seldom', () => {
    expect(says(run([['adds', 'same']], [['subtracts']]), 'missing-tests')).toContain('"same"');
  });

  test('a test that two nodes ran', () => {
    const proof = run([['adds', 'same', 'same']], [['adds', 'subtracts']]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'doubled-tests')).toContain('1 test ran on more than one node: "adds" (nodes 1 and 2).');
  });

  test('a test that one node does not see', () => {
    const proof = run([['adds', 'same', 'same']], [['subtracts'], ['subtracts', 'adds']]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'tests-differ')).toContain(
      '1 test not seen by all nodes that loaded the file, so it is not certain that every test of it ran once: "same" (not by node 2).',
    );
  });

  test('names that change from node to node are one finding with the one advice that helps', () => {
    const proof = run([['adds'], ['adds', 'at 1']], [['at 2'], ['adds', 'at 2']]);
    expect(proof.verdict.ok).toBe(false);
    expect(proof.verdict.findings.map(({ code }) => code)).toEqual(['tests-differ']);
    expect(says(proof, 'tests-differ')).toContain('"at 1" (not by node 2), "at 2" (not by node 1)');
    expect(says(proof, 'tests-differ')).toContain(
      'Keep the file whole with the pragma "@jest-distributed whole" in it',
    );
  });

  test('a lost test is still named beside names that change', () => {
    const proof = run([['adds'], ['adds', 'lost', 'at 1']], [['at 2'], ['adds', 'lost', 'at 2']]);
    expect(says(proof, 'missing-tests')).toContain('1 test ran on no node: "lost".');
  });

  test('a node that does not say what it selected', () => {
    const silent = recordOf('big.test.js', { parts: ['two'] });
    const proof = prove([
      {
        header: headerOf(1, split, ['big.test.js']),
        files: [partOf('big.test.js', ['one'], SEEN, SEEN)],
        end: endOf(),
      },
      { header: headerOf(2, split, ['big.test.js']), files: [silent], end: endOf() },
    ]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'tests-unaccounted')).toContain(
      'big.test.js: node 2 ran a part of it and did not report which tests.',
    );
  });

  test('a test that was selected but has no result', () => {
    const record = { ...partOf('big.test.js', ['two'], SEEN, ['subtracts']), result: resultOf('big.test.js', []) };
    const proof = prove([
      {
        header: headerOf(1, split, ['big.test.js']),
        files: [partOf('big.test.js', ['one'], SEEN, ['adds', 'same', 'same'])],
        end: endOf(),
      },
      { header: headerOf(2, split, ['big.test.js']), files: [record], end: endOf() },
    ]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'tests-unaccounted')).toContain('1 test selected, but without a result: "subtracts" (node 2).');
  });

  test.each(['passed', 'failed'] as const)('a test that ran without being selected and %s', (status) => {
    const result = resultOf('big.test.js', ['subtracts', 'adds']);
    const testResults = result.testResults.map((one) => (one.fullName === 'adds' ? { ...one, status } : one));
    const record = { ...partOf('big.test.js', ['two'], SEEN, ['subtracts']), result: { ...result, testResults } };
    const proof = prove([
      {
        header: headerOf(1, split, ['big.test.js']),
        files: [partOf('big.test.js', ['one'], SEEN, ['adds', 'same', 'same'])],
        end: endOf(),
      },
      { header: headerOf(2, split, ['big.test.js']), files: [record], end: endOf() },
    ]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'stray-tests')).toContain('"adds" (node 2)');
  });

  describe('whose tests are dealt one by one', () => {
    const dealt = { ...planOf([{ path: 'big.test.js', node: 1 }], 2), hashBy: 'test' as const };
    const found = ['big.test.js'];
    const blob = (number: number, files: readonly FileRecord[]): BlobParts => ({
      header: headerOf(number, dealt, found),
      files,
      end: endOf(),
    });

    test('many nodes load the file, and it ran once', () => {
      const proof = prove([
        blob(1, [partOf('big.test.js', null, SEEN, ['adds'])]),
        blob(2, [partOf('big.test.js', null, SEEN, ['subtracts', 'same', 'same'])]),
      ]);
      expect(proof.verdict).toMatchObject({ ok: true, findings: [], counts: { items: 1, ranOnce: 1, tests: 4 } });
    });

    test('a node that left the file out lost its tests', () => {
      const proof = prove([blob(1, [partOf('big.test.js', null, SEEN, ['adds', 'same', 'same'])]), blob(2, [])]);
      expect(proof.verdict.ok).toBe(false);
      expect(says(proof, 'missing-tests')).toContain('"subtracts"');
    });

    test('a node that ran all of it doubled tests', () => {
      const proof = prove([blob(1, [partOf('big.test.js', null, SEEN, ['adds'])]), blob(2, [recordOf('big.test.js')])]);
      expect(proof.verdict.ok).toBe(false);
      expect(says(proof, 'doubled-items')).toContain('big.test.js (nodes 1 and 2)');
    });

    test('a file that no node can load is not called doubled, but one that failed to run', () => {
      const crash = recordOf('big.test.js', {
        execError: { message: 'no', stack: '' },
        result: resultOf('big.test.js', []),
      });
      const parts = [1, 2].map((node) => ({ path: 'big.test.js', part: `${node}/2 by test`, node }));
      // Also where only a mark deals this one file.
      for (const hashBy of ['test', 'file'] as const) {
        const plan = { ...planOf(parts, 2), hashBy };
        const ran = [1, 2].map((node) => ({ header: headerOf(node, plan, found), files: [crash], end: endOf() }));
        const { ok, findings, counts } = prove(ran).verdict;
        expect({ ok, counts }).toMatchObject({ ok: false, counts: { items: 2, ranOnce: 0 } });
        expect(findings).toMatchObject([{ code: 'file-failed', nodes: [1, 2], items: ['big.test.js'] }]);
      }
    });

    test('a whole file that two nodes cannot load is doubled all the same', () => {
      const crash = recordOf('big.test.js', { execError: { message: 'no', stack: '' } });
      const proof = prove([blob(1, [crash]), blob(2, [crash])]);
      expect(says(proof, 'doubled-items')).toContain('big.test.js (nodes 1 and 2)');
    });
  });
});
