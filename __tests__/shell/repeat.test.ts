import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  jestFlagOf,
  projectWords,
  repeatableWords,
  settingWords,
  withFiltersOf,
  withoutTestNames,
} from '../../src/shell/jest-flags';
import { probeCommand } from '../../src/shell/probe-command';
import { repeatQueueNode, repeatShare } from '../../src/shell/reproduce-share';
import { PLAIN_REPEAT, type RepeatRecord, repeatTests } from '../../src/shell/reproduce-tests';
import { runnerWords, withRunner } from '../../src/shell/runner';

const file = (path: string, project: string | null = null) => ({ project, path });

describe("Jest's arguments", () => {
  const args = [
    ...['src/a', '-c', 'jest.unit.js', '--rootDir=..', '--select-projects', 'unit', 'dom', '--ci', '--no-cache'],
    ...['--coverage', 'false', '--setupFiles', './a.js', './b.js', '-t', 'adds', '--json', '--outputFile=out.json'],
    ...['--test-sequencer=x', '-w=2', '--unknown=1', '--', 'last'],
  ];

  test('those that decide how a test runs, with their values and as they were typed', () => {
    const settings = ['-c', 'jest.unit.js', '--rootDir=..', '--ci', '--setupFiles', './a.js', './b.js'];
    expect(settingWords(args)).toEqual(settings);
    expect(projectWords(args)).toEqual(['--select-projects', 'unit', 'dom']);
  });

  test('a share is repeated without what would write over results', () => {
    const left = ['--json', '--outputFile=out.json', '--test-sequencer=x', '--'];
    expect(repeatableWords(args)).toEqual(args.filter((word) => !left.includes(word)));
  });

  test('names of tests stand once in a command: Jest would look for those that fit both', () => {
    expect(withoutTestNames(args)).toEqual(args.filter((word) => word !== '-t' && word !== 'adds' && word !== '--'));
    expect(withoutTestNames(['--testNamePattern=a', '--ci'])).toEqual(['--ci']);
    const probe = { condition: 'alone', files: ['a.test.js'], workers: 1, randomizeSeed: null, tests: null } as const;
    expect(probeCommand(probe, ['adds'], ['-t', 'ad', '--ci'], 1)).toEqual([
      ...['npx', 'jest', '--runTestsByPath', 'a.test.js', '-t', '^adds$', '--ci'],
    ]);
    expect(probeCommand(probe, null, ['-t', 'ad'], 1).slice(-2)).toEqual(['-t', 'ad']);
  });

  test('a selection is taken from others, and nothing else of theirs', () => {
    expect(withFiltersOf(['-c', 'a.js', '--coverage', 'mine', '-t', 'mine'], args)).toEqual([
      ...['src/a', 'last', '-c', 'a.js', '--coverage', '--select-projects', 'unit', 'dom', '-t', 'adds'],
    ]);
    expect(withFiltersOf(['--ci'], ['--globalSetup=x', '--unknown', '-c', 'evil.js', '--runTestsByPath', 'a'])).toEqual(
      [...['a', '--ci', '--runTestsByPath']],
    );
  });

  test.each([
    ['-c', 'config'],
    ['--no-ci', 'ci'],
    ['--testPathPatterns=a', 'testPathPatterns'],
    ['--select-projects', 'selectProjects'],
    ['--nodes', null],
    ['src', null],
  ])('%s is %s', (word, name) => expect(jestFlagOf(word)).toBe(name));
});

