/** What stands first, and where running what is missing is no help. */
import { describe, expect, test } from '@jest/globals';
import type { BlobHeader } from '../../src/blob/blob';
import { createInterner } from '../../src/blob/blob-summary';
import { countErrors, foldFindings } from '../../src/proof/finding';
import { findLastingCause } from '../../src/proof/finding-order';
import { type Expectations, proveRun, type Verdict, withFindings } from '../../src/proof/proof';
import {
  type BlobParts,
  endOf,
  exitOf,
  fileOf,
  headerOf,
  labelled,
  planOf,
  recordOf,
  runOf,
  START_MS,
  summaryOf,
} from './run';

const PIECES = ['a', 'b', 'c', 'd'].map((name, index) => ({ path: `${name}.test.js`, node: index + 1 }));
const FOUND = PIECES.map(({ path }) => path);
const PLAN = planOf(PIECES, 4);

const node = (number: number, change: Partial<BlobHeader> = {}) => ({
  header: headerOf(number, PLAN, FOUND, change),
  files: PIECES.filter((piece) => piece.node === number).map(({ path }) => recordOf(path)),
  end: endOf(),
});

function proof(blobs: readonly BlobParts[], expectations: Expectations = {}) {
  const interner = createInterner();
  const summaries = blobs.map((parts, index) => summaryOf(`report/${index + 1}.jsonl`, parts, interner));
  return proveRun(summaries, [], ['report'], expectations);
}

const codes = ({ findings }: Verdict) => findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code);

describe('several jobs with one number', () => {
  const starts = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      node(2, { blobId: `blob-${index}`, startMs: START_MS + index * 5000, processStartMs: START_MS + index * 5000 }),
    );

  test('are the first thing that is said, and nothing is offered to be run', () => {
    const { verdict } = proof(starts(4));
    expect(verdict.findings.filter(({ severity }) => severity === 'error')[0]).toMatchObject({
      code: 'missing-node',
      message: 'Node 2 was started 4 times, and nodes 1, 3 and 4 never: give every job its own node number.',
      remedy:
        'The number is set by --nodes and --node-number. If node 2 was started again on purpose, start nodes 1, 3 and 4 too.',
      nodes: [1, 3, 4],
    });
    expect(codes(verdict)).toEqual(['missing-node', 'missing-items', 'missing-items', 'missing-items']);
    expect(JSON.stringify(verdict)).not.toContain('--run-missing');
    expect(findLastingCause(verdict.findings)?.code).toBe('missing-node');
  });

  test('a plain re-run is none, nor what a CI calls another attempt', () => {
    expect(proof([node(1), ...starts(2), node(3), node(4)]).verdict.ok).toBe(true);
    const retried = { run: runOf({ attempt: 2 }), blobId: 'again', startMs: START_MS + 5000 };
    const { verdict } = proof([node(1), node(2), node(2, retried), node(3)]);
    expect(verdict.findings.find(({ code }) => code === 'missing-node')?.message).toBe(
      'The blob of node 4 of 4 is missing.',
    );
  });
});

describe('no blob that counts', () => {
  test('is the only thing that is said', () => {
    expect(codes(proof([], { expectNodes: 3 }).verdict)).toEqual(['no-blob']);
  });

  const labels = (...names: string[]) =>
    names.map((name, index) => node(1, { job: labelled(name), blobId: `blob-${index}` }));

  test.each([
    ['integraton', ['unit', 'integration'], 'Did you mean --label integration?'],
    [
      'nightly',
      ['unit', 'e2e'],
      'Labels there: e2e, unit. Name one with --label, or download the artifacts of the one that is meant.',
    ],
  ])('for the label %s: what is there', (label, there, remedy) => {
    const { verdict } = proof(labels(...there), { label, expectNodes: 3 });
    expect(codes(verdict)).toEqual(['no-blob']);
    expect(verdict.findings[0]).toMatchObject({ remedy, message: expect.stringContaining(`with the label ${label}`) });
  });

  test('for a label where there is none', () => {
    expect(proof([node(1)], { label: 'unit' }).verdict.findings[0]).toMatchObject({
      message: 'There is no blob with the label unit. There are only blobs of run 77.',
      remedy: 'Remove --label, or give the nodes the same label.',
    });
  });
});

