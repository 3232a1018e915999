/** Wherever Jest's root is and wherever Jest is started: nodes and commands mean the same files and the same folders. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Host, hosts } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

const WIRED = [
  '-i',
  '--testSequencer=jest-distributed',
  '--reporters=default',
  '--reporters=jest-distributed/reporter',
];
const PASSES = "test('passes', () => {});";

const node = (number: number) => ({ JEST_DISTRIBUTED_NODES: '2', JEST_DISTRIBUTED_NODE_NUMBER: String(number) });
const digestOf = ({ stdout, stderr }: Finished): string | undefined =>
  /digest +([0-9a-f]{8})/.exec(stdout + stderr)?.[1];
const inFolder = (project: Project, folder: string): Project => ({ ...project, dir: path.join(project.dir, folder) });
const ok = (finished: Finished): Finished => {
  expect(finished).toMatchObject({ exitCode: 0 });
  return finished;
};

function testFiles(folder: string, names: string): Record<string, string> {
  return Object.fromEntries([...names].map((name) => [`${folder}/${name}.test.js`, PASSES]));
}

describe.each(hosts())('on Jest $jest', (host) => {
  describe('a root that is a folder of the project', () => {
    let project: Project;

    beforeAll(() => {
      const config = { name: 'app', jest: { rootDir: 'src' }, 'jest-distributed': { strategy: 'ring' } };
      project = writeProject(host, { 'package.json': JSON.stringify(config), ...testFiles('src', 'abcd') });
    });

    afterAll(() => removeProject(project));

    test('means the same to Jest with the sequencer alone, run, plan, verify and merge', () => {
      const plan = digestOf(ok(runBin(project, ['plan', '--nodes', '2'])));
      expect(plan).toBeDefined();
      const first = ok(runJest(project, WIRED, node(1)));
      const second = ok(runBin(project, ['run', '--nodes', '2', '--node-number', '2', '--', '-i']));
      expect([digestOf(first), digestOf(second)]).toEqual([plan, plan]);
      ok(runBin(project, ['verify', '--expect-nodes', '2']));
      const merged = ok(runBin(project, ['merge', '--expect-nodes', '2', '--jsonl', 'results.jsonl']));
      expect(merged.stderr).toContain('All 4 tests passed');
      expect(merged.stderr).toContain(`report: ${path.join('.jest-distributed', 'report.html')}\n`);
      expect(merged.stderr).toContain(`timings written: ${path.join('.jest-distributed', 'timings.json')}\n`);
      expect(existsSync(path.join(project.dir, 'src', '.jest-distributed'))).toBe(false);
      const lines = readFileSync(path.join(project.dir, 'results.jsonl'), 'utf8').trim().split('\n');
      const named = lines.map((line) => (JSON.parse(line) as { result: { testFilePath: string } }).result.testFilePath);
      expect(named.filter((file) => existsSync(file))).toHaveLength(4);
    });

    test('means the same to a program that calls runCLI', () => {
      // The command line is the program's: it says nothing of Jest.
      const program = `
        const { createRequire } = require('node:module');
        const fromJest = createRequire(require.resolve('jest/package.json'));
        const { runCLI } = fromJest('@jest/core');
        const argv = { _: [], $0: 'x', testSequencer: 'jest-distributed', rootDir: 'lib', runInBand: true };
        runCLI(argv, [process.cwd()]).then(({ results }) => { process.exitCode = results.success ? 0 : 1; });
      `;
      const files = { 'package.json': '{"name":"app"}', 'start.js': program, ...testFiles('lib', 'abcd') };
      const other = writeProject(host, files);
      const script = path.join(other.dir, 'start.js');
      const started = runJest({ ...other, host: asBin(host, script) }, ['src', '--rootDir', 'x'], node(1));
      expect(digestOf(ok(started))).toBe(
        digestOf(ok(runBin(other, ['plan', '--nodes', '2', '--', '--rootDir', 'lib']))),
      );
      removeProject(other);
    });
  });

  test('names of projects do not depend on which of them have files', () => {
    const projects = [
      { displayName: 'same', rootDir: '<rootDir>/x' },
      { displayName: 'same', rootDir: '<rootDir>/empty' },
    ];
    const project = writeProject(host, {
      'package.json': JSON.stringify({ name: 'app', jest: { projects } }),
      'empty/keep': '',
      ...testFiles('x', 'abc'),
    });
    ok(runJest(project, WIRED, node(1)));
    ok(runJest(project, WIRED, node(2)));
    expect(ok(runBin(project, ['merge', '--expect-nodes', '2'])).stderr).toContain('All 3 tests passed');
    removeProject(project);
  });
});

/** A host whose `jest` is a script of the test. */
function asBin(host: Host, script: string): Host {
  const dir = path.join(path.dirname(script), 'bin-host');
  const bin = path.join(dir, 'node_modules', 'jest', 'bin', 'jest.js');
  mkdirSync(path.dirname(bin), { recursive: true });
  writeFileSync(bin, `require(${JSON.stringify(script)});`);
  return { ...host, dir };
}

const [newest] = hosts().slice(-1) as [Host];

