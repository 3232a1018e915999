/** How the page shows failures: colours, groups, places. */
import { describe, expect, test } from '@jest/globals';
import { groupFailures } from '../../../report-ui/model/failure-groups';
import { parseError } from '../../../report-ui/model/plain-error';
import { indexReport } from '../../../report-ui/model/report-index';
import { createReportBuilder } from '../../../src/reports/run-report/report-builder';
import { findSource, sourceAddress } from '../../../src/reports/run-report/source-place';
import { endOf, exitOf, metadataOf, outcomeOf, testOf, verdictOf } from './sample-run';

const looks = (text: string) =>
  parseError(text)
    .filter(({ look }) => look !== '')
    .map(({ text: piece, look }) => [piece, look]);

describe('an error without colours', () => {
  test('has those of what was expected and received', () => {
    expect(looks('Expected: 3\nReceived: 2')).toEqual([
      ['3', 'fg-green'],
      ['2', 'fg-red'],
    ]);
    expect(looks('Expected number of calls: >= 1\nReceived number of calls:    0')).toEqual([
      ['>= 1', 'fg-green'],
      ['   0', 'fg-red'],
    ]);
    expect(looks('expect(received).toBe(expected) // Object.is equality')).toEqual([
      ['expect(', 'sgr-dim'],
      ['received', 'fg-red'],
      ['expected', 'fg-green'],
      [') // Object.is equality', 'sgr-dim'],
    ]);
  });

  test('has those of a difference, until code begins', () => {
    const text = [
      '- Expected  - 1',
      '+ Received  + 2',
      '',
      '@@ -1,3 +1,4 @@',
      '  Object {',
      '-   "a": 1,',
      '+   "a": 2,',
      '+   "b": 3,',
      '  }',
      '',
      '  1 | - not of the difference',
      '> 2 | + expect(a).toEqual(b)',
      '    |             ^',
      '',
      '  at Object.toEqual (src/a.test.js:2:13)',
      '  at run (node_modules/x/index.js:1:1)',
    ].join('\n');
    expect(looks(text)).toEqual([
      ['- Expected  - 1', 'fg-green'],
      ['+ Received  + 2', 'fg-red'],
      ['@@ -1,3 +1,4 @@', 'fg-yellow'],
      ['  Object {', 'sgr-dim'],
      ['-   "a": 1,', 'fg-green'],
      ['+   "a": 2,', 'fg-red'],
      ['+   "b": 3,', 'fg-red'],
      ['  }', 'sgr-dim'],
      ['1 |', 'sgr-dim'],
      ['>', 'fg-red sgr-bold'],
      ['2 |', 'sgr-dim'],
      [' + expect(a).toEqual(b)', 'sgr-bold'],
      ['    |             ', 'sgr-dim'],
      ['^', 'fg-red sgr-bold'],
      ['  at Object.toEqual (', 'sgr-dim'],
      ['src/a.test.js', 'fg-cyan'],
      [':2:13)', 'sgr-dim'],
      ['  at run (node_modules/x/index.js:1:1)', 'sgr-dim'],
    ]);
  });

  test('loses no letter, and keeps the colours that it has', () => {
    const text = 'Error: a\n- list\n+ of things\n\n  at x';
    expect(parseError(text)).toEqual([{ text, look: '' }]);
    expect(looks('\u001b[33mExpected: 3\u001b[39m')).toEqual([['Expected: 3', 'fg-yellow']]);
  });
});

function failuresWith(messages: readonly string[]) {
  const builder = createReportBuilder({ web: { remote: 'git@github.com:o/n.git', runPage: null } });
  builder.node(
    metadataOf(1, 1, {
      provider: 'GitHub Actions',
      job: { packageName: 'web', packageDir: 'packages/a b', rootDir: 'packages/a b', label: null },
    }),
  );
  const tests = messages.map((message, index) => testOf([`test ${index}`], 'failed', { failureMessages: [message] }));
  builder.file(1, outcomeOf({ path: 'a.test.js' }, tests));
  builder.end(1, endOf(500), exitOf());
  return indexReport(builder.finish({ proof: verdictOf(1) }));
}

describe('failures of one message', () => {
  test('stand together, most first, whatever port or time they name', () => {
    const { failures } = failuresWith([
      'Error: one alone\n    at a (x.js:1:1)',
      'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at b (x.js:1:1)',
      'Error: expect(received).toBe(expected)\n\nExpected: 1\nReceived: 2',
      'Error: connect ECONNREFUSED 127.0.0.1:5433\n    at c (y.js:1:1)',
      'Error: expect(received).toBe(expected)\n\nExpected: 1\nReceived: 3',
    ]);
    expect(
      groupFailures(failures).map((group) => [group.message, group.failures.map(({ test: one }) => one?.name)]),
    ).toEqual([
      ['Error: connect ECONNREFUSED 127.0.0.1:5432', ['test 1', 'test 3']],
      ['Error: one alone', ['test 0']],
      [expect.stringContaining('Expected: 1 Received: 2'), ['test 2']],
      [expect.stringContaining('Expected: 1 Received: 3'), ['test 4']],
    ]);
  });
});

describe('where a failure was met', () => {
  test.each([
    ['Error: x\n    at Object.<anonymous> (src/a b.test.js:7:3)', 'src/a b.test.js', 7],
    ['Error: x\n    at node:internal/x:1:2\n    at f (node_modules/y/z.js:1:1)\n    at src/b.js:9:1', 'src/b.js', 9],
    [
      'Error: x\n    at \u001b[2mObject.toBe (\u001b[22m\u001b[36mtest/c.test.ts\u001b[39m\u001b[2m:3:76)\u001b[22m',
      'test/c.test.ts',
      3,
    ],
    ['Error: x\n    at async Promise.all (index 0)\n    at async src\\d.js:4:1', 'src/d.js', 4],
  ])('%j', (message, path, line) => {
    expect(findSource([message])).toEqual({ path, line });
  });

  test.each([
    '',
    'Error: x',
    'Error\n    at /srv/a.js:1:1',
    'Error\n    at f (../other/a.js:1:1)',
    'Error\n    at f (file:///a.js:1:1)',
    'Error\n    at f (C:\\a.js:1:1)',
  ])('nowhere in own code: %j', (message) => {
    expect(findSource([message])).toBeNull();
  });

  test('leads to the line on the web, from the root of the repository', () => {
    const { report } = failuresWith(['Error: x\n    at f (src/50%?.js:7:3)']);
    const address = sourceAddress({ path: 'src/50%?.js', line: 7 }, report.run.links);
    expect(address).toBe(
      'https://github.com/o/n/blob/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567/packages/a%20b/src/50%25%3F.js#L7',
    );
    expect(report.run.links).toMatchObject({
      commit: 'https://github.com/o/n/commit/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      run: 'https://github.com/o/n/actions/runs/4711',
    });
    expect(sourceAddress({ path: 'a.js', line: 1 }, { ...report.run.links, files: null })).toBeNull();
  });
});
