/** Takes commands out of what the bin prints and runs them as they stand: they must do what the text says. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { cleanEnvironment, type Project, removeProject, runBin, writeProject } from '../../support/projects';

const NAME = `adds "1 + 1" (it's $5 & 100%)`;

let project: Project;
let bins: string;

beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "printed", "private": true }',
    // Not the config that Jest would find, and two projects over the same files.
    'jest.config.js': 'throw new Error("the wrong config");',
    'unit.config.js': `module.exports = { projects: ['one', 'two'].map((displayName) => ({
      displayName, testMatch: ['**/src/*.test.js'], globals: { WHO: displayName } })) };`,
    // So that the end of one path is the end of the other too.
    'src/cart.test.js': `describe('cart', () => {
      test(${JSON.stringify(NAME)}, () => { if (WHO === 'two') expect(1).toBe(2); });
      test('subtracts', () => {}); });`,
    'src/old-cart.test.js': `test('old', () => {});`,
    'src/a.test.js': `test('a', () => {});`,
    'src/b.test.js': `test('b', () => {});`,
  });
  bins = path.join(project.dir, 'bins');
  mkdirSync(bins);
  const link = (name: string, script: string) => {
    writeFileSync(path.join(bins, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bins, name), 0o755);
  };
  const modules = path.join(host(30).dir, 'node_modules');
  link('npx', 'exec "$@"');
  link('pnpm', '[ "$1" = exec ] || exit 9; shift; exec "$@"');
  link('jest', `exec '${process.execPath}' '${path.join(modules, 'jest', 'bin', 'jest.js')}' "$@"`);
  link(
    'jest-distributed',
    `exec '${process.execPath}' '${path.join(modules, 'jest-distributed', 'dist', 'cli.js')}' "$@"`,
  );
});

afterAll(() => removeProject(project));

/** The command below a line, without what it goes on after. */
function below(output: string, line: RegExp): string {
  const lines = output.split('\n');
  const at = lines.findIndex((one) => line.test(one));
  if (at === -1) throw new Error(`no line ${String(line)} in:\n${output}`);
  const command: string[] = [];
  do command.push(lines[at + 1 + command.length] as string);
  while (command.at(-1)?.endsWith('\\'));
  return command.join('\n');
}

