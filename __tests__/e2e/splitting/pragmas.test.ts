/** Marks in files and globs in the options, in real runs. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { newestHosts } from '../../support/hosts';
import { listedTests, type Project, removeProject, runJest, writeProject } from '../../support/projects';

const PASSING = "test('a', () => {});\ntest('b', () => {});\n";
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe.each(newestHosts())('on Jest $jest', (host) => {
  const projects: Project[] = [];

  afterEach(() => {
    for (const project of projects.splice(0)) removeProject(project);
  });

  function write(pragmas: Readonly<Record<string, string>>): Project {
    const files = Object.fromEntries(
      NAMES.map((name) => [`test/${name}.test.js`, `${pragmas[name] ?? ''}\n${PASSING}`]),
    );
    const project = writeProject(host, { 'package.json': '{"name":"marked","jest":{}}', ...files });
    projects.push(project);
    return project;
  }

  const node = (number: number, extra: Readonly<Record<string, string>> = {}) => ({
    JEST_DISTRIBUTED_NODES: '3',
    JEST_DISTRIBUTED_NODE_NUMBER: String(number),
    ...extra,
  });
  const listOn = (project: Project, number: number, extra = {}) =>
    listedTests(project, runJest(project, ['--testSequencer=jest-distributed', '--listTests'], node(number, extra)));
  const failureOf = (project: Project, extra = {}) => {
    const { exitCode, stderr } = runJest(project, ['--testSequencer=jest-distributed'], node(1, extra));
    return exitCode === 1 ? stderr : `exit code ${exitCode}`;
  };

  test('an unknown pragma stops the run and names file and line', () => {
    const said = failureOf(write({ c: '/**\n * What it is for.\n * @jest-distributed spilt\n */' }));
    expect(said).toContain('"@jest-distributed spilt" (test/c.test.js:3) is not a known pragma.');
    expect(said).toContain('Use one of: @jest-distributed split');
    expect(said).not.toContain('PASS');
  });

  test('a glob that contradicts a pragma stops the run and names both', () => {
    const said = failureOf(write({ c: '/** @jest-distributed whole */' }), { JEST_DISTRIBUTED_SPLIT: 'test/c*' });
    expect(said).toContain(
      'test/c.test.js has pragmas that contradict each other: "split" (test/c* from JEST_DISTRIBUTED_SPLIT)',
    );
    expect(said).toContain('and "whole" (test/c.test.js:1)');
  });

  test('files of a group share a node, by pragmas and by globs', () => {
    const pragma = '/** @jest-distributed group db */';
    const project = write({ a: pragma, d: pragma, f: pragma });
    const extra = { JEST_DISTRIBUTED_GROUP: 'db=test/{b,h}.test.js,web=test/c*' };
    const lists = [1, 2, 3].map((number) => listOn(project, number, extra));
    expect(lists.flat().sort()).toEqual(NAMES.map((name) => `test/${name}.test.js`));
    const members = ['a', 'b', 'd', 'f', 'h'].map((name) => `test/${name}.test.js`);
    const owners = lists.filter((list) => list.some((file) => members.includes(file)));
    expect(owners).toHaveLength(1);
    expect(owners[0]).toEqual(expect.arrayContaining(members));
  });

  test('the pragma split splits under hash-by file, and the pragma whole keeps a file whole under hash-by test', () => {
    const project = write({ a: '// @jest-distributed split', b: '// @jest-distributed whole' });
    const countOn = (file: string, hashBy: string) =>
      [1, 2, 3].filter((number) => listOn(project, number, { JEST_DISTRIBUTED_HASH_BY: hashBy }).includes(file)).length;
    expect(countOn('test/a.test.js', 'file')).toBe(3);
    expect(countOn('test/c.test.js', 'file')).toBe(1);
    expect(countOn('test/b.test.js', 'test')).toBe(1);
    expect(countOn('test/c.test.js', 'test')).toBe(3);
  });

  test('a project whose runner never calls the test runner cannot be split, and says so', () => {
    const project = writeProject(host, {
      'package.json': '{"name":"own-runner","jest":{"runner":"./runner.js"}}',
      'runner.js': `
        const { TestResult } = {};
        module.exports = class {
          isSerial = true;
          async runTests(tests, watcher, onStart, onResult) {
            for (const test of tests) {
              await onStart(test);
              const one = { ancestorTitles: [], title: 'x', fullName: 'x', status: 'passed', failureMessages: [], duration: 1 };
              await onResult(test, {
                testFilePath: test.path, testResults: [one], numPassingTests: 1, numFailingTests: 0, numPendingTests: 0,
                numTodoTests: 0, skipped: false, leaks: false, openHandles: [], failureMessage: null,
                perfStats: { start: 0, end: 1, runtime: 1, slow: false },
                snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },
              });
            }
          }
        };`,
      'a.test.js': PASSING,
    });
    projects.push(project);
    const said = failureOf(project, { JEST_DISTRIBUTED_HASH_BY: 'test' });
    expect(said).toContain('a.test.js is split over nodes, but the runner');
    expect(said).toContain('--whole and a glob');
    const kept = runJest(
      project,
      ['--testSequencer=jest-distributed', '--passWithNoTests'],
      node(1, { JEST_DISTRIBUTED_HASH_BY: 'test', JEST_DISTRIBUTED_WHOLE: '*.test.js' }),
    );
    expect(kept.exitCode).toBe(0);
  });
});
