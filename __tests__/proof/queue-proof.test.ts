/** Runs of a queue: blobs add up, later attempts replace, and the queue's own list must agree. */
import { describe, expect, test } from '@jest/globals';
import type { BlobHeader, FileRecord } from '../../src/blob/blob';
import { createInterner } from '../../src/blob/blob-summary';
import type { FindingCode } from '../../src/proof/finding';
import { type Expectations, type Proof, proveRun, withFindings } from '../../src/proof/proof';
import { nameBegun, proveQueue } from '../../src/proof/queue-proof';
import type { AcceptedResult } from '../../src/queue/queue';
import { type BlobParts, endOf, exitOf, headerOf, planOf, recordOf, runOf, summaryOf } from './run';

const FILES = ['a.test.js', 'b.test.js', 'c.test.js'];
const PLAN = planOf(
  FILES.map((path, index) => ({ path, node: (index % 2) + 1 })),
  2,
);

type Run = Partial<NonNullable<FileRecord['queue']>> & { readonly fails?: boolean };

let sessions = 0;

function node(name: string, ran: Readonly<Record<string, Run>>, change: Partial<BlobHeader> = {}): BlobParts {
  sessions += 1;
  const queue = { pipeline: 'web', runId: '77', node: name, served: 'database', session: `s${sessions}` } as const;
  return {
    header: headerOf(1, PLAN, FILES, { queue, ...change }),
    files: Object.entries(ran).map(([path, { fails = false, ...run }]) => {
      const record = recordOf(path);
      return {
        ...record,
        result: { ...record.result, numFailingTests: fails ? 1 : 0 },
        queue: { attempt: 1, claimNumber: 1, part: null, inherited: false, ...run },
      };
    }),
    end: endOf(),
  };
}

const attempt = (number: number): Partial<BlobHeader> => ({ run: runOf({ id: '77', attempt: number }) });

function prove(blobs: readonly BlobParts[], expectations: Expectations = {}): Proof {
  const interner = createInterner();
  const summaries = blobs.map((parts, index) => summaryOf(`report/${index + 1}.jsonl`, parts, interner));
  return proveRun(summaries, [], ['report'], expectations);
}

const codes = ({ verdict }: Proof): FindingCode[] => verdict.findings.map(({ code }) => code);
const says = ({ verdict }: Proof, code: FindingCode): string =>
  verdict.findings
    .filter((finding) => finding.code === code)
    .map(({ message }) => message)
    .join('\n');
const ranBy = ({ accepted }: Proof): Record<string, number> =>
  Object.fromEntries(accepted.flatMap(({ metadata, runs }) => runs.map(({ key }) => [key, metadata.node.number])));