function type(command: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: project.dir,
    env: cleanEnvironment({ PATH: `${bins}${path.delimiter}${process.env.PATH}` }),
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

const JEST = ['--', '-c', 'unit.config.js'];

// The commands are for a POSIX shell here.
const onPosix = process.platform === 'win32' ? test.skip : test;

onPosix('a red node, its merge and what is missing', () => {
  const own = (node: number) => ['run', '--nodes', '2', '--node-number', String(node), ...JEST];
  // Which node has the failure is the hash's choice.
  const ended = [1, 2].map((node) => ({ node, ...runBin(project, own(node)) }));
  expect(ended.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
  const red = ended.find(({ exitCode }) => exitCode === 1) as (typeof ended)[number];

  const one = type(below(red.stderr, /to rerun the failed test:/));
  expect(one.output).toMatch(/Tests: +1 failed, 1 skipped, 2 total/);
  expect(one.output).toContain('FAIL two src/cart.test.js');

  const share = type(below(red.stderr, /to rerun this node's share:/));
  expect(share.status).toBe(1);
  expect(share.output).toContain(`node ${red.node} of 2`);
  expect(share.output).toMatch(/Test Suites: 1 failed/);

  // The other node's artifact was lost; the one that is there comes from an artifact folder.
  rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true });
  runBin(project, [...own(red.node).slice(0, 5), '--report-dir', 'some artifacts', '--label', 'unit', ...JEST]);
  const summary = path.join(project.dir, 'summary.md');
  const merged = runBin(project, ['merge', 'some artifacts', '--expect-nodes', '2', '--label', 'unit', ...JEST], {
    GITHUB_STEP_SUMMARY: summary,
  });
  expect(merged.exitCode).toBe(1);
  expect(merged.stderr).toContain('is missing. [missing-node]');
  const failed = type(below(merged.stderr, /to rerun the failed test:/));
  expect(failed.output).toMatch(/Tests: +1 failed, 1 skipped, 2 total/);
  const inSummary = /<pre>(npx jest .*)<\/pre>/.exec(readFileSync(summary, 'utf8'))?.[1] as string;
  const plain = inSummary
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('&#40;', '(');
  expect(type(plain).output).toMatch(/Tests: +1 failed, 1 skipped, 2 total/);

  const healed = type(below(merged.stderr, /prove again:$/));
  expect(healed.output).toMatch(/run here: node \d of 2/);
  expect(healed.output).not.toContain('[missing-node]');
  expect(healed.output).not.toContain('--plan');
  expect(healed.output).toMatch(/Tests: +1 failed, 9 passed, 10 total/);
  const more = /^ {2}more: (.*)$/m.exec(merged.stderr)?.[1] as string;
  expect(type(more)).toMatchObject({ status: 0, output: expect.stringContaining('missing-node') });
  const verified = runBin(project, ['verify', 'some artifacts', '--label', 'unit']);
  expect(below(verified.stdout, /prove again:$/)).toContain("merge 'some artifacts' --label unit --run-missing");
});

onPosix('a local run, in a project of pnpm', () => {
  writeFileSync(path.join(project.dir, 'pnpm-lock.yaml'), '');
  const { stderr, exitCode } = runBin(project, ['run', '--local', '--nodes', '2', ...JEST]);
  expect(exitCode).toBe(1);
  const one = below(stderr, /to rerun the failed test:/);
  expect(one).toContain('pnpm exec jest ');
  expect(type(one).output).toMatch(/Tests: +1 failed, 1 skipped, 2 total/);
  const node = type(below(stderr, /to rerun node \d:/));
  expect(node.status).toBe(1);
  expect(node.output).toMatch(/Test Suites: 1 failed/);
  expect(readFileSync(path.join(project.dir, '.jest-distributed', 'report.html'), 'utf8')).toContain(
    '"runner":"pnpm exec"',
  );
  rmSync(path.join(project.dir, 'pnpm-lock.yaml'));
});

onPosix('where workers have variables and hooks, a command that gives them too', () => {
  const settings = path.join(project.dir, 'jest-distributed.config.json');
  const file = path.join(project.dir, 'src', 'hooked.test.js');
  writeFileSync(
    settings,
    JSON.stringify({
      // Of the run, and not of what is repeated.
      nodes: 2,
      env: { PORT: '{4000+slot}' },
      workerSetup: 'echo "NAME=hooked" >> "$JEST_DISTRIBUTED_ENV_FILE"',
    }),
  );
  writeFileSync(
    file,
    `test('has both', () => {
      if (process.env.NAME !== 'hooked' || !(process.env.PORT >= 4000)) throw new Error('without them');
      if (WHO === 'two') throw new Error('what failed');
    });`,
  );
  const { stderr } = runBin(project, ['run', '--local', ...JEST, 'src/hooked']);
  const one = below(stderr, /to rerun the failed test:/);
  expect(one).toContain('npx jest-distributed run --nodes 1 -- --runTestsByPath src/hooked.test.js');
  const { status, output } = type(one);
  expect({ status, output }).toMatchObject({ status: 1, output: expect.stringContaining('what failed') });
  expect(output).toMatch(/Tests: +1 failed, 1 total/);
  expect(output).not.toMatch(/^ +without them$/m);
  for (const written of [settings, file]) rmSync(written);
});

onPosix('what is typed wrongly is said with the command that was meant', () => {
  const meant = (args: readonly string[]) => {
    const { stderr, exitCode } = runBin(project, args);
    expect({ args, exitCode }).toEqual({ args, exitCode: 1 });
    expect(stderr).not.toMatch(/^ +at /m);
    const help = /^ {2}More: (.*)$/m.exec(stderr)?.[1] as string;
    expect(help).toMatch(/^npx jest-distributed help [A-Z_]+$/);
    return /(?:: |^ {4})(npx .*)$/m.exec(stderr.replace(/^ {2}More: .*$/m, ''))?.[1] as string;
  };
  const listed = type(meant(['plan', '--nodes', '2', '--coverage', 'src/a', '-c', 'unit.config.js']));
  expect(listed.output).toContain('2 nodes');
  expect(listed.status).toBe(0);
  const planned = type(meant(['plan', '--json', ...JEST]));
  expect(JSON.parse(planned.output)).toMatchObject({ nodes: [{ node: 1 }, { node: 2 }, { node: 3 }, { node: 4 }] });
  expect(type(meant(['explain', 'src/nothing-like-it', '--nodes', '2', ...JEST])).output).toContain('src/a.test.js');
  expect(meant(['run', '--queue', '--nodes', '2', ...JEST])).toBe(
    'npx jest-distributed run --queue --nodes 2 --local -- -c unit.config.js',
  );
  expect(type(meant(['run', '--local', '--nodes', '2', ...JEST, '--onlyFailures'])).output).toContain(
    'Ran all test suites',
  );
  expect(type('npx jest-distributed help FLAG_UNKNOWN plan-differs').status).toBe(1);
  expect(existsSync(path.join(project.dir, 'nowhere'))).toBe(false);
});
