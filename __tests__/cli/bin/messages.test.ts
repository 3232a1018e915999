/** What the bin prints and how it ends, where no test has to run for it: fact, value, source, remedy, code. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cleanEnvironment } from '../../support/projects';

const root = path.join(__dirname, '..', '..', '..');
const bin = path.join(root, 'dist', 'cli.js');
let folder: string;

beforeAll(() => {
  if (!existsSync(bin)) throw new Error('The package is not built, and these tests run it. Run: npm run build');
  folder = mkdtempSync(path.join(tmpdir(), 'bin-'));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const files = {
    'package.json': '{ "name": "bin", "private": true }',
    'a.test.js': "test('a', () => {});",
    'blobs/foreign.jsonl': 'no blob\n',
    'broken/package.json': '{ "name": "broken", "jest-distributed": { "nodes": "four" } }',
    'broken/a.test.js': '',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], extra: Readonly<Record<string, string>> = {}, cwd = '.') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: path.join(folder, cwd),
    env: cleanEnvironment(extra),
    encoding: 'utf8',
  });
  // Our lines are wrapped to the terminal.
  return { status, stdout, stderr, text: `${stdout}${stderr}`.replace(/\s+/g, ' ') };
}

describe('a mistake stops the command with one message', () => {
  const nodes = { JEST_DISTRIBUTED_NODES: '4' };
  test.each<[string, readonly string[], Record<string, string>, string, readonly string[]]>([
    ['an unknown command', ['plna'], {}, 'COMMAND_UNKNOWN', ['"plna"', 'Did you mean "plan"?']],
    ['the word of others', ['version'], {}, 'COMMAND_UNKNOWN', ['Did you mean "--version"?']],
    ['a folder', ['merge', 'blob'], {}, 'REPORT_DIR_MISSING', ['There is no ', `${path.sep}blobs? `]],
    ['an unknown flag', ['plan', '--node', '4'], {}, 'FLAG_UNKNOWN', ['--node', '--nodes']],
    ['no number of nodes', ['plan'], {}, 'NODES_MISSING', ['--nodes']],
    ['no nodes at all', ['plan', '--nodes', '0'], {}, 'OPTION_INVALID', ['--nodes', '0']],
    [
      'a node that is not there',
      ['run'],
      { ...nodes, JEST_DISTRIBUTED_NODE_NUMBER: '5' },
      'NODE_NUMBER_OUT_OF_RANGE',
      ['5'],
    ],
    ['no node', ['run'], nodes, 'NODES_WITHOUT_NODE_NUMBER', ['JEST_DISTRIBUTED_NODES', '4']],
    [
      'a misspelt variable',
      ['plan', '--nodes', '4'],
      { JEST_DISTRIBUTED_NODE_NUBMER: '2' },
      'VARIABLE_UNKNOWN',
      ['NODE_NUBMER', 'NODE_NUMBER'],
    ],
    [
      'retries without a queue',
      ['run', '--max-retries', '1'],
      {},
      'QUEUE_NEEDED',
      ['--max-retries needs', 'DATABASE_URL'],
    ],
    ['a file that is none', ['explain', 'b.test.js', '--nodes', '2'], {}, 'FILE_UNKNOWN', ['b.test.js', 'a.test.js']],
    ['an unknown code', ['help', 'missing-nod'], {}, 'HELP_UNKNOWN', ['missing-node']],
  ])('%s', (_, args, variables, code, parts) => {
    const { status, stdout, stderr, text } = run(args, variables);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(text).toContain(`[${code}]`);
    for (const part of parts) expect(text).toContain(part);
    expect(text).toContain(`help ${code}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('a command that would be refused is not offered', () => {
    const offer = 'A queue on this machine needs no database: npx jest-distributed run --max-retries 1 --local --queue';
    expect(run(['run', '--max-retries', '1']).text).toContain(offer);
    const one = { JEST_DISTRIBUTED_NODES: '2', JEST_DISTRIBUTED_NODE_NUMBER: '1' };
    expect(run(['run', '--max-retries', '1'], one).text).not.toContain('--local --queue');
  });

  test('a setting of the wrong type is named with its file', () => {
    const { status, text } = run(['plan'], {}, 'broken');
    expect(status).toBe(1);
    expect(text).toContain('nodes in package.json is "four"');
  });
});

describe('no blob, no proof', () => {
  test.each([['verify'], ['merge']])('%s of an empty folder is red', (command) => {
    mkdirSync(path.join(folder, 'empty'), { recursive: true });
    const { status, text } = run([command, 'empty']);
    expect(status).toBe(1);
    expect(text).toContain('[no-blob]');
  });

  test('what is no blob is named', () => {
    const { status, text } = run(['verify', 'blobs']);
    expect(status).toBe(1);
    expect(text).toContain('foreign.jsonl');
  });
});

describe('help', () => {
  test('names every command, explains one, and explains a code', () => {
    expect(run(['help'])).toMatchObject({ status: 0, text: expect.stringContaining('merge') });
    expect(run(['help', 'merge'])).toMatchObject({ status: 0, text: expect.stringContaining('--expect-nodes') });
    expect(run(['help', 'missing-node'])).toMatchObject({ status: 0, text: expect.stringContaining('missing-node') });
    expect(run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});

test('JSON is all that stdout has', () => {
  const { status, stdout } = run(['plan', '--nodes', '2', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, nodes: [{ node: 1 }, { node: 2 }] });
});
