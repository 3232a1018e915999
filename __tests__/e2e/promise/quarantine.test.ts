/** A quarantined test runs, is reported and does not decide; and nothing else can be hidden behind it. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addDays, dayOf } from '../../../src/flaky/quarantine';
import { host } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, writeProject } from '../../support/projects';

let project: Project;

const today = dayOf(Date.now());
const QUARANTINE = 'jest-distributed.quarantine.json';

const entry = (more: object = {}) => ({
  ...{ file: 'flaky.test.js', test: 'cart adds', owner: 'shop', reason: 'fails at times' },
  ...{ since: today, until: addDays(today, 14), ...more },
});

const write = (name: string, text: string) => writeFileSync(path.join(project.dir, name), text);
const quarantine = (tests: readonly object[], more: object = {}) =>
  write(QUARANTINE, JSON.stringify({ ...more, tests }));
const flat = ({ stderr }: Finished) => stderr.replace(/\s+/g, ' ');

const FLAKY = `
describe('cart', () => {
  test('adds', () => { throw new Error('not now'); });
  test('removes', () => {});
});
`;

beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "quarantine", "private": true }',
    'flaky.test.js': FLAKY,
    'good.test.js': "test('is good', () => {});",
    'statuses.js': `
      const { writeFileSync } = require('node:fs');
      module.exports = class {
        onRunComplete(_, { testResults }) {
          const all = testResults.flatMap((file) => file.testResults.map(({ fullName, status }) => [fullName, status]));
          writeFileSync('statuses.json', JSON.stringify(Object.fromEntries(all)));
        }
      };`,
  });
});

beforeEach(() => {
  rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true });
  write('flaky.test.js', FLAKY);
  quarantine([entry()]);
});

afterAll(() => removeProject(project));

const node = (number: number, args: readonly string[] = []) =>
  runBin(project, ['run', '--nodes', '2', '--node-number', String(number), '--', '-i', ...args]);
const alone = (args: readonly string[] = []) => runBin(project, ['run', '--', '-i', ...args]);

test('nodes, bail, merge with its reporters, and run --local are green; the failure is named with its owner', () => {
  for (const number of [1, 2]) expect(node(number, ['--bail']).exitCode).toBe(0);
  const merged = runBin(project, ['merge', '--', '--reporters', 'default', '--reporters', './statuses.js']);
  expect(flat(merged)).toContain('1 test in quarantine failed and does not decide');
  expect(flat(merged)).toContain(`flaky.test.js: cart adds (owner shop, until ${addDays(today, 14)}) not now`);
  expect(flat(merged)).toContain('2 tests passed, 1 in quarantine failed: each of 2 files ran exactly once.');
  expect(merged.exitCode).toBe(0);
  const statuses = () => JSON.parse(readFileSync(path.join(project.dir, 'statuses.json'), 'utf8'));
  expect(statuses()).toMatchObject({ 'cart adds': 'failed', 'cart removes': 'passed' });
  // What the record holds is of merges.
  const record = path.join(project.dir, '.jest-distributed', 'quarantine-record.json');
  expect(JSON.parse(readFileSync(record, 'utf8')).tests).toMatchObject([{ test: 'cart adds', outcomes: 'F' }]);

  // For CIs that judge by JUnit.
  quarantine([entry()], { report: 'skipped' });
  for (const number of [1, 2]) expect(node(number).exitCode).toBe(0);
  const skipped = runBin(project, ['merge', '--', '--reporters', 'default', '--reporters', './statuses.js']);
  expect(skipped.exitCode).toBe(0);
  expect(statuses()).toMatchObject({ 'cart adds': 'pending', 'cart removes': 'passed' });
  expect(flat(skipped)).toContain('1 test in quarantine failed and does not decide');
  // Merged again it is the same run.
  expect(runBin(project, ['merge']).exitCode).toBe(0);
  expect(JSON.parse(readFileSync(record, 'utf8')).tests).toMatchObject([{ outcomes: 'FF' }]);

  for (const more of [[], ['--queue', '--max-retries', '1']]) {
    const local = runBin(project, ['run', '--local', '--nodes', '2', ...more]);
    expect(flat(local)).toContain('2 tests passed, 1 in quarantine failed');
    expect(local.exitCode).toBe(0);
  }
});

test('what stands beside it decides: another test, a second test of the name, a file that does not load, a threshold', () => {
  expect(alone().exitCode).toBe(0);
  write('flaky.test.js', FLAKY.replace("'removes', () => {}", "'removes', () => { throw new Error('really') }"));
  expect(alone().exitCode).toBe(1);
  write('flaky.test.js', `${FLAKY}describe('cart', () => { test('adds', () => {}); });`);
  const twice = alone();
  expect(flat(twice)).toContain('2 tests have the name flaky.test.js: cart adds');
  expect(twice.stderr).toContain('\n  Give each test a name of its own.\n');
  expect(twice.stderr).not.toContain('\\n');
  expect(twice.exitCode).toBe(1);
  write('flaky.test.js', `${FLAKY}require('./gone');`);
  expect(alone().exitCode).toBe(1);
  write('flaky.test.js', FLAKY.replace("test('adds'", "afterAll(() => { throw new Error('hook'); });\n test('adds'"));
  expect(alone().exitCode).toBe(1);
  write('flaky.test.js', FLAKY);
  const threshold = ['--coverage', '--coverageThreshold={"global":{"lines":100}}', '--collectCoverageFrom=statuses.js'];
  expect(alone(threshold).exitCode).toBe(1);
});

test('a snapshot that it does not match is its failure; one of another test is not', () => {
  mkdirSync(path.join(project.dir, '__snapshots__'), { recursive: true });
  const snapshot = path.join(project.dir, '__snapshots__', 'flaky.test.js.snap');
  const content = ['adds', 'removes'].map((name) => `exports[\`cart ${name} 1\`] = \`1\`;\n`).join('\n');
  writeFileSync(snapshot, `// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing\n\n${content}`);
  const withSnapshots = (adds: number, removes: number) =>
    write(
      'flaky.test.js',
      FLAKY.replace("throw new Error('not now');", `expect(${adds}).toMatchSnapshot();`).replace(
        "'removes', () => {}",
        `'removes', () => { expect(${removes}).toMatchSnapshot(); }`,
      ),
    );
  withSnapshots(2, 1);
  expect(alone(['--ci']).exitCode).toBe(0);
  withSnapshots(2, 2);
  expect(alone(['--ci']).exitCode).toBe(1);
  rmSync(path.dirname(snapshot), { recursive: true });
});

test('entries that are wrong stop a node before any test', () => {
  const refused = (tests: readonly object[], more: object = {}) => {
    quarantine(tests, more);
    const finished = alone();
    expect(finished.exitCode).toBe(1);
    expect(finished.stderr).not.toContain('flaky.test.js\n');
    return flat(finished);
  };
  expect(refused([entry({ owner: '' })])).toContain('has no owner');
  expect(refused([entry()], { cap: 0 })).toContain('It has 1 entries, more than its cap of 0');
  expect(refused([{ ...entry(), test: undefined }])).toContain('names no test: a whole file cannot be in quarantine');
  write(QUARANTINE, '{');
  expect(alone().exitCode).toBe(1);
  // A link that leads nowhere is no absent file.
  rmSync(path.join(project.dir, QUARANTINE));
  symlinkSync('gone.json', path.join(project.dir, QUARANTINE));
  expect(alone().stderr).toContain('[QUARANTINE_INVALID]');
  rmSync(path.join(project.dir, QUARANTINE));
});

test('an expired entry holds nothing back, and is red where its test passes; so is one of a test that is gone', () => {
  const past = { since: addDays(today, -20), until: addDays(today, -1) };
  quarantine([entry(past)]);
  expect(alone().exitCode).toBe(1);
  write('flaky.test.js', FLAKY.replace("throw new Error('not now');", ''));
  const expired = alone();
  expect(flat(expired)).toContain(`The quarantine of flaky.test.js: cart adds expired on ${past.until}`);
  expect(expired.exitCode).toBe(1);
  rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true });
  for (const number of [1, 2]) expect(node(number).exitCode).toBe(0);
  const merged = runBin(project, ['merge']);
  expect(flat(merged)).toContain('[quarantine-expired]');
  expect(flat(merged)).toContain('Every test passed, but 1 quarantine expired.');
  expect(merged.exitCode).toBe(1);

  quarantine([entry({ test: 'cart multiplies' }), entry({ file: 'gone.test.js' }), entry({ file: 'statuses.js' })]);
  for (const number of [1, 2]) expect(node(number).exitCode).toBe(0);
  const unknown = runBin(project, ['merge']);
  expect(flat(unknown)).toContain('cart multiplies; the file has no such test. [quarantine-unknown]');
  expect(flat(unknown)).toContain('gone.test.js: cart adds; that file does not exist. [quarantine-unknown]');
  expect(flat(unknown)).toContain('statuses.js: cart adds; Jest runs no test file of that path. [quarantine-unknown]');
  expect(unknown.exitCode).toBe(1);

  // Chosen by its path a file ran whole, too.
  quarantine([entry({ test: 'cart multiplies' })]);
  const chosen = alone(['flaky']);
  expect(flat(chosen)).toContain('cart multiplies; the file has no such test. [quarantine-unknown]');
  expect(chosen.exitCode).toBe(1);
});

test('an entry without a project holds nothing of a file that two projects have', () => {
  write(
    'flaky.test.js',
    FLAKY.replace("throw new Error('not now');", "if (globalThis.fails) throw new Error('not now');"),
  );
  const projects = ['A', 'B'].map((displayName) => ({ displayName, globals: { fails: displayName === 'A' } }));
  const config = ['--config', JSON.stringify({ projects })];
  // A filter too: it sees no ambiguity by itself.
  expect(alone([...config, '-t', 'adds']).exitCode).toBe(1);
  rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true });
  for (const number of [1, 2]) node(number, config);
  const merged = runBin(project, ['merge', '--', ...config]);
  expect(flat(merged)).toContain('2 tests have the name flaky.test.js: cart adds');
  expect(flat(merged)).toContain('1 of 6 tests failed in 1 file');
  expect(merged.exitCode).toBe(1);
  quarantine([entry({ project: 'A' })]);
  expect(alone(config).exitCode).toBe(0);
});

test('a project without a name is named by its folder, on nodes and in the merge', () => {
  for (const folder of ['a', 'b']) {
    mkdirSync(path.join(project.dir, folder), { recursive: true });
    write(`${folder}/flaky.test.js`, folder === 'a' ? FLAKY : FLAKY.replace("throw new Error('not now');", ''));
  }
  const args = ['--config', JSON.stringify({ projects: ['a', 'b'].map((name) => ({ rootDir: `<rootDir>/${name}` })) })];
  quarantine([entry({ project: 'a', file: 'a/flaky.test.js' })]);
  expect(alone(args).exitCode).toBe(0);
  rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true });
  expect([1, 2].map((number) => node(number, args).exitCode)).toEqual([0, 0]);
  expect(runBin(project, ['merge', '--', ...args]).exitCode).toBe(0);
  quarantine([entry({ project: 'b', file: 'a/flaky.test.js' })]);
  expect(alone(args).exitCode).toBe(1);
  for (const folder of ['a', 'b']) rmSync(path.join(project.dir, folder), { recursive: true });
});

test('a node that never ran it is missing; another quarantine on a node, or in the merge, is an error', () => {
  const own = runBin(project, ['explain', 'flaky.test.js', '--nodes', '2']).stdout.includes('1 of 2') ? 1 : 2;
  expect(node(3 - own).exitCode).toBe(0);
  const missing = runBin(project, ['merge', '--expect-nodes', '2']);
  expect(flat(missing)).toContain('[missing-node]');
  expect(missing.exitCode).toBe(1);

  // As a pull request of a fork would do it on one node only.
  quarantine([entry(), entry({ file: 'good.test.js', test: 'is good' })]);
  expect(node(own).exitCode).toBe(0);
  expect(runBin(project, ['verify', '--expect-nodes', '2']).stdout).toContain('[quarantine-differs]');
  expect(runBin(project, ['merge']).exitCode).toBe(1);

  quarantine([entry()]);
  for (const number of [1, 2]) expect(node(number).exitCode).toBe(0);
  rmSync(path.join(project.dir, QUARANTINE));
  const without = runBin(project, ['merge']);
  expect(flat(without)).toContain('This checkout has no quarantine, but nodes ran with the quarantine');
  expect(without.exitCode).toBe(1);
});

test('what fails always is broken and red; the commands add, list, check and remove', () => {
  rmSync(path.join(project.dir, QUARANTINE));
  const add = (...more: string[]) =>
    runBin(project, ['quarantine', 'add', 'flaky.test.js', '--test', 'cart adds', '--owner', 'shop', ...more]);
  expect(add().exitCode).toBe(1);
  expect(add('--reason', 'fails at times', '--days', '200').exitCode).toBe(1);
  expect(existsSync(path.join(project.dir, QUARANTINE))).toBe(false);
  expect(add('--reason', 'fails at times', '--issue', '#7').exitCode).toBe(0);
  expect(runBin(project, ['quarantine', 'list']).stdout).toMatch(
    /shop +no run +flaky.test.js: cart adds \(fails at times, #7\)/,
  );
  expect(runBin(project, ['quarantine', 'check']).exitCode).toBe(0);
  mkdirSync(path.join(project.dir, '.jest-distributed'), { recursive: true });
  const recorded = { file: 'flaky.test.js', project: null, test: 'cart adds', since: today, outcomes: 'F'.repeat(9) };
  write('.jest-distributed/quarantine-record.json', JSON.stringify({ version: 1, tests: [recorded] }));
  const broken = runBin(project, ['run', '--local', '--nodes', '2']);
  expect(flat(broken)).toContain('it is broken and not flaky. [quarantine-broken]');
  expect(broken.exitCode).toBe(1);
  const checked = runBin(project, ['quarantine', 'check']);
  expect(checked.exitCode).toBe(1);
  const remedy = /quarantine remove flaky.test.js --test 'cart adds'/.exec(flat(checked));
  expect(remedy).not.toBeNull();
  expect(runBin(project, ['quarantine', 'remove', 'flaky.test.js', '--test', 'cart adds']).exitCode).toBe(0);
  quarantine([entry({ project: 'A' }), entry({ project: 'B' })]);
  const several = runBin(project, ['quarantine', 'remove', 'flaky.test.js', '--test', 'cart adds']);
  expect(flat(several)).toContain('is in quarantine in several projects: A, B.');
  expect(several.exitCode).toBe(1);
  // What cannot be read is not in the list, and is said.
  quarantine([{ ...entry({}), ownr: 'me' } as never]);
  const unreadable = runBin(project, ['quarantine', 'list']);
  expect(flat(unreadable)).toContain('ownr');
  expect(unreadable.exitCode).toBe(1);
  quarantine([]);
  expect(alone().exitCode).toBe(1);
});
