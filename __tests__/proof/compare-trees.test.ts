/** One run over checkouts that are not the same. */
import { describe, expect, test } from '@jest/globals';
import { createInterner } from '../../src/blob/blob-summary';
import type { TreeRecord } from '../../src/blob/tree-line';
import { proveRun } from '../../src/proof/proof';
import { type BlobParts, endOf, headerOf, planOf, recordOf, summaryOf } from './run';

const FOUND = ['b.test.js', 'a.test.js', 'c.test.js'];
const PLAN = planOf(
  FOUND.map((path, index) => ({ path, node: index + 1 })),
  3,
);

function treeOf(change: Partial<TreeRecord> = {}): TreeRecord {
  return {
    dirty: false,
    algorithm: 'sha1',
    files: ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc'],
    configs: [{ project: null, folder: '', settings: { testMatch: '11111111', roots: '22222222' } }],
    settings: { hashBy: 'file', split: null },
    ...change,
  };
}

function prove(...trees: readonly (Partial<TreeRecord> | null)[]) {
  const interner = createInterner();
  const summaries = trees.map((change, index) => {
    const parts: BlobParts = {
      header: headerOf(index + 1, PLAN, FOUND),
      files: [recordOf(FOUND[index] as string)],
      end: endOf(),
      tree: change === null ? null : treeOf(change),
    };
    return summaryOf(`${index + 1}.jsonl`, parts, interner);
  });
  return proveRun(summaries, [], ['report']).verdict;
}

test('equal checkouts are no finding; a node that says nothing of its own is one', () => {
  expect(prove({}, {}, {})).toMatchObject({ ok: true, findings: [] });
  expect(prove({}, {}, null)).toMatchObject({ ok: false, findings: [{ code: 'lost-lines', nodes: [3] }] });
  expect(prove({}, {}, { files: ['aaaaaaaaaaaaaaaa', null, 'cccccccccccccccc'] })).toMatchObject({ ok: true });
});

test('another version of a test file names file, nodes and that something is changed there', () => {
  const verdict = prove({}, { files: ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'dddddddddddddddd'], dirty: true }, {});
  expect(verdict.ok).toBe(false);
  expect(verdict.findings).toMatchObject([
    {
      code: 'file-versions-differ',
      severity: 'error',
      message:
        'Nodes had different versions of 1 test file. Tracked files are changed on node 2.\n    c.test.js: cccccccc on nodes 1 and 3; dddddddd on node 2',
      remedy:
        'Run node 2 again without the changes ("git status" there lists them):\n  npx jest-distributed run --nodes 3 --node-number 2 --expect-digest d1',
      nodes: [2],
      items: ['c.test.js: cccccccc on nodes 1 and 3; dddddddd on node 2'],
    },
  ]);
});

test('what a person changed between the starts of two nodes is named, where nodes say it', () => {
  const changed = { 'src/m.js': 'eeeeeeeeeeeeeeee' };
  const verdict = prove({ changed }, { changed }, { changed: { 'src/gone.js': '-' } });
  expect(verdict.ok).toBe(false);
  expect(verdict.findings).toMatchObject([
    {
      code: 'changes-differ',
      severity: 'error',
      nodes: [3],
      items: [
        'src/gone.js: as committed on nodes 1 and 2; gone on node 3',
        'src/m.js: eeeeeeee on nodes 1 and 2; as committed on node 3',
      ],
    },
  ]);
  expect(prove({ changed }, { changed }, { changed })).toMatchObject({ ok: true, findings: [] });
  expect(prove({ changed }, { changed }, {})).toMatchObject({ ok: true, findings: [] });
});

test('names of different hashes are not compared', () => {
  const other = { algorithm: 'sha256', files: ['1', '2', '3'] } as const;
  expect(prove({}, {}, other)).toMatchObject({ ok: true, findings: [] });
});

describe('another Jest config', () => {
  test('names the setting and the project', () => {
    const configs = [{ project: 'unit', folder: 'unit', settings: { testMatch: '99999999', roots: '22222222' } }];
    const base = [{ project: 'unit', folder: 'unit', settings: { testMatch: '11111111', roots: '22222222' } }];
    const verdict = prove({ configs: base }, { configs: base }, { configs });
    expect(verdict.ok).toBe(false);
    expect(verdict.findings).toMatchObject([
      {
        code: 'configs-differ',
        message:
          'The Jest config differs between nodes in 1 setting.\n    testMatch of project unit: 11111111 on nodes 1 and 2; 99999999 on node 3',
        nodes: [3],
      },
    ]);
  });
});

test('other settings of ours are named with their values', () => {
  const verdict = prove({}, { settings: { hashBy: 'file', split: ['**/*'] } }, {});
  expect(verdict.ok).toBe(false);
  expect(verdict.findings).toMatchObject([
    { code: 'settings-differ', message: 'The setting split differs: (not set) on nodes 1 and 3; ["**/*"] on node 2.' },
  ]);
  // A node that obeyed a plan file made no plan.
  expect(prove({}, { settings: null }, {}).ok).toBe(true);
});
