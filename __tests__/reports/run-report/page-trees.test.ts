/** Files by folder, tests by describe block, why a file was split, and which failures are new: as the page has them. */
import { expect, test } from '@jest/globals';
import { type FolderNode, treeOfFiles, treeOfTests } from '../../../report-ui/model/file-tree';
import { indexReport } from '../../../report-ui/model/report-index';
import { compareWithBase } from '../../../src/reports/run-report/base-run';
import { createReportBuilder } from '../../../src/reports/run-report/report-builder';
import { splitText } from '../../../src/reports/run-report/split-reasons';
import { metadataOf, outcomeOf, startMs, testOf, verdictOf } from './sample-run';

const plan = {
  ...{ version: 1, strategy: 'bounded-ring', hashBy: 'auto', workers: 1, unit: 'ms', digest: '0', balance: 1 },
  ...{ makespan: 1, lowerBound: 1 },
  nodes: [
    { node: 1, load: 0, items: [{ project: null, file: 'src/big.test.js', part: 'part 1', estimate: 4_000 }] },
    {
      ...{ node: 2, load: 0 },
      items: [
        { project: null, file: 'src/big.test.js', part: 'part 2', estimate: 4_000 },
        { project: null, file: 'src/shop/cart/a.test.js', part: null, estimate: 1_000 },
      ],
    },
  ],
} as never;

function sample() {
  const builder = createReportBuilder();
  for (const node of [1, 2]) builder.node(metadataOf(node, 2, { plan }));
  const failing = testOf(['cart', 'adds', 'two'], 'failed', { failureMessages: ['Error: no'] });
  const passing = testOf(['cart', 'removes'], 'passed');
  builder.file(1, outcomeOf({ path: 'src/big.test.js' }, [passing], { parts: ['part 1'], startMs, wallMs: 4_000 }));
  builder.file(2, outcomeOf({ path: 'src/shop/cart/a.test.js' }, [failing, passing], { startMs, wallMs: 1_000 }));
  builder.file(2, outcomeOf({ path: 'src/shop/cart/b.test.js' }, [passing], { startMs, wallMs: 500 }));
  return builder.finish({ proof: verdictOf(2) });
}

const namesOf = (node: FolderNode): unknown[] => [
  node.name,
  ...node.files.map(({ path }) => path),
  ...node.folders.map(namesOf),
];

test('folders, with what failed below them; a folder that holds one alone is not a step', () => {
  const root = treeOfFiles(indexReport(sample()).files);
  expect(namesOf(root)).toEqual([
    '',
    ['src', 'src/big.test.js', ['shop/cart', 'src/shop/cart/a.test.js', 'src/shop/cart/b.test.js']],
  ]);
  expect(root).toMatchObject({ fileCount: 3, failedFiles: 1, durationMs: 5_500 });
  expect(root.folders[0]?.folders[0]).toMatchObject({ fileCount: 2, failedFiles: 1, durationMs: 1_500 });
});

test('describe blocks', () => {
  const file = indexReport(sample()).findFile({ project: null, path: 'src/shop/cart/a.test.js' });
  const root = treeOfTests(file?.tests ?? []);
  expect(root).toMatchObject({ count: 2, failed: 1, tests: [] });
  expect(root.suites[0]).toMatchObject({
    ...{ title: 'cart', tests: [{ name: 'cart removes' }] },
    suites: [{ title: 'adds', tests: [{ name: 'cart adds two' }], failed: 1 }],
  });
});

test('why a file was split', () => {
  const [split] = sample().splits ?? [];
  expect(split).toMatchObject({ path: 'src/big.test.js', parts: 2, estimateMs: 8_000, shareMs: 4_500 });
  if (split === undefined) throw new Error('no split');
  expect(splitText(split)).toBe(
    'Split into 2 parts: it was planned with 8.0 s, and the fair share of one worker is 4.5 s.',
  );
  expect(splitText({ ...split, estimateMs: 100 })).toBe('Split into 2 parts: its pragma or --split asks for that.');
  expect(splitText({ ...split, hashBy: 'test' })).toBe('Split into 2 parts: --hash-by test does so with every file.');
});

test('a failure is new, or was there before', () => {
  const report = sample();
  const failed = [{ project: null, path: 'src/shop/cart/a.test.js', test: 'cart adds two' }];
  const ages = (base: typeof failed | null) =>
    indexReport({
      ...report,
      base: compareWithBase(report, { run: { id: '1', commit: null, wallMs: 1 }, durations: new Map(), failed: base }),
    }).failures.map(({ isOld }) => isOld);
  expect(ages(failed)).toEqual([true]);
  expect(ages([])).toEqual([false]);
  expect(ages(null)).toEqual([null]);
});
