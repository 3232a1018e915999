/** The checkout in which blobs are read, beside those of the nodes. */
import { expect, test } from '@jest/globals';
import type { TreeRecord } from '../../src/blob/tree-line';
import { commonCommit, knownContents, reportNotRunHere, reportOtherContents } from '../../src/proof/compare-checkout';
import { PLAIN_REPEAT } from '../../src/shell/reproduce-tests';
import { endOf, fileOf, headerOf, planOf, recordOf, summaryOf } from './run';

const FOUND = ['b.test.js', 'a.test.js'];
const PLAN = planOf(
  FOUND.map((path, index) => ({ path, node: index + 1 })),
  2,
);
const TREE: TreeRecord = {
  dirty: false,
  algorithm: 'sha1',
  files: ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'],
  configs: [{ project: null, folder: 'src', settings: {} }],
  settings: null,
};

function blobOf(node: number, commit: string | null, added = 0) {
  const record = recordOf(FOUND[node - 1] as string);
  const result = { ...record.result, snapshot: { ...record.result.snapshot, added } };
  const header = headerOf(node, PLAN, FOUND, { commit });
  return summaryOf(`${node}.jsonl`, { header, files: [{ ...record, result }], end: endOf(), tree: TREE });
}

test('the commit of most nodes; none where no node could tell', () => {
  expect(commonCommit([blobOf(1, 'one'), blobOf(2, 'two'), blobOf(2, 'two')])).toEqual({ commit: 'two', tree: '7ree' });
  expect(commonCommit([blobOf(1, null)])).toBeNull();
});

test('contents with their places, without files that wrote snapshots into themselves', () => {
  expect(knownContents([blobOf(1, null), blobOf(2, null)])).toEqual({
    algorithm: 'sha1',
    contents: [
      { file: fileOf('b.test.js'), place: 'src/b.test.js', content: 'bbbbbbbbbbbbbbbb' },
      { file: fileOf('a.test.js'), place: 'src/a.test.js', content: 'aaaaaaaaaaaaaaaa' },
    ],
  });
  const { contents } = knownContents([blobOf(1, null, 1), blobOf(2, null)]);
  expect(contents.map(({ place }) => place)).toEqual(['src/a.test.js']);
});

test('other contents are an error', () => {
  const known = knownContents([blobOf(1, null)]).contents;
  expect(reportOtherContents([], 'c0ffee')).toEqual([]);
  expect(reportOtherContents(known, 'c0ffee')).toMatchObject([
    {
      ...{ code: 'checkout-differs', severity: 'error', items: ['a.test.js', 'b.test.js'] },
      remedy: expect.stringContaining('\n  git checkout c0ffee\n'),
    },
  ]);
});

const here = (...names: string[]) => ({ files: names.map((name) => fileOf(name)), call: '5f0c2a9100000000' });

test('files that no node found, where all were asked for', () => {
  const { metadata } = blobOf(1, null);
  expect(reportNotRunHere(here('new.test.js', 'a.test.js'), [metadata])).toMatchObject([
    { code: 'not-run-here', severity: 'error', items: ['new.test.js'] },
  ]);
  expect(reportNotRunHere(here('a.test.js'), [metadata])).toEqual([]);
  expect(reportNotRunHere(here('new.test.js'), [])).toEqual([]);
  const filtered = { ...metadata, planInputs: { isFiltered: true } };
  expect(reportNotRunHere(here('new.test.js'), [filtered])).toEqual([]);
  const call = { digest: '5f0c2a9100000000', text: 'jest --testMatch **/a.*', findsOthers: true };
  const narrowed = [{ ...metadata, call }];
  expect(reportNotRunHere(here('new.test.js'), narrowed)).toMatchObject([{ severity: 'error' }]);
  expect(reportNotRunHere({ ...here('new.test.js'), call: 'ffff' }, narrowed)).toMatchObject([
    { code: 'not-run-here', severity: 'note', message: expect.stringContaining('"jest --testMatch **/a.*"') },
  ]);
});

test('files that other arguments find: the arguments are the cause, with the command that has them', () => {
  const job = { packageName: 'web', packageDir: '', rootDir: '', label: 'integration' };
  const call = { digest: '00ff', text: 'jest --config jest.integration.config.js' };
  const repeat = { ...PLAIN_REPEAT, jestArgs: ['--config', 'jest.integration.config.js', '--coverage'] };
  const metadata = { ...blobOf(1, null).metadata, job, call, repeat };
  expect(reportNotRunHere(here('new.test.js', 'a.test.js'), [metadata])).toMatchObject([
    {
      code: 'calls-differ',
      severity: 'error',
      message:
        'merge was given other Jest arguments than the nodes: they ran "jest --config jest.integration.config.js", and Jest finds 1 test file here that they did not find.',
      remedy: 'Give it the same: npx jest-distributed merge --label integration -- --config jest.integration.config.js',
      items: ['new.test.js'],
    },
  ]);
});
