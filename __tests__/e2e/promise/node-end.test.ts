/** How a node ended counts beside its tests, and nothing in a project can take the verdict away. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import {
  cleanEnvironment,
  type Finished,
  ourBin,
  type Project,
  removeProject,
  runBin,
  runJest,
  writeProject,
} from '../../support/projects';

const THRESHOLD = '--coverageThreshold={"global":{"lines":100},"./m.js":{"branches":-1,"statements":100}}';

// What each process is to do stands in a variable, so that one project does for all.
const project: Project = writeProject(host(30), {
  'package.json': '{ "name": "ends" }',
  'jest.config.js': `
    const { END = '' } = process.env;
    module.exports = {
      forceExit: END === 'force',
      globalTeardown: END === 'teardown' ? './teardown.js' : undefined,
      reporters: ['default', './reporter.js'],
    };`,
  'teardown.js': `module.exports = async () => { throw new Error('the database was not dropped'); };`,
  'reporter.js': `
    const { END = '' } = process.env;
    module.exports = class {
      onRunStart() {
        if (END === 'start') throw new Error('the reporter does not start');
      }
      onRunComplete() {
        if (END.startsWith('exit-')) process.exit(Number(END.slice(5)));
        if (END.startsWith('code-')) process.exitCode = Number(END.slice(5));
        if (END === 'throw') throw new Error('the reporter broke');
        if (END === 'kill') process.kill(process.pid, 'SIGKILL');
        if (END === 'memory') for (const all = []; ; ) all.push(new Array(1e6).fill(END));
      }
      getLastError() { return END === 'error' ? new Error('the reporter is not content') : undefined; }
    };`,
  'm.js': 'module.exports = (x) => {\n  if (x) return 1;\n  return 2;\n};',
  'a.test.js': `const m = require('./m'); test('a', () => { m(1); });`,
  'b.test.js': `test('b', () => {
    if (process.env.END === 'fails') throw new Error('b is red');
    if (process.env.END === 'leaves') process.exit(0);
  });`,
});
afterAll(() => removeProject(project));

const report = path.join(project.dir, '.jest-distributed');
beforeEach(() => rmSync(report, { recursive: true, force: true }));

const node = (end: string, args: readonly string[] = []): Finished =>
  runBin(project, ['run', '--nodes', '1', '--node-number', '1', '--', '-i', ...args], { END: end });

function merge(end = '', args: readonly string[] = [], extra: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = runBin(project, ['merge', ...args], { END: end, ...extra });
  // Our lines are wrapped to the terminal.
  return { exitCode, stdout, stderr, text: stderr.replace(/\s+/g, ' ') };
}

test('--bail, by the last file: one summary, one end, and the failure is in the merge', () => {
  const ended = node('fails', ['b.test.js', '--bail']);
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr).not.toContain('cannot be written');
  expect(ended.stderr.match(/node 1 of 1 ran 1 of 1 file/g)).toHaveLength(1);
  const merged = merge();
  expect([merged.exitCode, merged.stderr]).toEqual([1, expect.stringContaining('b is red')]);
  expect(merged.text).toContain('1 test failed');
  expect(merged.text).not.toMatch(/unreadable-blob|missing-node/);
});

test('a test that ends the process with code 0: red, and named in the log and in the merge', () => {
  const ended = node('leaves');
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr.replace(/\s+/g, ' ')).toContain('this process ended with exit code 0 while it ran b.test.js');
  const merged = merge();
  expect(merged.exitCode).toBe(1);
  expect(merged.text).toContain('Node 1 was cut short: its process ended with exit code 0 while it ran b.test.js');
  expect(merged.text).not.toContain('--run-missing');
});

describe('a node that ended red although its tests passed', () => {
  test.each([
    ['teardown', 1, 'Got error running globalTeardown'],
    ['throw', 1, 'the reporter broke'],
    ['error', 1, 'a reporter of the project reported an error'],
    ['code-3', 3, "the project's own code set the exit code"],
    ['exit-5', 5, 'process.exit was called before Jest had finished'],
  ])('%s', (end, code, reason) => {
    expect(node(end).exitCode).toBe(code);
    const merged = merge();
    expect(merged.exitCode).toBe(1);
    expect(merged.text).toContain(`Node 1 ended with exit code ${code}, although none of its tests failed: ${reason}`);
    expect(merged.text).toContain(`Every test passed, but node 1 ended with exit code ${code}.`);
    const verified = runBin(project, ['verify']);
    expect([verified.exitCode, verified.stdout]).toEqual([
      0,
      expect.stringContaining('warning: Node 1 ended with exit'),
    ]);
  });

  test('the same under plain jest, where the error is only printed', () => {
    const args = ['--testSequencer=jest-distributed', '-i', '--reporters=default'];
    const [ours, theirs] = ['--reporters=jest-distributed/reporter', '--reporters=./reporter.js'] as const;
    for (const [end, reason, reporters] of [
      ['throw', 'the reporter broke', [theirs, ours]],
      ['throw', 'the reporter broke', [ours, theirs]],
      ['teardown', 'Got error running globalTeardown', [ours]],
    ] as const) {
      rmSync(report, { recursive: true, force: true });
      const env = { END: end, JEST_DISTRIBUTED_NODES: '1', JEST_DISTRIBUTED_NODE_NUMBER: '1' };
      expect(runJest(project, [...args, ...reporters], env).exitCode).toBe(1);
      expect(merge().text).toContain(`Node 1 ended with exit code 1, although none of its tests failed: ${reason}`);
    }
  });

  test('a reporter that leaves with 0 when the tests are over took nothing away', () => {
    expect(node('exit-0').exitCode).toBe(0);
    expect(merge()).toMatchObject({ exitCode: 0 });
  });

  test('forceExit on the node', () => {
    expect(node('force').exitCode).toBe(0);
    expect(merge()).toMatchObject({ exitCode: 0 });
  });
});

// Where Jest's default reporter holds what is printed, nothing drains and its timer never stops.
test('a reporter that throws at the start ends the node also where output goes to a file', () => {
  const file = path.join(project.dir, 'log.txt');
  const log = openSync(file, 'w');
  const { status } = spawnSync(process.execPath, [ourBin(project.host), 'run', '--nodes', '1', '--node-number', '1'], {
    cwd: project.dir,
    env: cleanEnvironment({ END: 'start' }),
    stdio: ['ignore', log, log],
    timeout: 60_000,
  });
  closeSync(log);
  expect([status, readFileSync(file, 'utf8')]).toEqual([1, expect.stringContaining('the reporter does not start')]);
});

describe('a replay', () => {
  test('cannot take the verdict away', () => {
    node('');
    const ends: [string, number, string, Record<string, string>?][] = [
      ['force', 0, 'All 2 tests passed'],
      ['exit-0', 1, "the process of Jest's reporters ended with exit code 0 before the run was reported"],
      ['kill', 1, "the process of Jest's reporters ended by SIGKILL before the run was reported"],
      [
        'memory',
        1,
        "the process of Jest's reporters ended by SIGABRT before the run was reported",
        { NODE_OPTIONS: '--max-old-space-size=120' },
      ],
      ['throw', 1, 'Jest could not report the run: the reporter broke'],
      ['code-3', 3, "the project's reporters ended with exit code 3"],
    ];
    for (const [end, code, text, extra] of ends) {
      rmSync(path.join(report, 'report.html'), { force: true });
      const merged = merge(end, [], extra);
      expect([end, merged.exitCode, merged.text]).toEqual([end, code, expect.stringContaining(text)]);
      expect([end, existsSync(path.join(report, 'report.html'))]).toEqual([end, true]);
    }
    const listed = merge('', ['--', '--listTests']);
    expect(listed.exitCode).toBe(1);
    expect(listed.text).toContain('Jest reported only 0 of 2 test files (its arguments were --listTests)');
  });

  test('says how long the run took, estimates nothing, and leaves stdout to Jest', () => {
    node('');
    const merged = merge('', ['--', '--json']);
    const blob = readdirSync(report, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.jsonl'));
    const lines = readFileSync(path.join(report, blob as string), 'utf8')
      .trim()
      .split('\n');
    const [first, ...rest] = lines.map((line) => JSON.parse(line));
    const { wallMs } = rest.at(-2);
    const printed = /Time: +([\d.]+) (m?s)(.*)/.exec(merged.stderr);
    const printedMs = Number(printed?.[1]) * (printed?.[2] === 's' ? 1000 : 1);
    // What the reporters before Jest's summary took comes on top.
    expect(printedMs).toBeGreaterThanOrEqual(wallMs - 1);
    expect(printed?.[3]).toBe('');
    expect(JSON.parse(merged.stdout)).toMatchObject({ numPassedTests: 2, success: true, startTime: first.startMs });
    expect(rest.at(-1)).toEqual({ kind: 'exit', code: 0, signal: null, reasons: [] });
  });
});

test('thresholds of the nodes are checked on the whole, unless the merge has its own', () => {
  for (const number of ['1', '2']) {
    const args = ['run', '--nodes', '2', '--node-number', number, '--', '-i', '--coverage', THRESHOLD];
    expect(runBin(project, args).exitCode).toBe(0);
  }
  const merged = merge('', ['--', '--coverage']);
  expect(merged.exitCode).toBe(1);
  expect(merged.text).toContain('Every test passed, but coverage for ');
  expect(merged.text).toContain('for lines (66.66%) does not meet "global" threshold (100%)');
  expect(merged.text).toContain('for statements (75%) does not meet "./m.js" threshold (100%)');
  expect(merge('', ['--', '--coverageThreshold={"global":{"lines":10}}']).exitCode).toBe(0);
});

test('a summary that cannot be written is a warning', () => {
  node('');
  const missing = path.join(project.dir, 'not', 'there.md');
  const written = merge('', [], { GITHUB_STEP_SUMMARY: missing });
  expect(written.exitCode).toBe(0);
  expect(written.text).toContain('warning: the summary cannot be added to the file that GITHUB_STEP_SUMMARY names');
  expect(written.stderr).not.toMatch(/^\s+at /m);
});