describe('a command for failed tests', () => {
  const record: RepeatRecord = {
    jestArgs: ['src', '--config', 'jest.config.js', '--coverage', '--ignoreProjects', 'e2e'],
    placing: {},
    rootPath: 'sub',
    projects: [
      { name: 'unit', folder: '', isSelectable: true },
      { name: 'packages/dom', folder: 'packages/dom', isSelectable: false },
    ],
  };

  test('where workers have variables or hooks, by the command that gives them', () => {
    expect(repeatTests([{ file: file('a.test.js'), name: 'adds' }], { ...PLAIN_REPEAT, hasSetups: true })).toEqual([
      ...['npx', 'jest-distributed', 'run', '--nodes', '1', '--', '--runTestsByPath', 'a.test.js', '-t', '^adds$'],
    ]);
  });

  test('one test, by its name and with the config and the project of the run', () => {
    expect(repeatTests([{ file: file('a.test.js', 'unit'), name: 'adds (1 + 1)' }], record)).toEqual([
      ...['npx', 'jest', '--runTestsByPath', 'sub/a.test.js', '-t', '^adds \\(1 \\+ 1\\)$'],
      ...['--config', 'jest.config.js', '--selectProjects', 'unit'],
    ]);
  });

  test('a project without a displayName cannot be selected, and its folder belongs to the path', () => {
    expect(repeatTests([{ file: file('../a.test.js', 'packages/dom'), name: null }], record)).toEqual([
      ...['npx', 'jest', '--runTestsByPath', 'sub/packages/a.test.js'],
      ...['--config', 'jest.config.js', '--ignoreProjects', 'e2e'],
    ]);
  });

  test('several tests are one command; a whole file takes the names away', () => {
    const failed = [
      { file: file('a.test.js'), name: 'x' },
      { file: file('a.test.js'), name: 'y|z' },
    ];
    expect(repeatTests(failed)).toEqual([...['npx', 'jest', '--runTestsByPath', 'a.test.js', '-t', '^(x|y\\|z)$']]);
    expect(repeatTests([...failed, { file: file('b.test.js'), name: null }])).toEqual([
      ...['npx', 'jest', '--runTestsByPath', 'a.test.js', 'b.test.js'],
    ]);
  });

  test('property: the pattern finds the name and no longer or shorter one; nothing in it is a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const words = repeatTests([{ file: file(name), name }], { ...PLAIN_REPEAT, jestArgs: ['--config', name] });
        const pattern = new RegExp(words[words.indexOf('-t') + 1] as string, 'i');
        expect([pattern.test(name), pattern.test(`${name}x`), pattern.test(`x${name}`)]).toEqual([true, false, false]);
        expect(words.join(' ')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('a command for a share', () => {
  const plan = { hashBy: 'file', digest: '0123' };
  const share = { node: 2, nodes: 4, plan, planPath: null, placing: {}, jestArgs: [] };
  const start = ['npx', 'jest-distributed', 'run', '--nodes', '4', '--node-number', '2'];

  test('has the digest, the flags that place files, and all arguments of Jest', () => {
    const placing = { timings: 't.json', strategy: 'ring' };
    expect(repeatShare({ ...share, placing, jestArgs: ['-c', 'x.js', 'src'] })).toEqual([
      ...[...start, '--strategy', 'ring', '--timings', 't.json', '--expect-digest', '0123', '--', '-c', 'x.js', 'src'],
    ]);
  });

  test('a plan file says it all', () => {
    const planned = { ...share, plan: { hashBy: 'auto', digest: '0123' }, planPath: 'plan.json' };
    expect(repeatShare({ ...planned, placing: { strategy: 'ring' } })).toEqual([
      ...[...start, '--hash-by', 'auto', '--plan', 'plan.json'],
    ]);
  });
});

test('a node of a queue joins its run again as a new attempt', () => {
  const node = { node: 2, nodes: 4, runId: 'k 1', name: null, label: null, schema: null, attempt: 2 };
  expect(repeatQueueNode({ ...node, placing: { 'hash-by': 'suite' }, jestArgs: ['-c', 'x.js'] }).join(' ')).toBe(
    'npx jest-distributed run --run-id k 1 --nodes 4 --node-number 2 --hash-by suite --attempt 2 -- -c x.js',
  );
  const alone = { ...node, node: 1, nodes: 1, name: 'vm', label: 'unit', schema: 'ci' };
  expect(repeatQueueNode({ ...alone, placing: {}, jestArgs: [] }).join(' ')).toBe(
    'npx jest-distributed run --run-id k 1 --node-name vm --label unit --database-schema ci --attempt 2',
  );
});

test('commands are those of the package manager, and nothing else is changed', () => {
  const text = 'Run npx jest -t a or npx jest-distributed merge; npx jest-codemods, npx jest.js stay.';
  expect(withRunner(text, 'pnpm exec')).toBe(
    'Run pnpm exec jest -t a or pnpm exec jest-distributed merge; npx jest-codemods, npx jest.js stay.',
  );
  expect(withRunner(text, 'npx')).toBe(text);
  expect(runnerWords(['npx', 'jest', 'npx'], 'yarn --')).toEqual(['yarn', '--', 'jest', 'npx']);
});
