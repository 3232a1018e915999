/** Nodes that found no test file and were right to. */
import { describe, expect, test } from '@jest/globals';
import { createInterner } from '../../src/blob/blob-summary';
import { commonPlan } from '../../src/proof/compare-nodes';
import { type Proof, proveRun } from '../../src/proof/proof';
import { type BlobParts, endOf, headerOf, planOf, recordOf, summaryOf } from './run';

const REASON = 'no test file is related to what changed since main';

const idle = (node: number): BlobParts => ({
  header: headerOf(node, planOf([], 3, 'empty'), [], { nothing: REASON }),
  files: [],
  end: endOf(),
});

const PLAN = planOf(
  [
    { path: 'a.test.js', node: 1 },
    { path: 'b.test.js', node: 2 },
  ],
  3,
);

const working = (node: number, path?: string): BlobParts => ({
  header: headerOf(node, PLAN, ['a.test.js', 'b.test.js']),
  files: path === undefined ? [] : [recordOf(path)],
  end: endOf(),
});

function prove(blobs: readonly BlobParts[]): Proof {
  const interner = createInterner();
  return proveRun(
    blobs.map((parts, index) => summaryOf(`report/${index + 1}.jsonl`, parts, interner)),
    [],
    ['report'],
  );
}

describe('nothing to run', () => {
  test('has a plan all the same, which all nodes had', () => {
    const common = (blobs: readonly BlobParts[]) =>
      commonPlan(blobs.map((parts) => summaryOf('a.jsonl', parts, createInterner())))?.digest;
    expect(common([idle(1), idle(2), idle(3)])).toBe('empty');
    expect(common([idle(1), working(2, 'b.test.js'), idle(3)])).toBe('d1');
  });

  test('is proven where every node found nothing', () => {
    const { verdict } = prove([idle(1), idle(2), idle(3)]);
    expect(verdict).toMatchObject({ ok: true, counts: { nodes: 3, accepted: 3, items: 0 } });
    expect(verdict.findings).toEqual([
      expect.objectContaining({
        code: 'nothing-to-run',
        severity: 'note',
        message: `There was nothing to run: ${REASON}.`,
      }),
    ]);
  });

  test('is not proven where a node is missing', () => {
    const { verdict } = prove([idle(1), idle(3)]);
    expect(verdict.ok).toBe(false);
    expect(verdict.findings).toContainEqual(expect.objectContaining({ code: 'missing-node', nodes: [2] }));
  });

  test.each([
    ['one node', [working(1, 'a.test.js'), working(2, 'b.test.js'), idle(3)], 'Node 3 found nothing', [3]],
    ['most nodes', [working(1, 'a.test.js'), idle(2), idle(3)], 'Nodes 2 and 3 each found nothing', [2, 3]],
  ])('is an error that names %s that found nothing where others found files', (_who, blobs, says, nodes) => {
    const { verdict } = prove(blobs);
    expect(verdict.ok).toBe(false);
    const found = verdict.findings.filter(({ code }) => code === 'nothing-differs');
    expect(found).toEqual([expect.objectContaining({ severity: 'error', nodes })]);
    expect(found[0]?.message).toContain(says);
    expect(found[0]?.message).toContain('found 2 files');
    // What the others planned is still due.
    expect(verdict.counts.items).toBe(2);
    expect(verdict.findings.map(({ code }) => code)).not.toContain('plans-differ');
  });

  test('a reason beside files is no excuse for what did not run', () => {
    const blobs = [working(1, 'a.test.js'), working(2), working(3)].map((parts) => ({
      ...parts,
      header: { ...parts.header, nothing: REASON },
    }));
    const { verdict } = prove(blobs);
    expect(verdict.ok).toBe(false);
    expect(verdict.findings).toContainEqual(expect.objectContaining({ code: 'missing-items', items: ['b.test.js'] }));
  });
});
