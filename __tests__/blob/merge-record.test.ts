/** What becomes of every field of a split file's records; the tests in it are in merge-parts.test.ts. */
import { describe, expect, test } from '@jest/globals';
import type { FileRecord, StoredResult, StoredTest } from '../../src/blob/blob';
import { mergeParts } from '../../src/blob/merge-parts';
import { partOf, recordOf, START_MS } from '../proof/run';

const SEEN = ['one', 'two'];
const change = (record: FileRecord, result: Partial<StoredResult>, more: Partial<FileRecord> = {}): FileRecord => ({
  ...record,
  ...more,
  result: { ...record.result, ...result },
});
const one = partOf('a.js', ['p'], SEEN, ['one']);
const two = partOf('a.js', ['q'], SEEN, ['two']);
const statusOf = (fullName: string, status: string): StoredTest => ({ fullName, status });

describe('the record of a split file', () => {
  test('began with its first part and took as long as all of them', () => {
    const merged = mergeParts([
      change(one, {}, { startMs: START_MS + 50, wallMs: 30 }),
      change(two, {}, { startMs: START_MS + 20, wallMs: 12 }),
    ]);
    expect([merged.startMs, merged.wallMs]).toEqual([START_MS + 20, 42]);
  });

  test('has the time of its work, not that between the clocks of its nodes', () => {
    const stats = (start: number, end: number, slow = false) => ({ start, end, runtime: end - start, slow });
    const merged = mergeParts([
      change(one, { perfStats: stats(START_MS + 900, START_MS + 930, true) }),
      change(two, { perfStats: stats(START_MS, START_MS + 12) }),
    ]);
    expect(merged.result.perfStats).toEqual({ start: START_MS, end: START_MS + 42, runtime: 42, slow: true });
  });

  test('names a worker only where one ran all of it', () => {
    const worker = (first: string | null, second: string | null) =>
      mergeParts([change(one, {}, { worker: first as never }), change(two, {}, { worker: second as never })]).worker;
    expect(worker('1', '1')).toBe('1');
    expect(worker('1', '2')).toBeNull();
  });

  test('counts each kind of test', () => {
    const all = ['failed', 'passed', 'pending', 'skipped', 'todo'];
    const seen = all.map((status) => `is ${status}`);
    const record = partOf('a.js', ['p'], seen, seen);
    const merged = mergeParts([
      change(record, { testResults: all.map((status) => statusOf(`is ${status}`, status)) }),
      partOf('a.js', ['q'], seen, []),
    ]);
    expect(merged.result).toMatchObject({
      numFailingTests: 1,
      numPassingTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
    });
    expect(merged.result.testResults).toHaveLength(5);
  });

  test('is skipped only where every part is, and leaks where one does', () => {
    const flags = (first: Partial<StoredResult>, second: Partial<StoredResult>) => {
      const { skipped, leaks } = mergeParts([change(one, first), change(two, second)]).result;
      return { skipped, leaks };
    };
    expect(flags({ skipped: true, leaks: true }, { skipped: false })).toEqual({ skipped: false, leaks: true });
    expect(flags({ skipped: true }, { skipped: true })).toEqual({ skipped: true, leaks: false });
  });

  test('has neither console nor failure nor coverage where no part has one', () => {
    const merged = mergeParts([one, two]);
    expect('console' in merged.result).toBe(false);
    expect(merged.result.failureMessage).toBeNull();
    expect(merged.execError).toBeNull();
    expect(merged.coverage).toEqual({ babel: null, v8: null });
  });

  test('that no node could load is that of the first; one that a node could load keeps the error of the other', () => {
    const execError = { message: 'no module', stack: '' };
    const broken = (worker: string) => recordOf('a.js', { execError, worker: worker as never });
    const first = broken('1');
    expect(mergeParts([first, broken('2')])).toBe(first);
    const merged = mergeParts([broken('1'), two]);
    expect(merged.execError).toEqual(execError);
    expect(merged.parts).toEqual(['q']);
    expect(merged.result.testResults.map(({ fullName }) => fullName)).toEqual(['works', 'two'].reverse());
  });

  test('keeps each start before the cases that it lay before', () => {
    const merged = mergeParts([
      change(one, {}, { starts: [[0, 0]] as never }),
      change(two, {}, { starts: [[0, 0]] as never }),
    ]);
    expect(merged.cases).toEqual([0, 1]);
    expect(merged.starts).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});
