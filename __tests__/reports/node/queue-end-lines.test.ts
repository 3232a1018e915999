import { describe, expect, test } from '@jest/globals';
import { type QueueEndView, queueEndLines } from '../../../src/reports/node/queue-end-lines';
import { log } from '../sample-plan';

const view: QueueEndView = {
  runId: '77',
  node: '2',
  found: 40,
  accepted: 11,
  acceptedParts: 0,
  inherited: [],
  failed: 0,
  tests: { passed: 50, failed: 0, skipped: 0 },
  realMs: 12_345,
  retried: [],
  failedAgain: [],
  superseded: [],
  flaky: [],
  finished: true,
  finishedAgoMs: null,
  failedElsewhere: [],
  cancelledBy: null,
};
const said = (more: Partial<QueueEndView>) => queueEndLines({ ...view, ...more }, log);

describe('what a node of a queue says at the end', () => {
  test('is three lines where nothing is wrong', () => {
    expect(said({})).toEqual([
      'jest-distributed: node 2 ran 11 files of the 40 in the queue',
      '  tests: 50 passed, 50 total',
      '  time: 12.3 s',
    ]);
  });

  test('tells parts of split files from files', () => {
    expect(said({ accepted: 18, acceptedParts: 7, failed: 1 }).slice(0, 2)).toEqual([
      'jest-distributed: node 2 ran 11 files and 7 parts of split files, of 40 files in',
      '  the queue (1 failed)',
    ]);
    expect(said({ accepted: 1, acceptedParts: 1, found: 1 })[0]).toBe(
      'jest-distributed: node 2 ran 1 part of split files, of 1 file in the queue',
    );
  });

  test('is one line where others had run everything', () => {
    expect(said({ accepted: 0 })).toEqual(['jest-distributed: node 2 found nothing left to run of 40 files']);
  });

  test('says so where the run was over before it came', () => {
    expect(said({ accepted: 0, finishedAgoMs: 180_000 })).toEqual([
      'jest-distributed: node 2 found nothing left to run of 40 files',
      '  run 77 was finished 3 min ago, before this node joined; a run with another',
      '    --run-id runs all tests again',
    ]);
    expect(said({ finishedAgoMs: 180_000 })).toHaveLength(3);
  });

  test('is not silent about what did not pass elsewhere where it is green for having run nothing', () => {
    const failedElsewhere = [
      { name: 'exit.test.js', outcome: 'poison' as const },
      { name: 'bad.test.js', outcome: 'failed' as const },
    ];
    expect(said({ accepted: 0, failedElsewhere }).slice(1).join(' ').replace(/\s+/g, ' ').trim()).toBe(
      'warning: exit.test.js never ran to the end in this run: every node that ran it died ' +
        'warning: bad.test.js failed on another node of this run',
    );
  });

  test('says of a retry on this very node that it was here', () => {
    expect(said({ failedAgain: ['a.test.js'] }).at(-1)).toBe(
      '  warning: a.test.js failed here, ran again on this node and failed again',
    );
  });

  test('does not count what an earlier process of the node ran', () => {
    const inherited = ['a.test.js'];
    expect(said({ accepted: 1, inherited }).join(' ').replace(/\s+/g, ' ')).toBe(
      'jest-distributed: node 2 found nothing left to run of 40 files' +
        ' warning: a.test.js did not pass in an earlier process of this node, so this process is red too',
    );
    expect(said({ accepted: 3, inherited, failed: 1 })[0]).toBe(
      'jest-distributed: node 2 ran 2 files of the 40 in the queue (1 failed)',
    );
  });

  test('names what is not in this report, and what only passed the second time', () => {
    const flaky = [
      { name: 'a.test.js', error: 'cart adds: Error: refused' },
      { name: 'z.test.js', error: null },
    ];
    const lines = said({ flaky, retried: ['b.test.js'], superseded: ['c', 'd', 'e', 'f', 'g', 'h'] });
    expect(lines.slice(3).join(' ').replace(/\s+/g, ' ').trim()).toBe(
      'warning: flaky: a.test.js passed here after a failure: cart adds: Error: refused ' +
        'warning: flaky: z.test.js passed here after a failure: its error is unknown here ' +
        'warning: b.test.js failed here and went to another node; not in this report ' +
        'warning: c, d, e, f, g and 1 more ran here too late: another result counts; not in this report',
    );
  });

  test('says who cancelled, and that a run goes on without this node', () => {
    expect(said({ finished: false, cancelledBy: 'Ann' }).at(-1)).toBe('  warning: run 77 was cancelled by Ann');
    expect(said({ finished: false }).at(-1)).toBe('  warning: run 77 was not finished when this node left');
  });
});