describe('a test that ends the process of its node', () => {
  const exited = (number: number, running: readonly string[], code = 0) => ({
    ...node(number),
    files: [],
    end: null as never,
    exit: exitOf({ code, running }),
  });

  test('is the cause of what is missing there, and running it again is not offered', () => {
    const { verdict } = proof([node(1), exited(2, ['b.test.js']), node(3), node(4)]);
    expect(verdict.findings).toEqual([
      expect.objectContaining({
        code: 'incomplete',
        message:
          'Node 2 was cut short: its process ended with exit code 0 while it ran b.test.js; it had finished 0 files.',
        remedy:
          'Look for process.exit() in its tests and in the code that they run, correct it, and run the nodes again.',
      }),
      expect.objectContaining({
        code: 'missing-items',
        message: '1 file of node 2 has no result; it was running when the process of the node ended: b.test.js.',
        cause: 'incomplete',
      }),
    ]);
    expect(countErrors(verdict.findings)).toBe(1);
    expect(JSON.stringify(verdict)).not.toContain('--run-missing');
  });

  test('leaves what its node did not get to, and other nodes are to be run after it is corrected', () => {
    const { verdict } = proof([node(1), exited(2, [], 0), exited(3, ['c.test.js'], 3)]);
    const told = verdict.findings.map(({ code, nodes, cause }) => [code, nodes, cause]);
    expect(told).toEqual([
      ['incomplete', [2], undefined],
      ['incomplete', [3], undefined],
      ['missing-node', [4], undefined],
      ['missing-items', [3], 'incomplete'],
      ['missing-items', [2], 'incomplete'],
      ['missing-items', [4], undefined],
    ]);
    expect(JSON.stringify(verdict)).not.toContain('--run-missing');
  });

  test('has nothing to do with another checkout', () => {
    const checkout = { code: 'checkout-differs', message: 'Other.', remedy: 'Same.', nodes: [], items: [] } as const;
    const start = proof([node(1), exited(2, ['b.test.js']), node(3), node(4)]);
    const { verdict } = withFindings(start, [{ ...checkout, severity: 'error' }]);
    expect(
      foldFindings(verdict.findings).map(({ finding, consequences }) => [finding.code, consequences.length]),
    ).toEqual([
      ['incomplete', 1],
      ['checkout-differs', 0],
    ]);
  });

  test('is not meant where a signal gave the exit code, or a test failed to be run by a kill', () => {
    for (const exit of [exitOf({ code: 130, running: ['b.test.js'] }), null]) {
      const { verdict } = proof([node(1), { ...exited(2, []), exit }, node(3), node(4)]);
      expect(JSON.stringify(verdict)).toContain('--run-missing');
    }
  });
});

describe('nodes that disagree', () => {
  test('are named before what comes of it, which is no longer offered to be run', () => {
    const other = node(3, { commit: 'badc0de', commitTree: 'f00d', found: FOUND.slice(1).map(fileOf) });
    const { verdict } = proof([node(1), { ...node(2), end: null as never }, other]);
    expect(codes(verdict).slice(0, 2)).toEqual(['inputs-differ', 'files-differ']);
    expect(JSON.stringify(verdict)).not.toContain('--run-missing');
    const remedies = new Map(verdict.findings.map(({ code, remedy }) => [code, remedy]));
    expect(remedies.get('inputs-differ')).toBe(
      'Check out the same commit on every node: run node 3 again on commit c0ffee.',
    );
    expect(remedies.get('missing-items')).toBe('Correct inputs-differ first (above).');
    expect(remedies.get('missing-node')).toMatch(/ Correct inputs-differ first \(above\), and run node 4 again\.$/);
  });

  test('one wrong argument is one error, and what comes of it is folded below it', () => {
    const call = { digest: '00ff', text: 'jest src' };
    const inputs = { testNamePattern: null, pathPattern: 'src', isFiltered: true };
    const other = node(3, { call, found: FOUND.slice(1).map(fileOf), planInputs: inputs, jestVersion: '29.7.0' });
    const { verdict } = proof([node(1), node(2), other, node(4)]);
    const [first, second, ...rest] = foldFindings(verdict.findings);
    expect([first?.finding.code, first?.consequences.map(({ code }) => code)]).toEqual([
      'calls-differ',
      ['inputs-differ', 'inputs-differ', 'files-differ'],
    ]);
    // Another version of Jest comes of something else.
    expect([second?.finding.message, second?.consequences]).toEqual([
      'Versions of Jest differ: 30.5.2 on nodes 1, 2 and 4; 29.7.0 on node 3.',
      [],
    ]);
    expect(rest).toEqual([]);
    expect(countErrors(verdict.findings)).toBe(2);
  });

  test('also with the checkout that merges them', () => {
    const checkout = { code: 'checkout-differs', message: 'Other.', remedy: 'Same.', nodes: [], items: [] } as const;
    const start = proof([node(1), node(2), node(3)]);
    expect(JSON.stringify(withFindings(start, [{ ...checkout, severity: 'warning' }]))).toContain('--run-missing');
    const { verdict } = withFindings(start, [{ ...checkout, severity: 'error' }]);
    expect(codes(verdict)).toEqual(['checkout-differs', 'missing-node', 'missing-items']);
    expect(JSON.stringify(verdict)).not.toContain('--run-missing');
  });

  test('nothing stands in the way of a node that is only missing', () => {
    expect(findLastingCause(proof([node(1), node(2), node(3)]).verdict.findings)).toBeUndefined();
  });
});
