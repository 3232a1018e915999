/**
 * Parts put together rightly, whatever the project itself does to its tests, and what reporters hear of them.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/proof/proof';
import { type Host, host, hosts } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

const TIMEOUT_MS = 120_000;
const HEAD = { 29: 'https://goo.gl/fbAQLP', 30: 'https://jestjs.io/docs/snapshot-testing' } as const;

const unwrapped = (text: string): string => text.replace(/\s+/g, ' ');
const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => prefix + index);
const testsOf = (list: readonly string[]): string => list.map((name) => `test('${name}', () => {});`).join('\n');
const snapshotsOf = ({ major }: Host, keys: readonly string[]): string =>
  [`// Jest Snapshot v1, ${HEAD[major]}`, ...keys.map((key) => `exports[\`${key}\`] = \`1\`;`)].join('\n\n');

/** Takes its tests away from the selection while they run. */
const UNSKIPS = `
const { TestEnvironment } = require('jest-environment-node');
const each = (block, act) => block.children.forEach((child) => (child.type === 'test' ? act(child) : each(child, act)));
module.exports = class extends TestEnvironment {
  handleTestEvent(event, state) {
    if (event.name === this.at) each(state.rootDescribeBlock, (one) => { if (one.mode === 'skip') one.mode = undefined; });
  }
  constructor(config, context) {
    super(config, context);
    this.at = config.projectConfig.testEnvironmentOptions.at;
  }
};`;

const ADDS_AND_DROPS = `
const { default: Base = require('jest-distributed') } = require('jest-distributed');
module.exports = class extends Base {
  async sort(tests) {
    const [added, ...rest] = [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
    return [...(await super.sort(rest)).slice(1), added];
  }
};`;

const EVENTS = `
const { appendFileSync } = require('node:fs');
const path = require('node:path');
const say = (text) => process.env.EVENTS && appendFileSync(process.env.EVENTS, text + '\\n');
module.exports = class {
  onTestFileStart(test) { say('file-start ' + path.basename(test.path)); }
  onTestCaseStart(test, { fullName, title, ancestorTitles, mode, startedAt }) {
    say(['case-start', fullName, title, ancestorTitles.join('/'), mode ?? '', startedAt > 0].join(' '));
  }
  onTestCaseResult(test, { fullName, status }) { say('case-result ' + fullName + ' ' + status); }
  onTestFileResult(test, { testResults }) {
    say('file-result ' + path.basename(test.path) + ' ' + testResults.map(({ fullName, status }) => fullName + ':' + status));
  }
};`;

const OWN_RUNNER = `
module.exports = class {
  async runTests(tests, watcher, onStart, onResult) {
    for (const test of tests) {
      await onStart(test);
      const start = Date.now();
      const testResults = Object.entries(require(test.path).tests).map(([title, ms]) => ({
        ancestorTitles: [], duration: ms, failureMessages: ms < 0 ? ['too fast'] : [], fullName: title, status: ms < 0 ? 'failed' : 'passed', title,
      }));
      const count = (status) => testResults.filter((one) => one.status === status).length;
      await onResult(test, {
        failureMessage: count('failed') ? 'too fast' : null, leaks: false, numFailingTests: count('failed'), numPassingTests: count('passed'),
        numPendingTests: 0, numTodoTests: 0, openHandles: [], perfStats: { start, end: Date.now(), runtime: 1, slow: false }, skipped: false,
        snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },
        testFilePath: test.path, testResults,
      });
    }
  }
};`;

