/** From the blobs of several nodes to one run, its proof, and every way it can be incomplete. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../src/proof/proof';
import { newestHosts } from '../support/hosts';
import { type Finished, type Project, removeProject, runBin, startBin, writeProject } from '../support/projects';

const FILES: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'merged',
    private: true,
    jest: { coverageThreshold: { global: { functions: 100 } }, collectCoverageFrom: ['*.js', '!*.test.js'] },
  }),
  'lib.js': 'exports.one = () => 1;\nexports.two = () => 2;\nexports.three = () => 3;\n',
  'a.test.js': "const { one } = require('./lib');\ntest('a', () => { expect(one()).toBe(1); });",
  'b.test.js': "const { two } = require('./lib');\ntest('b', () => { expect(two()).toBe(2); });",
  'c.test.js': "const { three } = require('./lib');\ntest('c', () => { expect(three()).toBe(3); });",
  'd.test.js':
    "test('d', () => { console.log('printed by d'); });\ntest.todo('later');\ntest.skip('not now', () => {});",
};

const SNAPSHOT_GUIDES = { 29: 'https://goo.gl/fbAQLP', 30: 'https://jestjs.io/docs/snapshot-testing' };

describe.each(newestHosts())('on Jest $jest', (host) => {
  const project: Project = writeProject(host, FILES);
  const report = path.join(project.dir, '.jest-distributed', 'report');

  afterAll(() => removeProject(project));

  const runNode = (node: number, nodes: number, args: readonly string[] = [], environment = {}): Finished =>
    runBin(project, ['run', '--nodes', String(nodes), '--node-number', String(node), '--', ...args], environment);

  const verify = (args: readonly string[] = []): Verdict & { readonly exitCode: number | null } => {
    const { exitCode, stdout } = runBin(project, ['verify', '--json', ...args]);
    return { ...(JSON.parse(stdout) as Verdict), exitCode };
  };

  const blobs = (): string[] =>
    readdirSync(report, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.jsonl'));

  beforeEach(() => rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true }));

  test('two nodes become one run: output, JSON, coverage with its threshold, page, timings', () => {
    for (const node of [1, 2]) {
      const finished = runNode(node, 2, ['--coverage']);
      // A share's coverage says nothing of the whole, so nothing is checked on a node.
      expect(finished.exitCode).toBe(0);
      expect(finished.stderr + finished.stdout).not.toContain('coverage threshold');
    }
    const merged = runBin(project, ['merge', '--', '--json', '--coverageReporters=text-summary']);
    const { numPassedTests, numTodoTests, numPendingTests, numTotalTestSuites } = JSON.parse(
      merged.stdout.slice(merged.stdout.indexOf('{"')).split('\n')[0] as string,
    );
    expect({ numPassedTests, numTodoTests, numPendingTests, numTotalTestSuites }).toEqual({
      numPassedTests: 4,
      numTodoTests: 1,
      numPendingTests: 1,
      numTotalTestSuites: 4,
    });
    expect(merged.stderr).toContain('printed by d');
    expect(merged.stderr).toMatch(/each of 4 files ran exactly\s+once/);
    expect(merged.exitCode).toBe(0);
    expect(readFileSync(path.join(project.dir, '.jest-distributed', 'report.html'), 'utf8')).toContain('d.test.js');
    expect(readFileSync(path.join(project.dir, '.jest-distributed', 'timings.json'), 'utf8')).toContain('"a.test.js"');
  });

  test('a threshold that the whole misses fails the merge and no node', () => {
    const changed = path.join(project.dir, 'c.test.js');
    writeFileSync(changed, "test('c', () => {});");
    for (const node of [1, 2]) expect(runNode(node, 2, ['--coverage']).exitCode).toBe(0);
    const merged = runBin(project, ['merge']);
    // Jest 29 and 30 word it differently.
    expect(merged.stderr).toMatch(/Jest: .*functions.*100%/);
    expect(merged.stderr.replace(/\s+/g, ' ')).toMatch(
      /Every test passed, but ("global" coverage threshold|coverage) for functions \(.*100%/,
    );
    expect(merged.exitCode).toBe(1);
    writeFileSync(changed, FILES['c.test.js'] as string);
  });

  test('an obsolete snapshot fails the merge as it fails Jest, and the verdict names it', () => {
    const folder = path.join(project.dir, '__snapshots__');
    mkdirSync(folder);
    const head = `// Jest Snapshot v1, ${SNAPSHOT_GUIDES[host.major]}`;
    writeFileSync(path.join(folder, 'a.test.js.snap'), `${head}\n\nexports[\`gone 1\`] = \`1\`;\n`);
    expect([1, 2].map((node) => runNode(node, 2, ['--ci']).exitCode).sort()).toEqual([0, 1]);
    const merged = runBin(project, ['merge']);
    expect(merged.stderr.replace(/\s+/g, ' ')).toContain(
      'jest-distributed: Every test passed, but Jest found 1 obsolete snapshot (jest -u removes them).',
    );
    expect(merged.exitCode).toBe(1);
    rmSync(folder, { recursive: true });
  });

  test('a failing test fails the merge with its message', () => {
    const file = path.join(project.dir, 'b.test.js');
    writeFileSync(file, "test('b breaks', () => { expect('left').toBe('right'); });");
    for (const node of [1, 2]) runNode(node, 2);
    const merged = runBin(project, ['merge']);
    expect(merged.stderr).toContain('b breaks');
    expect(merged.stderr).toContain('Expected: "right"');
    expect(merged.stderr).toContain('Tests:       1 failed, 1 skipped, 1 todo, 3 passed, 6 total');
    expect(merged.exitCode).toBe(1);
    writeFileSync(file, FILES['b.test.js'] as string);
  });

  test('a node that never ran is named, and --run-missing heals it', () => {
    runNode(1, 2);
    const verdict = verify();
    expect(verdict.exitCode).toBe(1);
    expect(verdict.findings.map(({ code }) => code)).toEqual(['missing-node', 'missing-items']);
    expect(runBin(project, ['merge']).exitCode).toBe(1);
    const healed = runBin(project, ['merge', '--run-missing']);
    expect(healed.stderr).toContain('run here: node 2 of 2');
    expect(healed.stderr).toMatch(/each of 4 files ran exactly\s+once/);
    expect(healed.exitCode).toBe(0);
  });

  test('no blob at all is red', () => {
    const { exitCode, stderr } = runBin(project, ['verify', 'nowhere']);
    expect(stderr).toContain('nowhere');
    expect(exitCode).toBe(1);
  });

  test('--expect-nodes pins the number', () => {
    runNode(1, 1);
    expect(verify(['--expect-nodes', '1']).exitCode).toBe(0);
    const verdict = verify(['--expect-nodes', '3']);
    expect(verdict.exitCode).toBe(1);
    expect(verdict.findings).toHaveLength(1);
    const wrong = runBin(project, ['verify', '--expect-nodes', 'many']);
    expect(wrong.stderr).toContain('"many"');
    expect(wrong.exitCode).toBe(1);
  });

  test('an empty share writes a blob and counts', () => {
    for (let node = 1; node <= 6; node += 1) expect(runNode(node, 6).exitCode).toBe(0);
    expect(blobs()).toHaveLength(6);
    expect(verify().exitCode).toBe(0);
  });

  test('a disabled node is no proof', () => {
    runNode(1, 2);
    runNode(2, 2, [], { JEST_DISTRIBUTED_DISABLED: '1' });
    const { exitCode, findings } = verify();
    expect(exitCode).toBe(1);
    expect(findings.map(({ code }) => code)).toContain('disabled');
  });

  test('a node with other files or another number of nodes is named', () => {
    runNode(1, 2);
    writeFileSync(path.join(project.dir, 'e.test.js'), "test('e', () => {});");
    runNode(2, 2);
    rmSync(path.join(project.dir, 'e.test.js'));
    const differing = verify();
    expect(differing.exitCode).toBe(1);
    expect(JSON.stringify(differing.findings)).toContain('e.test.js');

    rmSync(report, { recursive: true, force: true });
    runNode(1, 2);
    runNode(2, 3);
    expect(verify().exitCode).toBe(1);
  });

  test('kill -9 leaves what was finished, marked as cut short', async () => {
    writeFileSync(path.join(project.dir, 'z.test.js'), "test('z', () => new Promise(() => {}), 600000);");
    const child = startBin(project, [
      'run',
      '--nodes',
      '1',
      '--node-number',
      '1',
      '--',
      '--maxWorkers=2',
      '--no-cache',
    ]);
    const finished = () => {
      const names = existsSync(report) ? readdirSync(report, { recursive: true, encoding: 'utf8' }) : [];
      const partial = names.find((name) => /node-1-of-1\.attempt-1\..*jsonl\.partial$/.test(name));
      return partial ? readFileSync(path.join(report, partial), 'utf8').split('"kind":"file"').length - 1 : 0;
    };
    const deadline = Date.now() + 50_000;
    while (finished() < 4 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    rmSync(path.join(project.dir, 'z.test.js'));
    const { exitCode, findings } = verify();
    expect(exitCode).toBe(1);
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['incomplete', 'missing-items']));
    expect(JSON.stringify(findings)).toContain('z.test.js');
  }, 60_000);

  test('GITHUB_STEP_SUMMARY gets a summary', () => {
    runNode(1, 1);
    const summary = path.join(project.dir, 'summary.md');
    runBin(project, ['merge'], { GITHUB_STEP_SUMMARY: summary });
    expect(readFileSync(summary, 'utf8')).toMatch(/passed/i);
    rmSync(summary);
  });

  test('--jsonl writes one line a file', () => {
    runNode(1, 1);
    expect(runBin(project, ['merge', '--jsonl', 'all.jsonl']).exitCode).toBe(0);
    const lines = readFileSync(path.join(project.dir, 'all.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).file).sort()).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => `${name}.test.js`),
    );
  });
});