describe('blobs of a queue', () => {
  test('are numbered as their nodes are called: numbers first, in their order, then names', () => {
    const proof = prove([
      node('10', { 'a.test.js': {} }),
      node('#1', { 'b.test.js': {} }),
      node('9', { 'c.test.js': {} }),
    ]);
    expect(proof.accepted.map(({ metadata }) => metadata.queue?.node)).toEqual(['9', '10', '#1']);
    // No two have one number, and names come after the last number.
    const named = prove([
      node('3', { 'a.test.js': {} }),
      node('x', { 'b.test.js': {} }),
      node('y', { 'c.test.js': {} }),
    ]);
    expect(named.accepted.map(({ metadata }) => metadata.node.number)).toEqual([3, 4, 5]);
  });

  test('of as many nodes as are expected, or more, are no finding', () => {
    const nodes = [node('1', { 'a.test.js': {}, 'b.test.js': {} }), node('2', { 'c.test.js': {} })];
    for (const expectNodes of [1, 2]) expect(codes(prove(nodes, { expectNodes }))).not.toContain('nodes-expected');
    expect(codes(prove(nodes, { expectNodes: 3 }))).toContain('nodes-expected');
  });

  test('add up whoever ran what, and nothing has moved', () => {
    const proof = prove([node('2', { 'a.test.js': {}, 'c.test.js': {} }), node('1', { 'b.test.js': {} })]);
    expect(proof.verdict).toMatchObject({ ok: true, findings: [], counts: { nodes: 2, items: 3, ranOnce: 3 } });
    expect(ranBy(proof)).toEqual({ 'b.test.js': 1, 'a.test.js': 2, 'c.test.js': 2 });
  });

  test('of a node that died are worth what they hold', () => {
    const dead = { ...node('1', { 'a.test.js': {} }), end: null };
    const proof = prove([dead, node('2', { 'b.test.js': {}, 'c.test.js': {} })]);
    expect(proof.verdict.ok).toBe(true);
    expect(codes(proof)).toEqual(['incomplete']);
    const lost = prove([dead, node('2', { 'b.test.js': {} })]);
    expect(lost.verdict.ok).toBe(false);
    expect(says(lost, 'missing-items')).toBe('1 file never ran: c.test.js.');
    expect(lost.missing).toEqual([{ file: { project: null, path: 'c.test.js' }, part: null }]);
  });

  test.each([
    ['ended itself in the middle', { end: null, exit: exitOf({ code: 1 }) }],
    ['did not end after its tests', { exit: null }],
  ])('of a node that %s: red, whatever the others ran', (_, how) => {
    const left = { ...node('1', { 'a.test.js': {} }), ...how };
    const proof = prove([left, node('2', { 'b.test.js': {}, 'c.test.js': {} })]);
    expect([proof.verdict.ok, codes(proof)]).toEqual([false, ['incomplete']]);
  });

  test('of an item that two nodes told as theirs are doubled', () => {
    const all = { 'a.test.js': {}, 'b.test.js': {}, 'c.test.js': {} };
    const proof = prove([node('1', all), node('2', { 'a.test.js': { claimNumber: 2 } })]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'doubled-items')).toContain('a.test.js (nodes 1 and 2)');
  });

  test('of a later attempt replace what they ran again, and nothing else', () => {
    const first = node('1', { 'a.test.js': { fails: true }, 'b.test.js': {} });
    const other = node('2', { 'c.test.js': {} });
    const again = node('1', { 'a.test.js': { attempt: 2 } }, attempt(2));
    const proof = prove([again, first, other]);
    expect(proof.verdict.ok).toBe(true);
    expect(proof.accepted.map(({ runs }) => runs.map(({ key, failed }) => `${key} ${failed}`))).toEqual([
      ['b.test.js false'],
      ['a.test.js false'],
      ['c.test.js false'],
    ]);
    expect(proof.accepted.map(({ metadata, isReplaced }) => [metadata.node.number, isReplaced])).toEqual([
      [1, true],
      [1, false],
      [2, false],
    ]);
    expect(proof.verdict.counts).toMatchObject({ nodes: 2, accepted: 2, blobs: 3 });
  });

  test('that tell a failure of an earlier process of their name count once', () => {
    const killed = { ...node('1', { 'a.test.js': { fails: true } }), end: null };
    const restarted = node('1', { 'a.test.js': { fails: true, inherited: true }, 'b.test.js': {}, 'c.test.js': {} });
    expect(prove([killed, restarted]).verdict.ok).toBe(true);
    const alone = prove([restarted]);
    expect(alone.verdict.ok).toBe(true);
    expect(ranBy(alone)['a.test.js']).toBe(1);
  });

  test('parts that are dealt test by test are items of their own in a later attempt', () => {
    const part = (attempt: number, name: string) => ({ 'a.test.js': { attempt, part: name } });
    const rest = { 'b.test.js': {}, 'c.test.js': {} };
    const proof = prove([
      node('1', { ...part(1, '1 of 2'), ...rest }),
      node('2', part(1, '2 of 2')),
      node('2', part(2, '2 of 2'), attempt(2)),
    ]);
    expect(proof.accepted.map(({ runs }) => runs.length)).toEqual([3, 0, 1]);
  });

  const noDatabase = endOf({ errors: [{ message: 'The database cannot be reached.', stack: '' }] });
  const unsettled = (parts: BlobParts, path: string): BlobParts => ({
    ...parts,
    files: parts.files.map((file) => (file.file.path === path ? { ...file, queue: null } : file)),
    end: noDatabase,
  });

  test('of a node that lost the database hold what the queue never accepted: it does not count', () => {
    const proof = prove([unsettled(node('1', { 'a.test.js': {}, 'b.test.js': {} }), 'b.test.js')]);
    expect(proof.verdict).toMatchObject({ ok: false, counts: { ranOnce: 1 } });
    expect(says(proof, 'queue-unsettled')).toBe(
      '1 result of node 1 did not reach the queue, and does not count: b.test.js.',
    );
    expect(says(proof, 'missing-items')).toContain('b.test.js');
  });

  test('of a job that was run again are green, however badly the first attempt ended', () => {
    const all = { 'a.test.js': {}, 'b.test.js': {} };
    const cancelledBy = 'somebody';
    const first = unsettled(node('1', all), 'b.test.js');
    const second = {
      ...node('2', { 'c.test.js': {} }),
      end: endOf({ queue: { finished: false, cancelledBy, retried: [], superseded: [], flaky: [] } }),
    };
    expect(prove([first, second]).verdict.ok).toBe(false);
    const again = prove([first, second, node('1', { 'b.test.js': {} }, attempt(2)), node('2', {}, attempt(2))]);
    expect(again.verdict).toMatchObject({ ok: true, counts: { ranOnce: 3 } });
    expect(again.verdict.findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'run-error warning',
      'queue-cancelled warning',
    ]);
    expect(says(again, 'queue-cancelled')).not.toContain('every file ran');
    expect(again.verdict.findings[1]?.remedy).toMatch(/later attempt/);
    // Node 2, which somebody cancelled, was not run again, and nothing of it is missing.
    const half = prove([first, second, node('1', { 'b.test.js': {} }, attempt(2))]);
    expect(half.verdict.ok).toBe(true);
    expect(prove([first, second, node('1', {}, attempt(2))]).verdict.ok).toBe(false);
  });

  test('keep their numbers, and names that are none come after those', () => {
    const proof = prove([
      node('4', { 'a.test.js': {} }),
      node('zoe', { 'b.test.js': {} }),
      node('2', { 'c.test.js': {} }),
    ]);
    expect(proof.accepted.map(({ metadata }) => [metadata.queue?.node, metadata.node.number])).toEqual([
      ['2', 2],
      ['4', 4],
      ['zoe', 5],
    ]);
    expect(proof.verdict.counts).toMatchObject({ nodes: 3, accepted: 3 });
    expect(says(proof, 'queue-names')).toBe('Nodes of the queue by number: 5 is zoe.');
  });

  test('of a job that was run again under the same attempt replace those of the job before', () => {
    const job = (jobId: string): Partial<BlobHeader> => ({ run: runOf({ rerun: 'job' }), jobName: 'test 1/2', jobId });
    const red = { exit: exitOf({ code: 1 }) };
    const first = {
      ...node('1', { 'a.test.js': { fails: true }, 'b.test.js': {}, 'c.test.js': {} }, job('7')),
      ...red,
    };
    expect(prove([first]).accepted.map(({ isReplaced }) => isReplaced)).toEqual([false]);
    const again = prove([first, node('1', { 'a.test.js': { attempt: 2 } }, job('9'))]);
    expect([again.verdict.ok, again.accepted.map(({ isReplaced }) => isReplaced)]).toEqual([true, [true, false]]);
  });

  test('beside planned shares are an error', () => {
    const planned: BlobParts = {
      header: headerOf(2, PLAN, FILES),
      files: [recordOf('b.test.js')],
      end: endOf(),
    };
    const proof = prove([node('1', { 'a.test.js': {}, 'b.test.js': {}, 'c.test.js': {} }), planned]);
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'queue-mixed')).toMatch(/Some nodes pulled from a queue, and 1 node ran a planned share/);
  });

  test('that exist twice, or of too few nodes, are an error', () => {
    const one = node('1', { 'a.test.js': {}, 'b.test.js': {}, 'c.test.js': {} });
    expect(codes(prove([one, one]))).toEqual(['duplicate-blob']);
    const proof = prove([one], { expectNodes: 3 });
    expect(proof.verdict.ok).toBe(false);
    expect(says(proof, 'nodes-expected')).toBe('3 nodes are expected, but there are blobs of 1: 1.');
  });

  test('flaky files are no matter of the proof', () => {
    const queue = { finished: true, cancelledBy: null, retried: [], superseded: [], flaky: ['a.test.js'] };
    const base = node('1', { 'a.test.js': {}, 'b.test.js': {}, 'c.test.js': {} });
    expect(codes(prove([{ ...base, end: { ...endOf(), queue } }]))).toEqual([]);
  });

  describe('of a cancelled run', () => {
    const queue = { finished: false, cancelledBy: 'me', retried: [], superseded: [], flaky: [] };
    const message = 'jest-distributed: Run 77 of app was cancelled by me, so not every file ran.';
    const other = { message: 'the teardown failed', stack: '' };
    const cancelled = (files: readonly string[], errors = [{ message, stack: '' }]) => ({
      ...node('1', Object.fromEntries(files.map((file) => [file, {}]))),
      ...{ end: endOf({ queue, errors }), exit: exitOf({ code: 1 }) },
    });

    test('are one error where files did not run', () => {
      const proof = prove([cancelled(['a.test.js', 'b.test.js'])]);
      expect(proof.verdict.ok).toBe(false);
      expect(codes(proof)).toEqual(expect.arrayContaining(['queue-cancelled', 'missing-items']));
      expect(says(proof, 'queue-cancelled')).toBe('The run was cancelled by me, as node 1 saw.');
      expect(says(proof, 'run-error')).toBe('');
    });

    test('are whole where the cancellation came too late to stop anything', () => {
      const all = ['a.test.js', 'b.test.js', 'c.test.js'];
      const { verdict } = prove([cancelled(all)]);
      expect(verdict).toMatchObject({
        ok: true,
        findings: [{ code: 'queue-cancelled', severity: 'warning', remedy: expect.stringContaining('every file ran') }],
      });
      const broken = prove([cancelled(all, [{ message, stack: '' }, other])]);
      expect(broken.verdict.ok).toBe(false);
      expect(says(broken, 'run-error')).toContain('the teardown failed');
    });
  });
});

