/** A merge takes the results of its own run, job and checkout, and names whatever else lies there. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/proof/proof';
import { host } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, writeProject } from '../../support/projects';

const newest = host(30);

type Variables = Readonly<Record<string, string>>;

const passing = (name: string) => `test('${name}', () => {});\n`;
const FILES = {
  'package.json': JSON.stringify({ name: 'web', private: true, jest: {} }),
  'a.test.js': passing('a'),
  'b.test.js': passing('b'),
  'c.test.js': passing('c'),
};

const projects: Project[] = [];
afterAll(() => projects.forEach(removeProject));

function makeProject(files: Readonly<Record<string, string>> = FILES, isRepository = true): Project {
  const project = writeProject(newest, files);
  projects.push(project);
  if (isRepository) {
    git(project, 'init', '-q');
    commit(project);
  }
  return project;
}

function git({ dir }: Project, ...args: string[]): void {
  const identity = ['-c', 'user.name=n', '-c', 'user.email=n@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: dir, stdio: 'ignore' });
}

function commit(project: Project): void {
  git(project, 'add', '-A');
  git(project, 'commit', '-q', '-m', 'change');
}

const inFolder = (project: Project, folder: string): Project => ({ ...project, dir: path.join(project.dir, folder) });

function runNode(project: Project, node: number, env: Variables = {}, ...args: readonly string[]): Finished {
  return runBin(project, ['run', '--nodes', '2', '--node-number', String(node), ...args], env);
}

function runNodes(project: Project, env: Variables = {}, ...args: readonly string[]): void {
  for (const node of [1, 2]) expect(runNode(project, node, env, ...args)).toMatchObject({ exitCode: 0 });
}

function verify(project: Project, env: Variables = {}, ...args: readonly string[]): Verdict {
  return JSON.parse(runBin(project, ['verify', '--json', ...args], env).stdout) as Verdict;
}

const says = ({ findings }: Verdict, code: string): string =>
  findings
    .filter((finding) => finding.code === code)
    .map(({ message, remedy }) => `${message} ${remedy}`)
    .join('\n');

/** What a person reads, whatever the width of the terminal. */
const unwrapped = ({ stderr }: Finished): string => stderr.replace(/\s+/g, ' ');

describe('in a CI that says which run it is', () => {
  const jenkins = (number: number): Variables => ({
    CI: 'true',
    JENKINS_URL: 'http://ci',
    BUILD_TAG: `jenkins-folder/job name-${number}`,
  });
  let project: Project;
  beforeAll(() => {
    project = makeProject();
    runNodes(project, jenkins(7));
  });

  test('its own run is merged, another one is red and names the blobs', () => {
    expect(runBin(project, ['merge', '--expect-nodes', '2'], jenkins(7)).exitCode).toBe(0);
    const { exitCode, ...other } = runBin(project, ['merge', '--expect-nodes', '2'], jenkins(8));
    expect(exitCode).toBe(1);
    expect(unwrapped({ exitCode, ...other })).toContain(
      'There is no blob of run jenkins-folder/job name-8 (from BUILD_TAG). There are only blobs of run jenkins-folder/job name-7.',
    );
    expect(says(verify(project, jenkins(8)), 'stale-blob')).toContain('node-1-of-2.attempt-1');
    expect(verify(project, { ...jenkins(8), JEST_DISTRIBUTED_RUN_ID: 'jenkins-folder/job name-7' }).ok).toBe(true);
  });

  test('a node whose result is there already stops before any test', () => {
    const again = runNode(project, 1, jenkins(7));
    expect(again.exitCode).toBe(1);
    expect(unwrapped(again)).toMatch(/result of node 1 of run .*already exists: .*\.jsonl\. .*--attempt.*--label/);
    expect(again.stderr).not.toContain('PASS');
    expect(runNode(project, 1, { ...jenkins(7), JEST_DISTRIBUTED_ATTEMPT: '2' }).exitCode).toBe(0);
    const verdict = verify(project, jenkins(7));
    expect([verdict.ok, says(verdict, 'retried')]).toEqual([true, expect.stringContaining('Attempt 2 of node 1')]);
  });

  test('a second Jest call does not replace the first, and the merge wants labels', () => {
    runNodes(project, jenkins(9));
    runNodes(project, jenkins(9), '--', 'a.test.js');
    const verdict = verify(project, jenkins(9));
    expect(verdict.ok).toBe(false);
    expect(says(verdict, 'several-calls')).toMatch(
      /ran 2 different Jest calls in this run: jest a\.test\.js, jest\. .*--label/,
    );
  });

  test('variants with labels are merged one at a time', () => {
    for (const label of ['linux', 'windows']) runNodes(project, jenkins(10), '--label', label);
    expect(verify(project, { ...jenkins(10), JEST_DISTRIBUTED_LABEL: 'linux' }).ok).toBe(true);
    const verdict = verify(project, jenkins(10));
    expect(verdict.ok).toBe(false);
    expect(says(verdict, 'several-jobs')).toMatch(
      /package web, label linux, package web, label windows\. [\s\S]*\n {2}npx jest-distributed merge .*--label linux\n/,
    );
  });
});