describe('a config in a subfolder', () => {
  const config = ['--config', path.join('sub', 'jest.config.js')];
  let project: Project;

  beforeAll(() => {
    project = writeProject(newest, {
      'package.json': '{"name":"app","private":true}',
      'sub/jest.config.js': 'module.exports = {};',
      'sub/package.json': '{"name":"sub"}',
      ...testFiles('sub', 'abcd'),
    });
  });

  afterAll(() => removeProject(project));

  test('is obeyed by nodes and merge in the folder they are started in', () => {
    for (const number of [1, 2]) {
      ok(runBin(project, ['run', '--nodes', '2', '--node-number', String(number), '--', '-i', ...config]));
    }
    expect(existsSync(path.join(project.dir, 'sub', '.jest-distributed'))).toBe(false);
    const merged = ok(runBin(project, ['merge', '--expect-nodes', '2', '--', ...config]));
    expect(merged.stderr).toContain('All 4 tests passed');
    expect(existsSync(path.join(project.dir, '.jest-distributed', 'timings.json'))).toBe(true);
  });

  test('settings beside it count, and settings in both folders are refused', () => {
    const settings = '{"name":"sub","jest-distributed":{"hashBy":"nonsense"}}';
    writeFileSync(path.join(project.dir, 'sub', 'package.json'), settings);
    const wrong = runBin(project, ['run', '--', ...config]);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain(`hashBy in ${path.join('sub', 'package.json')} is "nonsense"`);
    writeFileSync(path.join(project.dir, 'jest-distributed.config.json'), '{"hashBy":"file"}');
    const twice = runBin(project, ['run', '--', ...config]);
    expect(twice.exitCode).toBe(1);
    expect(twice.stderr).toContain(
      `There are settings in jest-distributed.config.json and in ${path.join('sub', 'package.json')}.`,
    );
  });
});

test('started in a subfolder, nodes and commands find the project folder, and print paths as seen from there', () => {
  const files = {
    'package.json': '{"name":"app","jest":{},"jest-distributed":{"strategy":"ring"}}',
    'deep/down/keep': '',
    ...testFiles('deep', 'abcd'),
    'deep/e.test.js': "test('fails', () => { throw new Error('no'); });",
  };
  const project = writeProject(newest, files);
  const below = inFolder(project, path.join('deep', 'down'));
  const timings = path.join('..', '..', 'own.json');
  const local = runBin(below, ['run', '--local', '--nodes', '2', '--timings', timings, '--', '-i']);
  expect(local.exitCode).toBe(1);
  expect(local.stderr).toContain(`report: ${path.join('..', '..', '.jest-distributed', 'report.html')}`);
  expect(existsSync(path.join(below.dir, '.jest-distributed'))).toBe(false);
  // The command that repeats a node runs as it is printed.
  const repeat = /jest-distributed (run --nodes 2 --node-number \d [^\n]*)/.exec(
    local.stderr.replace(/\\\n\s*/g, ''),
  )?.[1];
  const words = (repeat ?? '').split(' ').filter(Boolean);
  expect(words[words.indexOf('--plan') + 1]).toMatch(
    /^\.\.[\\/]\.\.[\\/]\.jest-distributed[\\/]local[\\/].*plan\.json$/,
  );
  const repeated = runBin(below, words);
  expect(repeated.exitCode).toBe(1);
  expect(repeated.stderr).toContain('Tests:       1 failed');
  removeProject(project);
});

describe('two checkouts in folders of other names', () => {
  const E_ACUTE = 'e\u0301';

  /** Projects without names, a title with the checkout's path, a file name in one Unicode form or the other. */
  function checkOut(form: 'NFC' | 'NFD'): Project {
    const environments = ["'node'", "'./environment.js'"];
    const projects = environments.map(
      (name) => `{ testMatch: ['<rootDir>/src/*.test.js'], testEnvironment: ${name}, globals: { here: __dirname } }`,
    );
    const same = '{ testMatch: ["<rootDir>/twice/*.test.js"] }';
    const titles = [...'abcdefgh'].map((title) => `test(__dirname + ' ${title}', () => {});`).join('\n');
    return writeProject(newest, {
      'package.json': '{"name":"app"}',
      'jest.config.js': `module.exports = { projects: [${[...projects, same, same].join(', ')}] };`,
      'environment.js': "module.exports = require('jest-environment-node').TestEnvironment;",
      'src/titles.test.js': `describe('in ' + __dirname, () => {\n${titles}\n});`,
      [`src/caf${E_ACUTE}.test.js`.normalize(form)]: `/** @jest-distributed whole */\n${PASSES}`,
      'twice/t.test.js': PASSES,
    });
  }

  test('deal the same shares, whatever the folder is called', () => {
    const [one, two] = [checkOut('NFC'), checkOut('NFD')] as const;
    const blobs = path.join(one.dir, 'blobs');
    const flags = ['--hash-by', 'test', '--nodes', '2', '--report-dir', blobs, '--run-id', 'r'];
    const first = ok(runBin(one, ['run', ...flags, '--node-number', '1', '--', '-i']));
    const second = ok(runBin(two, ['run', ...flags, '--node-number', '2', '--', '-i']));
    expect(digestOf(first)).toBe(digestOf(second));
    // 8 titles and the file with the accent in two environments, and one file in two projects that nothing tells apart.
    const merged = ok(runBin(one, ['merge', blobs, '--run-id', 'r', '--expect-nodes', '2']));
    expect(merged.stderr).toContain('All 20 tests passed');
    const timings = readFileSync(path.join(one.dir, '.jest-distributed', 'timings.json'), 'utf8');
    expect(timings).toContain('in <jd:rootDir>/src <jd:rootDir>/src a');
    expect(timings).not.toContain(one.dir);
    removeProject(one);
    removeProject(two);
  });
});
