/**
 * Runs what the pages tell people to type, page by page and in their order, in a small project whose `npx` finds this
 * repository's build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cleanEnvironment } from '../support/projects';
import { pageNames, readPage, root } from './pages';

const cli = path.join(root, 'dist', 'cli.js');
const jestBin = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** The files that pages name, and enough others for four nodes. */
const testFiles = [
  'text/wrap.test.js',
  'text/slug.test.js',
  'src/cart.test.js',
  'src/order.test.js',
  'src/tax.test.js',
];

let folder: string;

/** The files that a page shows, by the comment in their first line. */
function filesOf(page: string): Readonly<Record<string, string>> {
  if (page !== 'docs/guides/flaky-tests.md') return {};
  const { blocks } = readPage(page);
  return Object.fromEntries(
    blocks.flatMap(({ language, text }) => {
      const name = language === 'js' ? /^\/\/ (\S+\.test\.js)$/m.exec(text)?.[1] : undefined;
      return name === undefined ? [] : [[name, `${text}\n`]];
    }),
  );
}

function makeProject(page = ''): string {
  const project = mkdtempSync(path.join(folder, 'project-'));
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'project', private: true }));
  for (const file of testFiles) {
    mkdirSync(path.join(project, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(project, file), "test('adds', () => expect(1 + 1).toBe(2));\n");
  }
  for (const [file, text] of Object.entries(filesOf(page))) writeFileSync(path.join(project, file), text);
  mkdirSync(path.join(project, 'node_modules'));
  symlinkSync(root, path.join(project, 'node_modules', 'jest-distributed'), 'dir');
  return project;
}

function makeBin(): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const script = (name: string, line: string) =>
    writeFileSync(path.join(bin, name), `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 });
  script('npx', '');
  script('jest', `'${process.execPath}' '${jestBin}'`);
  script('jest-distributed', `'${process.execPath}' '${cli}'`);
  return bin;
}

function shell(project: string, text: string): { status: number | null; output: string } {
  const search = [path.join(folder, 'bin'), process.env.PATH].join(path.delimiter);
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', text], {
    cwd: project,
    env: cleanEnvironment({ PATH: search }),
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Its commands are this repository's own, and take minutes. */
const benchmarksPage = 'docs/benchmarks.md';

const pages = pageNames()
  .filter((name) => !name.startsWith('examples/') && name !== benchmarksPage)
  .map(readPage);
const typed = pages.flatMap(({ name, blocks }) =>
  blocks.filter(({ language }) => language === 'sh').map((block) => ({ name, ...block })),
);

beforeAll(() => {
  if (!existsSync(cli)) throw new Error('The package is not built, and these tests run it. Run: npm run build');
  folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-docs-'));
  makeBin();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The blocks are for a POSIX shell, and say so.
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('commands in the pages', () => {
  test.each([...new Set(typed.filter(({ notRun }) => notRun === null).map(({ name }) => name))])(
    'those of %s work as they stand, in their order',
    (page) => {
      const project = makeProject(page);
      for (const { name, line, text, notRun } of typed) {
        if (name !== page || notRun !== null) continue;
        const { status, output } = shell(project, text);
        expect({ at: `${name}:${line}`, status, output: status === 0 ? '' : output }).toEqual({
          at: `${name}:${line}`,
          status: 0,
          output: '',
        });
      }
    },
    120_000,
  );

  test('a command that fails is noticed', () => {
    const { status, output } = shell(makeProject(), 'npx jest-distributed plan --nodes 0');
    expect(status).toBe(1);
    expect(output).toMatch(/nodes/);
  });
});

test('README and getting started run what they show, but for what they say cannot run here', () => {
  for (const name of ['README.md', 'docs/getting-started.md']) {
    const blocks = typed.filter((block) => block.name === name);
    expect(blocks.filter(({ notRun }) => notRun === null).length).toBeGreaterThanOrEqual(3);
  }
});

test('the page of the benchmarks names programs and scripts of this repository', () => {
  const text = readPage(benchmarksPage)
    .blocks.map((block) => block.text)
    .join('\n');
  const programs = [...text.matchAll(/(benchmarks\/[\w.-]+)/g)].map((match) => match[1] as string);
  expect(programs).toContain('benchmarks/balance.mjs');
  expect(programs.filter((program) => !existsSync(path.join(root, program)))).toEqual([]);
});

test('npm scripts that pages name exist', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const texts = [...typed, ...readPage(benchmarksPage).blocks].map(({ text }) => text);
  const named = texts.flatMap((text) => [...text.matchAll(/npm (?:run ([\w:-]+)|(test))/g)]);
  const missing = named.map(([, run, plain]) => run ?? plain).filter((name) => !(String(name) in scripts));
  expect(missing).toEqual([]);
});

test('the program of the API page runs', () => {
  const program = readPage('docs/reference/api.md').blocks.find(({ language }) => language === 'js')?.text as string;
  const project = makeProject();
  writeFileSync(path.join(project, 'program.js'), program);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['program.js'], { cwd: project, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/order\.test\.js/);
});

test('the page of the command line has every command', () => {
  const { stdout } = spawnSync(process.execPath, [cli, '--help'], { encoding: 'utf8', env: cleanEnvironment() });
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+)(?: [a-z]+)? {2,}\S/gm)].map((match) => match[1] as string);
  expect(verbs).toContain('plan');
  const { anchors } = readPage('docs/reference/cli.md');
  expect(verbs.filter((verb) => !anchors.has(verb))).toEqual([]);
});

test('the share that the README shows is that of the example', () => {
  const { stdout } = spawnSync(process.execPath, [cli, 'plan', '--nodes', '4', '--json'], {
    cwd: path.join(root, 'examples', 'basic'),
    encoding: 'utf8',
    env: cleanEnvironment(),
  });
  const { digest, nodes } = JSON.parse(stdout);
  const share = `node 2 of 4 runs ${nodes[1].items.length} of 44 files (bounded-ring, digest ${digest.slice(0, 4)})`;
  expect(readFileSync(path.join(root, 'README.md'), 'utf8')).toContain(share);
});