test('a CI that does not say which run it is: the nodes tell it, and the merge is red', () => {
  const project = makeProject();
  const env = { CI: 'true' };
  expect(unwrapped(runNode(project, 1, env))).toContain('without a run id');
  runNode(project, 2, env);
  const merged = runBin(project, ['merge', '--expect-nodes', '2'], env);
  expect(merged.exitCode).toBe(1);
  expect(unwrapped(merged)).toContain('Set JEST_DISTRIBUTED_RUN_ID (--run-id)');
});

test('a re-run by a greater job id of one name counts, though the clock of its machine is an hour behind', () => {
  const project = makeProject({
    ...FILES,
    'clock.cjs': 'const now = Date.now; Date.now = () => now() - 3_600_000;',
    'b.test.js': "test('b', () => { if (process.env.BROKEN) throw new Error('broken'); });",
  });
  const job = (node: number, id: number): Variables => ({
    CI: 'true',
    GITLAB_CI: 'true',
    CI_PIPELINE_ID: '5',
    CI_JOB_NAME: `test ${node}/2`,
    CI_JOB_ID: String(id),
  });
  const reports = (name: string) => ['--report-dir', path.join(project.dir, 'reports', name)];
  const first = [1, 2].map((node) =>
    runNode(project, node, { ...job(node, 10 + node), BROKEN: '1' }, ...reports(`${node}`)),
  );
  const failed = first.findIndex(({ exitCode }) => exitCode !== 0) + 1;
  expect(failed).toBeGreaterThan(0);
  const late = { ...job(failed, 20), NODE_OPTIONS: `--require ${path.join(project.dir, 'clock.cjs')}` };
  expect(runNode(project, failed, late, ...reports('again')).exitCode).toBe(0);
  const merged = runBin(project, ['merge', 'reports', '--expect-nodes', '2'], job(3, 30));
  expect([merged.exitCode, merged.exitCode === 0 ? '' : merged.stderr]).toEqual([0, '']);
});

test('packages that write into one folder are merged each from its own folder', () => {
  const files = Object.fromEntries(
    ['one', 'two'].flatMap((name) => [
      [`${name}/package.json`, JSON.stringify({ name: `@scope/${name}`, private: true, jest: {} })],
      [`${name}/x.test.js`, passing(`${name} x`)],
      [`${name}/y.test.js`, passing(`${name} y`)],
    ]),
  );
  const project = makeProject(files);
  const folder = path.join(project.dir, 'blobs');
  for (const name of ['one', 'two']) runNodes(inFolder(project, name), {}, '--report-dir', folder);
  for (const name of ['one', 'two']) {
    const merged = runBin(inFolder(project, name), ['merge', folder, '--expect-nodes', '2', '--', '--verbose']);
    expect(merged.exitCode).toBe(0);
    expect(merged.stderr).toContain(`${name} x`);
    expect(merged.stderr).not.toContain(name === 'one' ? 'two x' : 'one x');
  }
  expect(says(verify(project, {}, folder), 'several-jobs')).toContain('package @scope/one, package @scope/two');
});