interface Distributed extends Finished {
  readonly nodes: readonly Finished[];
  /** Jest's `--json` of the merge. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Makes and runs projects in one host; they are gone when its tests are done. */
function bench(of: Host) {
  const projects: Project[] = [];

  afterAll(() => {
    for (const project of projects) removeProject(project);
  });

  function write(files: Readonly<Record<string, string>>, jest: object = {}): Project {
    const project = writeProject(of, { 'package.json': JSON.stringify({ name: 'parts', jest }), ...files });
    projects.push(project);
    return project;
  }

  function distribute(
    project: Project,
    hashBy: string,
    args: readonly string[],
    environment: (node: string) => Readonly<Record<string, string>> = () => ({}),
  ): Distributed {
    rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true });
    const nodes = ['1', '2'].map((node) =>
      runBin(
        project,
        ['run', '--nodes', '2', '--node-number', node, '--hash-by', hashBy, '--', '-i', ...args],
        environment(node),
      ),
    );
    const out = path.join(project.dir, 'merged.json');
    const merged = runBin(project, ['merge', '--', ...args, '--json', `--outputFile=${out}`], environment('merge'));
    return { ...merged, nodes, json: JSON.parse(readFileSync(out, 'utf8')) };
  }

  const verdictOf = (project: Project) => JSON.parse(runBin(project, ['verify', '--json']).stdout) as Verdict;
  const codes = (project: Project) => verdictOf(project).findings.map(({ code }) => code);
  const exitCodes = ({ nodes, exitCode }: Distributed) => [...nodes.map((node) => node.exitCode), exitCode];

  return { write, distribute, verdictOf, codes, exitCodes };
}

