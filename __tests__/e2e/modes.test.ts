/** The sequencer keeps this node's share in every mode that Jest has. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../support/hosts';
import {
  cleanEnvironment,
  listedTests,
  type Project,
  removeProject,
  runBin,
  runJest,
  startBin,
  writeProject,
} from '../support/projects';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const FILES: Record<string, string> = {
  'package.json': '{ "name": "modes", "private": true }',
  'jest.config.js': 'module.exports = { projects: undefined };',
  'src/shared.js': 'module.exports = 1;',
  'src/other.js': 'module.exports = 2;',
  ...Object.fromEntries(
    NAMES.map((name, index) => [
      `tests/${name}.test.js`,
      `require('../src/${index % 2 === 0 ? 'shared' : 'other'}');\ntest('${name}', () => { expect(process.env.FAIL_FILE).not.toBe('${name}'); });\n`,
    ]),
  ),
};

const node = (number: number, nodes: number): Record<string, string> => ({
  JEST_DISTRIBUTED_NODES: String(nodes),
  JEST_DISTRIBUTED_NODE_NUMBER: String(number),
});

const OURS = ['--testSequencer=jest-distributed'];
const LIST = [...OURS, '--listTests'];

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd,
    env: cleanEnvironment(),
    stdio: 'ignore',
  });
}

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;
  const all = NAMES.map((name) => `tests/${name}.test.js`);

  beforeAll(() => {
    project = writeProject(host, FILES);
    git(project.dir, 'init', '-q');
    git(project.dir, 'add', '.');
    git(project.dir, 'commit', '-qm', 'first');
  });

  afterAll(() => removeProject(project));

  /** The lists of all nodes, which must be disjoint. */
  function union(nodes: number, args: readonly string[]): string[] {
    const lists = Array.from({ length: nodes }, (_, index) => {
      const finished = runJest(project, [...LIST, ...args], node(index + 1, nodes));
      expect(finished.exitCode).toBe(0);
      return listedTests(project, finished);
    });
    const union = lists.flat().sort();
    expect(union).toEqual([...new Set(union)]);
    return union;
  }

  test('--listTests', () => {
    expect(union(3, [])).toEqual(all);
  });

  test('paths', () => {
    expect(union(2, ['tests/[a-d]'])).toEqual(all.slice(0, 4));
  });

  test('--findRelatedTests', () => {
    expect(union(2, ['--findRelatedTests', 'src/shared.js'])).toEqual(all.filter((_, index) => index % 2 === 0));
  });

  test('--changedSince', () => {
    writeFileSync(path.join(project.dir, 'src', 'other.js'), 'module.exports = 3;');
    expect(union(2, ['--changedSince=HEAD'])).toEqual(all.filter((_, index) => index % 2 === 1));
  });

  test('--shard=i/n is node i of n, without any other setting', () => {
    const lists = [1, 2, 3].map((index) => listedTests(project, runJest(project, [...LIST, `--shard=${index}/3`])));
    expect(lists.flat().sort()).toEqual(all);
    const byNumber = listedTests(project, runJest(project, LIST, node(2, 3)));
    expect(lists[1]).toEqual(byNumber);
    expect(listedTests(project, runJest(project, [...LIST, '--shard=2/3'], node(2, 3)))).toEqual(byNumber);
  });

  test('node index counts from 0', () => {
    const byIndex = runJest(project, LIST, { JEST_DISTRIBUTED_NODES: '3', JEST_DISTRIBUTED_NODE_INDEX: '1' });
    expect(listedTests(project, byIndex)).toEqual(listedTests(project, runJest(project, LIST, node(2, 3))));
  });

  describe('two files over four nodes', () => {
    const numbers = [1, 2, 3, 4];
    const two = 'tests/[ab]';

    test('an empty share exits 0 and says so', () => {
      const results = numbers.map((number) => runJest(project, [...OURS, two], node(number, 4)));
      const empty = results.filter(({ stderr }) => stderr.includes("0 of 2 files are this node's"));
      expect(empty.length).toBeGreaterThanOrEqual(2);
      for (const { exitCode } of results) expect(exitCode).toBe(0);
      for (const { stderr } of empty) expect(stderr).not.toContain('No tests found');
    });

    test('an empty share lists nothing', () => {
      const lists = numbers.map((number) => runJest(project, [...LIST, two], node(number, 4)));
      for (const { exitCode } of lists) expect(exitCode).toBe(0);
      expect(lists.some(({ stdout }) => stdout.trim() === '')).toBe(true);
      expect(lists.flatMap((list) => listedTests(project, list)).sort()).toEqual(all.slice(0, 2));
    });

    test('with the reporter the summary of an empty share counts no file', () => {
      const results = numbers.map((number) => runBin(project, ['run', '--', '--json', two], node(number, 4)));
      const totals = results.map(({ stdout }) => JSON.parse(stdout).numTotalTestSuites as number);
      expect(totals).toContain(0);
      expect(totals.reduce((sum, total) => sum + total, 0)).toBe(2);
    });
  });

  test("where Jest finds no file at all, Jest's own error stands", () => {
    const { exitCode, stdout, stderr } = runJest(project, [...OURS, 'no-such-path'], node(1, 2));
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('No tests found, exiting with code 1');
    expect(stderr).not.toContain("are this node's");
  });

  test('--onlyFailures runs the failures of this machine, unplaced, and says so', () => {
    for (const number of [1, 2]) {
      const failing = runJest(project, ['tests/c'], { FAIL_FILE: 'c' });
      expect(failing.exitCode).toBe(1);
      const { exitCode, stderr } = runJest(project, [...OURS, '--onlyFailures', '--verbose'], node(number, 2));
      expect(stderr).toContain(`node ${number} of 2 runs 1 file that failed on this machine`);
      expect(stderr).toContain('PASS tests/c.test.js');
      expect(stderr).toContain('Test Suites: 1 passed, 1 total');
      expect(exitCode).toBe(0);
    }
  });

  test('stdout is left to Jest', () => {
    const { stdout, stderr } = runJest(project, [...OURS, '--json'], node(1, 2));
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toContain('jest-distributed: node 1 of 2 runs');
  });

  test('a Jest that a test starts is no node', () => {
    const nested = writeProject(host, {
      'package.json': '{ "private": true }',
      'inner/package.json': '{ "private": true, "jest": { "testSequencer": "jest-distributed" } }',
      'inner/a.test.js': "test('a', () => {});",
      'inner/b.test.js': "test('b', () => {});",
      'outer.test.js': `
        const { spawnSync } = require('node:child_process');
        const path = require('node:path');
        test('inner Jest', () => {
          const { stderr } = spawnSync(process.execPath, [${JSON.stringify(path.join(host.dir, 'node_modules/jest/bin/jest.js'))}], {
            cwd: path.join(__dirname, 'inner'), encoding: 'utf8',
          });
          expect(stderr).toContain('Tests:       2 passed, 2 total');
        }, 60000);`,
    });
    const args = ['--testSequencer=jest-distributed', '--rootDir', nested.dir, '--testMatch', '**/outer.test.js'];
    const circle = { CIRCLECI: 'true', CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '1' };
    for (const environment of [node(1, 1), circle]) {
      const { exitCode, stderr } = runJest(nested, [...args, '-i'], environment as Record<string, string>);
      expect(stderr).toContain('Tests:       1 passed, 1 total');
      expect(exitCode).toBe(0);
    }
    removeProject(nested);
  });

  test('watch mode runs everything and says so', async () => {
    const child = startBin(project, ['run', '--', '--watchAll'], node(1, 2));
    let said = '';
    await new Promise<void>((resolve) => {
      const collect = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ran all test suites')) resolve();
      };
      child.stdout?.on('data', collect);
      child.stderr?.on('data', collect);
      child.on('exit', () => resolve());
    });
    child.kill('SIGKILL');
    expect(said).toContain('watch mode is not distributed');
    expect(said).toContain('Tests:       8 passed, 8 total');
  }, 60_000);
});
