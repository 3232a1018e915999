/** Split files that do not load, or whose tests have other names on every node: what the merge makes of them. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/proof/proof';
import { newestHosts } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

const TIMEOUT_MS = 120_000;
const FILES = {
  'package.json': '{"name":"broken","jest":{}}',
  'fine.test.js': "test('one', () => {});\ntest('two', () => {});\ntest('three', () => {});",
};
const CHANGING = "test('made at ' + process.hrtime.bigint(), () => {});\ntest('steady', () => {});";

const unwrapped = (text: string): string => text.replace(/\s+/g, ' ');

describe.each(newestHosts())('on Jest $jest', (host) => {
  const projects: Project[] = [];

  afterAll(() => {
    for (const project of projects) removeProject(project);
  });

  function write(files: Readonly<Record<string, string>>): Project {
    const project = writeProject(host, { ...FILES, ...files });
    projects.push(project);
    return project;
  }

  function distribute(project: Project, hashBy: string): Finished & { readonly nodes: readonly Finished[] } {
    rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true });
    const nodes = ['1', '2'].map((node) =>
      runBin(project, ['run', '--nodes', '2', '--node-number', node, '--hash-by', hashBy, '--', '--ci']),
    );
    const out = path.join(project.dir, 'merged.json');
    const reporters = ['--reporters=default', '--reporters=jest-junit'];
    return { nodes, ...runBin(project, ['merge', '--', '--json', `--outputFile=${out}`, ...reporters]) };
  }

  /** Jest's workers, as the blobs name them. */
  function workersOf({ dir }: Project): unknown[] {
    const report = path.join(dir, '.jest-distributed', 'report', 'local');
    const names = readdirSync(report, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
    const lines = names.flatMap((name) => readFileSync(path.join(report, name), 'utf8').split('\n'));
    return lines.filter((line) => line.startsWith('{"kind":"file"')).map((line) => JSON.parse(line).worker);
  }

  const verdictOf = (project: Project) => JSON.parse(runBin(project, ['verify', '--json']).stdout) as Verdict;

  describe('a file that does not load', () => {
    let project: Project;
    let plain: string;

    const junitOf = () =>
      readFileSync(path.join(project.dir, 'junit.xml'), 'utf8')
        .replace(/ (time|timestamp)="[^"]*"/g, '')
        .split(/(?=<testsuite )/)
        .map((suite) => suite.replace('</testsuites>', '').trim())
        .sort();
    const resultsOf = (file: string) => {
      const { testResults, startTime: _, ...totals } = JSON.parse(readFileSync(path.join(project.dir, file), 'utf8'));
      const broken = testResults.filter(({ name }: { name: string }) => name.endsWith('broken.test.js'));
      return { totals, broken: broken.map(({ status, message }: Record<string, string>) => ({ status, message })) };
    };

    beforeAll(() => {
      project = write({ 'broken.test.js': "require('./gone');" });
      plain = path.join(project.dir, 'plain.json');
      const reporters = ['--reporters=default', '--reporters=jest-junit'];
      runJest(project, ['--ci', '--json', `--outputFile=${plain}`, ...reporters]);
    }, TIMEOUT_MS);

    test.each(['test', 'suite'])(
      'is one failed file under %s, and not called proven',
      (hashBy) => {
        const junit = junitOf();
        const { nodes, exitCode, stderr } = distribute(project, hashBy);
        expect(nodes.map((node) => node.exitCode)).toEqual([1, 1]);
        expect(exitCode).toBe(1);
        expect(resultsOf('merged.json')).toEqual(resultsOf('plain.json'));
        expect(resultsOf('merged.json').broken).toMatchObject([{ status: 'failed' }]);
        expect(junitOf()).toEqual(junit);
        // Not for each node: once by Jest, and once by the proof.
        expect(stderr.match(/Cannot find module '\.\/gone'/g)).toHaveLength(2);
        expect(stderr).toContain('  broken.test.js: failed to run (nodes 1 and 2)\n');
        expect(stderr).toContain('jest-distributed: 1 file failed to run.');
        // Nobody knows which tests it has: none of them is known to have run.
        const { ok, findings } = verdictOf(project);
        expect(ok).toBe(false);
        expect(findings).toMatchObject([{ code: 'file-failed', nodes: [1, 2], items: ['broken.test.js'] }]);
      },
      TIMEOUT_MS,
    );
  });

  test(
    'names that change from node to node are one finding, and its advice mends the run',
    () => {
      const project = write({ 'changing.test.js': CHANGING });
      const { exitCode, stderr } = distribute(project, 'test');
      expect(exitCode).toBe(1);
      expect(verdictOf(project).findings.map(({ code }) => code)).toEqual(['tests-differ']);
      expect(unwrapped(stderr)).toContain('Keep the file whole with the pragma "@jest-distributed whole" in it');
      expect(unwrapped(stderr)).not.toContain('ran on no node');
      expect(workersOf(project)).toEqual([1, 1, 1, 1]);
      writeFileSync(path.join(project.dir, 'changing.test.js'), `/** @jest-distributed whole */\n${CHANGING}`);
      expect(distribute(project, 'test').exitCode).toBe(0);
      expect(verdictOf(project)).toMatchObject({ ok: true, findings: [] });
    },
    TIMEOUT_MS,
  );
});