describe.each(hosts())('on Jest $jest', (of) => {
  const { write, distribute, verdictOf, codes, exitCodes } = bench(of);

  test(
    'shuffled tests run once, and the record names those that ran',
    () => {
      const project = write({ 'a.test.js': testsOf(names('t', 12)) });
      expect(exitCodes(distribute(project, 'test', ['--randomize']))).toEqual([0, 0, 0]);
      expect(verdictOf(project)).toMatchObject({ ok: true, findings: [], counts: { tests: 12 } });
    },
    TIMEOUT_MS,
  );

  test(
    'an environment that unskips tests is part of the file at its start, and seen where it comes later',
    () => {
      const files = { 'a.test.js': `${testsOf(names('t', 8))}\ntest.skip('s', () => {});`, 'env.js': UNSKIPS };
      const early = write(files, { testEnvironment: './env.js', testEnvironmentOptions: { at: 'run_start' } });
      const { json, ...first } = distribute(early, 'test', []);
      expect(exitCodes({ json, ...first })).toEqual([0, 0, 0]);
      expect(json).toMatchObject({ numPassedTests: 9, numPendingTests: 0 });
      const late = write(files, { testEnvironment: './env.js', testEnvironmentOptions: { at: 'run_describe_start' } });
      expect(distribute(late, 'test', []).exitCode).toBe(1);
      expect(codes(late)).toEqual(['stray-tests']);
    },
    TIMEOUT_MS,
  );

  describe('reporters', () => {
    let project: Project;
    let distributed: Distributed;
    const logOf = (name: string): string[] => {
      const text = readFileSync(path.join(project.dir, `${name}.log`), 'utf8');
      return text.trim().split('\n');
    };

    beforeAll(() => {
      const retried =
        "jest.retryTimes(1);\nlet n = 0;\ntest('flaky', () => { if (n++ === 0) throw new Error('once'); });";
      project = write(
        {
          ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.test.js`, testsOf([`only ${name}`])])),
          'd.test.js': `${retried}\ndescribe('in', () => { test('side', () => {}); test.todo('later'); test.skip('not', () => {}); });`,
          'events.js': EVENTS,
        },
        { reporters: ['default', '<rootDir>/events.js'] },
      );
      runJest(project, ['-i'], { EVENTS: path.join(project.dir, 'plain.log') });
      distributed = distribute(project, 'test', [], (node) => ({ EVENTS: path.join(project.dir, `${node}.log`) }));
    }, TIMEOUT_MS);

    test('of a node hear nothing of files whose tests all run elsewhere', () => {
      expect(exitCodes(distributed)).toEqual([0, 0, 0]);
      const results = ['1', '2'].map((node) => logOf(node).filter((line) => line.startsWith('file-result')));
      expect(
        results
          .flat()
          .filter((line) => /only/.test(line))
          .sort(),
      ).toEqual([
        'file-result a.test.js only a:passed',
        'file-result b.test.js only b:passed',
        'file-result c.test.js only c:passed',
      ]);
      distributed.nodes.forEach(({ stderr }, index) => {
        const files = (results[index] as string[]).length;
        expect(stderr).toMatch(new RegExp(`^Test Suites: .*\\b${files} total$`, 'm'));
        const starts = logOf(String(index + 1)).filter((line) => line.startsWith('file-start'));
        expect(starts).toHaveLength(files);
      });
      // The sequencer alone, without a reporter of ours.
      const args = ['-i', '--testSequencer=jest-distributed', '--setupFilesAfterEnv=jest-distributed/setup'];
      const node = { JEST_DISTRIBUTED_NODES: '2', JEST_DISTRIBUTED_NODE_NUMBER: '1', JEST_DISTRIBUTED_HASH_BY: 'test' };
      const { stderr } = runJest(project, args, { ...node, EVENTS: path.join(project.dir, 'alone.log') });
      expect(stderr).toContain('runs 4 of 4 files');
      expect(stderr).toMatch(/^Test Suites: .*\b[123] total$/m);
    });

    test('of the merge hear what those of one Jest hear, file by file in its order', () => {
      const byFile = (name: string): string[] =>
        logOf(name)
          .join('\n')
          .split(/(?=^file-start )/m)
          .map((text) => text.trim())
          .sort();
      const events = (name: string) =>
        byFile(name).map((text) => text.split('\n').filter((line) => !/^file-result d/.test(line)));
      const flat = (name: string) => events(name).map((lines) => [...lines].sort());
      expect(flat('merge')).toEqual(flat('plain'));
      expect(events('merge').filter(([first]) => !first?.includes('d.test.js'))).toEqual(
        events('plain').filter(([first]) => !first?.includes('d.test.js')),
      );
      const flaky = logOf('merge').filter((line) => line.includes(' flaky'));
      expect(flaky.filter((line) => line.startsWith('case'))).toEqual([
        'case-start flaky flaky   true',
        'case-result flaky failed',
        'case-start flaky flaky   true',
        'case-result flaky passed',
      ]);
    });
  });
});

describe('on Jest 30', () => {
  const jest30 = host(30);
  const { write, distribute, verdictOf, exitCodes } = bench(jest30);

  test(
    'a sequencer that adds and drops files behind ours is red, with the files',
    () => {
      const files = Object.fromEntries(names('f', 5).map((name) => [`${name}.test.js`, testsOf([name])]));
      const project = write({ ...files, 'seq.js': ADDS_AND_DROPS });
      for (const node of ['1', '2']) {
        const args = ['-i', '--testSequencer=./seq.js', '--reporters=jest-distributed/reporter'];
        runJest(project, args, { JEST_DISTRIBUTED_NODES: '2', JEST_DISTRIBUTED_NODE_NUMBER: node });
      }
      const { ok, findings } = verdictOf(project);
      expect(ok).toBe(false);
      const unknown = findings.find(({ code }) => code === 'unknown-items');
      expect(unknown).toMatchObject({ items: ['f0.test.js'], nodes: [1, 2] });
      expect(findings.filter(({ code }) => code === 'missing-items')).toHaveLength(2);
    },
    TIMEOUT_MS,
  );

  test(
    'snapshots: obsolete where the part that has the test says so; what -u removed is counted',
    () => {
      const stored = { '__snapshots__/a.test.js.snap': snapshotsOf(jest30, ['one 1', 'one 2', 'two: old 1']) };
      const tests = "test('one', () => expect(1).toMatchSnapshot());\n";
      const project = write({ 'a.test.js': tests + testsOf(['two', 'three', 'four']), ...stored });
      const checked = distribute(project, 'test', ['--ci']);
      expect(checked.json).toMatchObject({ success: false, snapshot: { matched: 1, unchecked: 2 } });
      expect(checked.exitCode).toBe(1);
      expect(checked.stderr).toContain('obsolete');
      // Each node has a checkout of its own; here the first would leave nothing to the second.
      const gone = '__snapshots__/gone.test.js.snap';
      const updated = distribute(project, 'test', ['-u'], () => {
        for (const name of [gone, '__snapshots__/a.test.js.snap']) {
          writeFileSync(path.join(project.dir, name), stored['__snapshots__/a.test.js.snap']);
        }
        return {};
      });
      expect(exitCodes(updated)).toEqual([0, 0, 0]);
      expect(updated.json).toMatchObject({ snapshot: { filesRemoved: 1, unchecked: 2, matched: 1, updated: 0 } });
    },
    TIMEOUT_MS,
  );

  test(
    'auto keeps files of a project with a runner of its own whole; split by demand, a failed test of it ends in a verdict',
    () => {
      const light = Object.fromEntries(
        names('l', 3).map((name) => [`${name}.check.js`, `exports.tests = { ${name}: 1 };`]),
      );
      const jest = { runner: '<rootDir>/own.js', testMatch: ['<rootDir>/*.check.js'] };
      const heavy = 'exports.tests = { one: 900, two: 900, three: 900 };';
      const project = write({ 'own.js': OWN_RUNNER, 'heavy.check.js': heavy, ...light }, jest);
      const timings = {
        format: { major: 1, minor: 0 },
        workers: 1,
        projects: [
          {
            project: null,
            files: {
              'heavy.check.js': { ms: 2700, tests: 3 },
              'l0.check.js': { ms: 1, tests: 1 },
            },
          },
        ],
        tests: [
          { project: null, files: { 'heavy.check.js': { one: 900, two: 900, three: 900 }, 'l0.check.js': { l0: 1 } } },
        ],
      };
      writeFileSync(path.join(project.dir, 'timings.json'), JSON.stringify(timings));
      const flags = ['--nodes', '2', '--hash-by', 'auto', '--timings', 'timings.json'];
      const explained = runBin(project, ['explain', 'heavy.check.js', ...flags]);
      expect(unwrapped(explained.stdout)).toContain('never split by "auto": its project has the runner own.js');
      const split = runBin(project, ['explain', 'heavy.check.js', ...flags, '--split', 'heavy.check.js']);
      expect(split.stdout).toContain('1/2');
      writeFileSync(path.join(project.dir, 'heavy.check.js'), 'exports.tests = { one: 1, two: -1 };');
      const { exitCode, stderr } = distribute(project, 'test', []);
      expect(exitCode).toBe(1);
      expect(stderr).not.toContain('TypeError');
      expect(stderr).toContain('jest-distributed: Not every test is known to have run exactly once');
    },
    TIMEOUT_MS,
  );

  test(
    'a glob that fits no test file stops the run where it is given for it, and in a config file where it fits no file',
    () => {
      const project = write({ 'a.test.js': testsOf(['one', 'two']), 'helper.js': '' });
      const run = (flags: readonly string[], args: readonly string[] = []) =>
        runBin(project, ['run', '--nodes', '2', '--node-number', '1', ...flags, '--', '-i', ...args]);
      const wrong = run(['--whole', 'src/a.test.js']);
      expect(wrong.exitCode).toBe(1);
      expect(unwrapped(wrong.stderr)).toContain(
        'The glob src/a.test.js (from --whole) matches none of the 1 test files that Jest finds. [GLOB_FITS_NOTHING] Did you mean a.test.js?',
      );
      expect(run(['--whole', 'src/a.test.js'], ['a.test']).exitCode).toBe(0);
      const config = path.join(project.dir, 'jest-distributed.config.json');
      writeFileSync(config, JSON.stringify({ whole: ['helper.js'] }));
      rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true });
      const other = run([]);
      expect(other.exitCode).toBe(0);
      expect(unwrapped(other.stderr)).toContain(
        'the glob helper.js (from jest-distributed.config.json) fits no test file',
      );
      writeFileSync(config, JSON.stringify({ group: ['g=helpers.js'] }));
      expect(unwrapped(run([]).stderr)).toContain(
        'The glob helpers.js (from jest-distributed.config.json) matches none',
      );
    },
    TIMEOUT_MS,
  );

  test(
    'a file whose worker dies is not called proven',
    () => {
      const kills = "test('first', () => {});\ntest('kills', () => process.kill(process.pid, 'SIGKILL'));";
      const project = write({ 'kills.test.js': kills, 'b.test.js': testsOf(['b']), 'c.test.js': testsOf(['c']) });
      rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true });
      runBin(project, ['run', '--nodes', '1', '--node-number', '1', '--', '--maxWorkers=2']);
      const { ok, findings } = verdictOf(project);
      expect(ok).toBe(false);
      expect(findings).toMatchObject([{ code: 'file-failed', items: ['kills.test.js'] }]);
      expect(findings[0]?.message).toContain('SIGKILL');
    },
    TIMEOUT_MS,
  );
});
