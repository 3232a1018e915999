/** A test of a split file may start a Jest of its own, which is no node of this run. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { type Project, removeProject, writeProject } from '../../support/projects';
import { runNodes, testsIn } from './split-run';

const OUTER = `
const { spawnSync } = require('node:child_process');
const run = (...args) => {
  const jest = require('node:path').join(require.resolve('jest/package.json'), '..', 'bin', 'jest.js');
  const { stderr } = spawnSync(process.execPath, [jest, ...args], { cwd: __dirname + '/inner', encoding: 'utf8' });
  return stderr;
};
const passed = /Tests: +4 passed, 4 total/;
test('with the sequencer', () => expect(run('--testSequencer=jest-distributed')).toMatch(passed));
test('with workers', () => expect(run('--testSequencer=jest-distributed', '-w=2')).toMatch(passed));
test('with the set-up file', () => expect(run('--setupFilesAfterEnv', 'jest-distributed/setup')).toMatch(passed));
test('one more', () => {});
`;

const INNER = `
test('one', () => {});
test('two', () => {});
`;

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;

  afterEach(() => removeProject(project));

  test('all of its tests run', async () => {
    project = writeProject(host, {
      'package.json': '{"name":"outer","jest":{"testMatch":["<rootDir>/outer.test.js"]}}',
      'outer.test.js': OUTER,
      'inner/package.json': '{"name":"inner","jest":{}}',
      'inner/a.test.js': INNER,
      'inner/b.test.js': `/** @jest-distributed split */${INNER}`,
    });
    const runs = await runNodes(project, 2, ['--testTimeout=100000'], { JEST_DISTRIBUTED_HASH_BY: 'test' });
    expect(runs.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual([0, 0]);
    expect(testsIn(project, runs)).toHaveLength(4);
  }, 300_000);
});