describe('checkouts', () => {
  test.each([
    ['at one commit', true],
    ['without git', false],
  ])('another version of a test file on one node %s is named with file and nodes', (_, isRepository) => {
    const project = makeProject(FILES, isRepository);
    runNode(project, 1);
    appendFileSync(path.join(project.dir, 'b.test.js'), passing('more'));
    runNode(project, 2);
    const verdict = verify(project);
    expect(verdict.ok).toBe(false);
    expect(says(verdict, 'file-versions-differ')).toMatch(/b\.test\.js: [0-9a-f]{8} on node 1; [0-9a-f]{8} on node 2/);
  });

  test('other configs and settings are named', () => {
    const project = makeProject({
      ...FILES,
      'package.json': JSON.stringify({ name: 'web', private: true }),
      'jest.config.js': "module.exports = { setupFiles: process.env.ODD ? ['./setup.js'] : [] };",
      'setup.js': '',
    });
    runNode(project, 1);
    runNode(project, 2, { ODD: '1' }, '--split', 'a.*');
    const verdict = verify(project);
    expect(verdict.ok).toBe(false);
    expect(says(verdict, 'configs-differ')).toMatch(/setupFiles: [0-9a-f]{8} on node 1; [0-9a-f]{8} on node 2/);
    expect(says(verdict, 'settings-differ')).toContain(
      'The setting split differs: (not set) on node 1; ["a.*"] on node 2.',
    );
  });

  test('the merge compares commit and test files with its own', () => {
    const project = makeProject();
    runNodes(project);
    expect(verify(project)).toMatchObject({ ok: true, findings: [] });
    appendFileSync(path.join(project.dir, 'b.test.js'), '// changed\n');
    const changed = runBin(project, ['merge', '--expect-nodes', '2']);
    expect([changed.exitCode, unwrapped(changed)]).toEqual([
      1,
      expect.stringContaining(
        'This checkout has other versions of 1 test file than the nodes ran. [checkout-differs] b.test.js',
      ),
    ]);
    commit(project);
    const later = runBin(project, ['merge', '--expect-nodes', '2']);
    expect([later.exitCode, unwrapped(later)]).toEqual([1, expect.stringContaining('This checkout is at commit')]);
    expect(unwrapped(later)).toContain('The nodes ran another version of the code than is here.');
    // Verify reads the same blobs, and says the same.
    expect(verify(project)).toMatchObject({ ok: false, findings: [{ code: 'checkout-differs', severity: 'error' }] });
    const { stdout } = runBin(project, ['verify', '--expect-nodes', '2']);
    expect(stdout).toMatch(
      /NOT PROVEN: the nodes ran another version of the code than is here; of that \d of \d items ran exactly once/,
    );
  });

  test('a test file that is only where the merge runs is one that no node ran, unless they were asked for less', () => {
    const project = makeProject(FILES, false);
    runNodes(project);
    writeFileSync(path.join(project.dir, 'new.test.js'), passing('new'));
    const merged = runBin(project, ['merge', '--expect-nodes', '2']);
    expect([merged.exitCode, unwrapped(merged)]).toEqual([
      1,
      expect.stringContaining(
        'Jest finds 1 test file in this checkout that no node found, so it never ran: new.test.js.',
      ),
    ]);
    runNodes(project, {}, '--label', 'some', '--', 'a.test.js', 'b.test.js');
    expect(runBin(project, ['merge', '--expect-nodes', '2', '--label', 'some']).exitCode).toBe(0);
  });

  test('a change between the starts of two nodes makes no run, and what was left over is named', () => {
    const project = makeProject({
      ...FILES,
      'm.js': '',
      'jest.one.js': "module.exports = { testMatch: ['**/a.test.js'] };",
    });
    runNodes(project);
    appendFileSync(path.join(project.dir, 'm.js'), 'module.exports = 1;\n');
    runNode(project, 1);
    const verdict = verify(project);
    expect(verdict.ok).toBe(false);
    expect(says(verdict, 'changes-differ')).toMatch(
      /^1 file changed between .*\s+m\.js: \w{8} on node 1; as committed on/,
    );
    runNode(project, 2);
    expect(verify(project)).toMatchObject({ ok: true });

    // The timings of one label are not those of the other.
    const config = ['--', '--config', 'jest.one.js'];
    runNodes(project, {}, '--label', 'one', ...config);
    for (const args of [[], ['--label', 'one', ...config]]) {
      expect(runBin(project, ['merge', '--expect-nodes', '2', ...args])).toMatchObject({ exitCode: 0 });
    }
    expect(runBin(project, ['timings', 'show']).stdout).toContain('3 files');
  });

  test('two checkouts of one commit in different folders are one', () => {
    const project = makeProject();
    const other = path.join(newest.dir, 'projects', `${path.basename(project.dir)}-other`, 'deep', 'checkout');
    mkdirSync(path.dirname(other), { recursive: true });
    projects.push({ host: newest, dir: path.dirname(path.dirname(other)) });
    git(project, 'clone', '-q', project.dir, other);
    const report = ['--report-dir', path.join(project.dir, 'report')];
    runNode(project, 1, {}, ...report);
    runNode({ host: newest, dir: other }, 2, {}, ...report);
    expect(verify(project, {}, report[1] as string)).toMatchObject({ ok: true, findings: [] });
  });

  test('inline snapshots that nodes write make no other version', () => {
    const project = makeProject({
      ...FILES,
      'b.test.js': "test('b', () => { expect(1).toMatchInlineSnapshot(); });\n",
    });
    const local = runBin(project, ['run', '--local', '--nodes', '2', '--sequential', '--', '--ci=false']);
    expect([local.exitCode, local.exitCode === 0 ? '' : local.stderr]).toEqual([0, '']);
    writeFileSync(path.join(project.dir, 'b.test.js'), passing('b'));
  });
});
