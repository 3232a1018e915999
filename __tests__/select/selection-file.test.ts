import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadSelections, SELECTION_VARIABLE, writeSelectionFile } from '../../src/jest/split/selection/selection-file';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'selection-file-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const selection = { mode: 'test', file: { project: null, path: 'a.test.js' }, nodes: 2, node: 1 } as const;

test('no variable: nothing is split', () => {
  expect(loadSelections({})).toBeUndefined();
  expect(loadSelections({ [SELECTION_VARIABLE]: '' })).toBeUndefined();
});

test('workers read by project and path, and a new file of a later run', () => {
  const entries = [{ testPath: '/p/a.test.js', projectId: 'one', selection }];
  const first = path.join(folder, 'new', 'first');
  writeSelectionFile(first, { testRunners: { one: '/runner.js' }, entries });
  const loaded = loadSelections({ [SELECTION_VARIABLE]: first });
  expect(loaded?.testRunners).toEqual({ one: '/runner.js' });
  expect(loaded?.byTest.get('one\0/p/a.test.js')).toEqual({ whole: selection, parts: [] });
  expect(loaded?.byTest.get('two\0/p/a.test.js')).toBeUndefined();

  const second = path.join(folder, 'second');
  writeSelectionFile(second, { testRunners: {}, entries: [] });
  expect(loadSelections({ [SELECTION_VARIABLE]: second })?.byTest.size).toBe(0);
});

test('the parts of a file are read by their position', () => {
  const parts = [1, 2, 3].map((node) => ({ ...selection, nodes: 3, node }));
  const entries = parts.map((part) => ({
    testPath: '/p/a.test.js',
    projectId: 'one',
    selection: part,
    part: `part ${part.node}`,
  }));
  const file = path.join(folder, 'parts');
  writeSelectionFile(file, { testRunners: {}, entries });
  const loaded = loadSelections({ [SELECTION_VARIABLE]: file });
  expect(loaded?.byTest.get('one\0/p/a.test.js')).toEqual({ whole: undefined, parts });
});

test('a file that cannot be read stops instead of running everything', () => {
  const missing = path.join(folder, 'missing');
  expect(() => loadSelections({ [SELECTION_VARIABLE]: missing })).toThrow(
    `The list of tests for this node, ${missing}, cannot be read (from JDIST_INTERNAL_SELECTION).`,
  );
});
