/** What goes wrong in a split file is told, on every node that it concerns. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { type Project, removeProject } from '../../support/projects';
import { dealByHash } from './dealing';
import { copyFixture, type Run, runNode } from './selection-run';

const TIMEOUT_MS = 120_000;
const NODES = 2;

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;
  let plain: Run;
  let nodes: Run[];

  beforeAll(async () => {
    project = copyFixture(host, 'errors');
    plain = await runNode(project, {});
    const deal = (node: number) => dealByHash(plain, 'test', node, NODES);
    nodes = await Promise.all([1, 2].map((node) => runNode(project, { dealt: deal(node), args: ['-w=2'] })));
  }, TIMEOUT_MS);

  afterAll(() => removeProject(project));

  const fileOf = (run: Run, name: string) => {
    const found = run.files.find(({ file }) => file === name);
    if (found === undefined) throw new Error(`${name} was not run: ${run.output}`);
    return found;
  };

  test('an afterAll that throws fails the file on the node that ran the suite, and only there', () => {
    const outcomes = nodes.map((run) => {
      const { record, failureMessage } = fileOf(run, 'tests/after-all.test.js');
      const ranSuite = record?.mine.some((index) => record.seen[index] === 'left open one') ?? false;
      return { ranSuite, told: failureMessage?.includes('afterAll throws') ?? false };
    });
    expect(outcomes.filter(({ ranSuite }) => ranSuite)).toHaveLength(1);
    for (const { ranSuite, told } of outcomes) expect(told).toBe(ranSuite);
  });

  test('an error of the file itself is shown by a node without a test of it', () => {
    for (const run of [plain, ...nodes]) {
      expect(fileOf(run, 'tests/hooks-without-tests.test.js').failureMessage).toContain(
        'Invalid: beforeAll() may not be used in a describe block containing no tests.',
      );
      expect(run.output).toContain('FAIL main tests/hooks-without-tests.test.js');
    }
  });

  test('a file that does not load fails as in a plain run', () => {
    for (const run of [plain, ...nodes]) {
      expect(fileOf(run, 'tests/does-not-load.test.js').failureMessage).toContain('this file does not load');
    }
  });

  test.each(['tests', 'jasmine'])('it names this package nowhere, in %s', (folder) => {
    const messages = [plain, ...nodes].map((run) => fileOf(run, `${folder}/does-not-load.test.js`).failureMessage);
    expect(messages).toEqual(messages.map(() => messages[0]));
    expect(messages[0]).toContain('this file does not load');
  });

  test('a file without tests is for Jest to complain of', () => {
    for (const run of [plain, ...nodes]) {
      expect(fileOf(run, 'tests/no-tests.test.js').failureMessage).toContain('must contain at least one test');
    }
  });

  test('a test runner that cannot be split fails the file instead of running it everywhere', () => {
    expect(fileOf(plain, 'custom/any.test.js').failureMessage).toBeNull();
    for (const run of nodes) {
      const { failureMessage } = fileOf(run, 'custom/any.test.js');
      expect(failureMessage).toContain('is split over nodes, but its test runner');
      expect(failureMessage).toContain('custom-runner.js did not report its tests');
      expect(failureMessage).toContain('--hash-by file');
    }
  });

  test(
    'the set-up file refuses a file of two projects, and the test runner tells them apart',
    async () => {
      const env = { TWIN: '1' };
      const args = ['--selectProjects', 'main', 'twin', '--runTestsByPath', 'tests/after-all.test.js'];
      const dealt = dealByHash(await runNode(project, { args, env }), 'test', 1, NODES);
      const bySetup = await runNode(project, { dealt, front: 'setup', args, env });
      expect(bySetup.exitCode).toBe(1);
      expect(bySetup.output).toContain('belongs to more than one Jest project');
      const byRunner = await runNode(project, { dealt, args, env });
      expect(byRunner.files.map(({ record }) => record?.by)).toEqual(['test-runner', 'test-runner']);
    },
    TIMEOUT_MS,
  );

  test(
    'a selection that vanished fails every file',
    async () => {
      const only = ['--selectProjects', 'main', '--runTestsByPath', 'tests/after-all.test.js'];
      const run = await runNode(project, {
        dealt: dealByHash(plain, 'test', 1, NODES),
        args: only,
        env: { SELECTION_VANISHES: '1' },
      });
      expect(run.exitCode).toBe(1);
      expect(run.output).toContain('cannot be read (from JDIST_INTERNAL_SELECTION)');
    },
    TIMEOUT_MS,
  );
});
