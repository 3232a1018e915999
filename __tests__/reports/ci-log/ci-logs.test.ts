/** How a problem is written for each CI, and that no name of a test can be more than a text there. */
import { describe, expect, test } from '@jest/globals';
import type { CiProblem } from '../../../src/reports/ci-log/ci-log';
import { findingProblems } from '../../../src/reports/ci-log/finding-problems';
import { findCiLog } from '../../../src/reports/ci-log/known-logs';

const problem: CiProblem = {
  severity: 'error',
  title: 'src/cart.test.js › cart adds',
  lines: ['Error: expected 2, received 1 (first failure of node 2 of 4)'],
  command: "npx jest --runTestsByPath src/cart.test.js -t '^cart adds$'",
  place: { path: 'src/cart.js', line: 12 },
  topic: 'node-2-of-4',
};

/** Everything that ends a value, begins a command, or moves a cursor in one of these CIs. */
const hostile: CiProblem = {
  severity: 'error',
  title: "a,b:c;d]e|f'g[h%0A::error::x\n::add-path::/evil\r##vso[task.setvariable variable=x]y\u001b[2J\u202e",
  lines: ["l1\n::error::no\n##teamcity[buildStop comment='x']", '##[add-path]/evil', '\u001b[0Ksection_end:1:x\r'],
  command: null,
  place: { path: 'a,b:c;d]|\n::set-output name=x::y', line: 1 },
  topic: 'node-1',
};

const annotate = (provider: string, given: CiProblem): string => findCiLog(provider)?.annotate?.(given) ?? '';

describe('GitHub Actions', () => {
  test('an annotation with its place', () => {
    expect(annotate('GitHub Actions', problem)).toBe(
      '::error file=src/cart.js,line=12,title=src/cart.test.js › cart adds::' +
        "Error: expected 2, received 1 (first failure of node 2 of 4)%0ARerun: npx jest --runTestsByPath src/cart.test.js -t '^cart adds$'",
    );
    expect(
      annotate('GitHub Actions', { ...problem, place: { path: 'a.js', line: null }, severity: 'warning' }),
    ).toMatch(/^::warning file=a\.js,title=/);
  });

  test('a hostile name stays in its value', () => {
    const line = annotate('GitHub Actions', hostile);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
    const [, properties = '', data = ''] = /^::error ([^\n]*?)::(.*)$/.exec(line) ?? [];
    // As the runner takes them apart.
    const values = properties.split(',').map((pair) => pair.split('=')[0]);
    expect(values).toEqual(['file', 'line', 'title']);
    expect(properties).not.toContain('::');
    expect(properties).toContain('%250A');
    expect(data.split('%0A').filter((text) => /^\s*::\w/.test(text))).toEqual([]);
  });
});

describe('Azure Pipelines', () => {
  test('an issue with its place', () => {
    expect(annotate('Azure Pipelines', problem)).toBe(
      '##vso[task.logissue type=error;sourcepath=src/cart.js;linenumber=12]src/cart.test.js › cart adds%0A' +
        "Error: expected 2, received 1 (first failure of node 2 of 4)%0ARerun: npx jest --runTestsByPath src/cart.test.js -t '^cart adds$'",
    );
  });

  test('a hostile name stays in its value', () => {
    const line = annotate('Azure Pipelines', hostile);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
    const [, head = '', data = ''] = /^##vso\[task\.logissue (.*?)\](.*)$/.exec(line) ?? [];
    expect(head.split(';').map((pair) => pair.split('=')[0])).toEqual(['type', 'sourcepath', 'linenumber']);
    // The agent looks for commands anywhere in a line.
    expect(data).not.toMatch(/##(vso)?\[/);
  });
});

describe('TeamCity', () => {
  test('an important message with its details, on standard output', () => {
    expect(findCiLog('TeamCity')?.stream).toBe('stdout');
    expect(annotate('TeamCity', problem)).toBe(
      "##teamcity[message text='src/cart.test.js |0x203a cart adds' errorDetails='Error: expected 2, received 1 (first failure of node 2 of 4)|nat src/cart.js:12|nRerun: npx jest --runTestsByPath src/cart.test.js -t |'^cart adds$|'' status='ERROR']",
    );
  });

  test('a hostile name stays in its value', () => {
    const line = annotate('TeamCity', hostile);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
    // As TeamCity reads it: values between quotes, a bar escapes one character.
    expect(line).toMatch(/^##teamcity\[message(?: \w+='(?:[^|'[\]]|\|(?:0x[0-9a-f]{4}|[nr|'[\]]))*')+\]$/);
  });
});

test('GitLab: an open section, which no line inside can end', () => {
  const log = findCiLog('GitLab CI');
  expect(log?.annotate).toBeUndefined();
  expect(log?.frame?.(['one', 'two'], 'First failure of node 2 of 4', 1_700_000_000_500)).toEqual([
    '\u001b[0Ksection_start:1700000000:jest_distributed_first_failure_of_node_2_of_4_1700000000500\r\u001b[0KFirst failure of node 2 of 4',
    'one',
    'two',
    '\u001b[0Ksection_end:1700000000:jest_distributed_first_failure_of_node_2_of_4_1700000000500\r\u001b[0K',
  ]);
});

test('Buildkite: an open group, and an annotation by the program of its agent', () => {
  const log = findCiLog('Buildkite');
  expect(log?.frame?.(['one'], 'First failure of node 2 of 4', 0)).toEqual(['+++ First failure of node 2 of 4', 'one']);
  const { words, input } = log?.program?.([problem]) ?? { words: [], input: '' };
  expect(words).toEqual([
    'buildkite-agent',
    'annotate',
    '--style',
    'error',
    '--context',
    'jest-distributed-node-2-of-4',
  ]);
  expect(input).toContain('**src/cart.test.js › cart adds**');
  expect(input).toContain('at src/cart.js:12</pre>');
  const bad = log?.program?.([{ ...hostile, title: '](http://evil) <img src=x onerror=y> **' }]).input ?? '';
  expect(bad).not.toMatch(/<(?!\/?pre>)/);
  expect(bad).toContain('**\\](http&#58;//evil)');
});

test('other CIs get lines alone', () => {
  expect(findCiLog('CircleCI')).toBeNull();
  expect(findCiLog(null)).toBeNull();
});

test('findings of the proof: errors and warnings, no notes', () => {
  const finding = { message: 'Node 2 left no blob.', remedy: 'Run it again.', nodes: [2], items: [] };
  const problems = findingProblems([
    { ...finding, code: 'missing-node', severity: 'error' },
    { ...finding, code: 'retried', severity: 'note' },
    { ...finding, code: 'moved-items', severity: 'warning' },
    // What comes of another is in the log alone.
    { ...finding, code: 'missing-items', severity: 'error', cause: 'missing-node' },
  ]);
  expect(problems.map((one) => annotate('GitHub Actions', one))).toEqual([
    '::error title=jest-distributed%3A not proven (missing-node)::Node 2 left no blob. [missing-node]%0ARun it again.',
    '::warning title=jest-distributed%3A moved-items::Node 2 left no blob. [moved-items]%0ARun it again.',
  ]);
});