describe('the queue as a witness', () => {
  const accepted = (path: string, change: Partial<AcceptedResult> = {}): AcceptedResult => ({
    ...{ key: path, file: { project: null, path }, part: null, node: '1', attempt: 1, claimNumber: 1 },
    ...{ outcome: 'passed', failures: 0, durationMs: 10 },
    ...change,
  });
  const all = FILES.map((path) => accepted(path));
  const whole = () => prove([node('1', { 'a.test.js': {}, 'b.test.js': {}, 'c.test.js': {} })]);

  test('that agrees says nothing', () => {
    const proof = whole();
    expect(proveQueue(proof.accepted, all, 'database')).toEqual({ findings: [], items: 3, confirmed: 3 });
    expect(withFindings(proof, []).verdict.ok).toBe(true);
  });

  test.each<[string, readonly AcceptedResult[] | null, FindingCode, RegExp]>([
    ['knows no such run', null, 'queue-unknown', /has no run 77 of web/],
    [
      'lacks a result',
      all.slice(1),
      'queue-unaccepted',
      /in a blob, but have no accepted result there: a\.test\.js \(node 1\)/,
    ],
    [
      'has another outcome',
      [accepted('a.test.js', { outcome: 'failed' }), ...all.slice(1)],
      'queue-differs',
      /a\.test\.js \(passed in the blob, failed in the queue\)/,
    ],
    [
      'has another node',
      [accepted('a.test.js', { node: '9' }), ...all.slice(1)],
      'queue-differs',
      /in the blob of node 1; by node 9 in the queue/,
    ],
    [
      'has another attempt',
      [accepted('a.test.js', { claimNumber: 2 }), ...all.slice(1)],
      'queue-differs',
      /attempt 1, claim 1 in the blob of node 1; attempt 1, claim 2 in the queue/,
    ],
    ['has one more', [...all, accepted('d.test.js', { node: '2' })], 'queue-unreported', /d\.test\.js \(by node 2\)/],
    [
      'has one that killed all nodes',
      [...all, accepted('d.test.js', { outcome: 'poison' })],
      'queue-poison',
      /killed every node that ran them: d\.test\.js/,
    ],
  ])('that %s is an error', (_what, results, code, message) => {
    const proof = whole();
    const { findings } = proveQueue(proof.accepted, results, 'database');
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(findings[0]?.message).toMatch(message);
    expect(withFindings(proof, findings).verdict.ok).toBe(false);
  });

  test('that has a file which ended all its nodes is the cause, and running it again is not offered', () => {
    const exited = (name: string) => ({
      ...node(name, {}),
      end: null,
      exit: exitOf({ code: 0, running: ['c.test.js'] }),
    });
    const proof = prove([node('1', { 'a.test.js': {}, 'b.test.js': {} }), exited('2'), exited('3')]);
    expect(codes(proof)).toEqual(['incomplete', 'incomplete', 'missing-items']);
    const poison = accepted('c.test.js', { outcome: 'poison', node: '3' });
    const { findings } = proveQueue(proof.accepted, [...all.slice(0, 2), poison], 'database');
    const { verdict } = withFindings(proof, findings);
    expect(verdict.findings.map(({ code, cause }) => [code, cause])).toEqual([
      ['queue-poison', undefined],
      ['incomplete', 'queue-poison'],
      ['incomplete', 'queue-poison'],
      ['missing-items', 'queue-poison'],
    ]);
    expect(JSON.stringify(verdict)).not.toContain('--run-missing');
  });

  test('says what of the missing a node had begun', () => {
    const proof = prove([node('1', { 'a.test.js': {}, 'b.test.js': {} })]);
    const [missing] = nameBegun(proof, [{ key: 'c.test.js', node: 'b' }]).verdict.findings;
    expect(missing).toMatchObject({
      message: '1 file never ran: c.test.js. Started, but not finished: c.test.js (on node b).',
      remedy: expect.stringMatching(/^If a file that was started never ends, .*--run-missing$/),
    });
    expect(nameBegun(proof, [{ key: 'a.test.js', node: 'b' }])).toEqual(proof);
  });

  test('has no say in what was run here later', () => {
    const queue = { pipeline: 'web', runId: '77', node: 'run-missing', served: 'process', session: 'x' } as const;
    const proof = prove([
      node('1', { 'a.test.js': {}, 'b.test.js': {} }),
      node('run-missing', { 'c.test.js': { attempt: 2 } }, { queue, ...attempt(2) }),
    ]);
    expect(proveQueue(proof.accepted, all, 'database')).toEqual({ findings: [], items: 3, confirmed: 2 });
    expect(proveQueue(proof.accepted, all.slice(0, 2), 'database').findings).toEqual([]);
  });
});
