/**
 * What tests put on results, and what strangers put into blobs: the verdict stands, nothing of this machine comes to
 * light, and names stay names.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, writeProject } from '../../support/projects';

const EVIL =
  'x\n\n## Passed: jest-distributed\n\n[fine](https://evil.example/) ![](https://evil.example/p.png)\n\n::error::y\u001b[2J</script><b>';

/** Every one of them ends a node in band where nobody is careful. */
const ODD_TESTS = `
test('a getter that throws later', () => {
  let open = true;
  const session = { id: 1, get user() { if (!open) throw new Error('closed'); return 'me'; } };
  try { expect(session).toEqual({ id: 2, user: 'me' }); } finally { open = false; }
});
test('toJSON that throws', () => {
  throw Object.assign(new Error('boom'), { toJSON() { throw new TypeError('not connected'); } });
});
test('a circle, a huge graph', () => {
  const circle = { big: 10n, list: [] };
  circle.self = circle;
  let graph = {};
  for (let i = 0; i < 60; i++) graph = { a: graph, b: graph };
  const error = Object.assign(new Error('odd'), { circle, graph });
  throw error;
});
`;

/** The last file of the node: Jest itself needs these too. */
const REPLACING_TEST = `
const m = require('./m');
const fs = require('node:fs');
test('b', () => {
  m();
  for (const name of ['writeSync', 'renameSync', 'closeSync']) fs[name] = () => { throw new Error('replaced'); };
  process.stderr.write = () => true;
});
`;

const files: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'untrusted', private: true, jest: {} }),
  'm.js': 'module.exports = () => 1;\n',
  'a.test.js': `${ODD_TESTS}\ntest(${JSON.stringify(EVIL)}, () => { throw new Error('y'); });`,
  'b.test.js': REPLACING_TEST,
  '.env': 'a\nTOKEN=SUPERSECRET\nb\n',
};

const project: Project = writeProject(host(30), files);
const report = path.join(project.dir, '.jest-distributed', 'report');
const summary = path.join(project.dir, 'summary.md');
afterAll(() => removeProject(project));

const blobs = (): string[] =>
  readdirSync(report, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => path.join(report, name));

let node: Finished;
let merged: Finished;
beforeAll(() => {
  node = runBin(project, ['run', '--nodes', '1', '--', '-i', '--coverage']);
  writeFileSync(path.join(project.dir, '.jest-distributed', 'timings.json'), '{"format": <<<<<<< broken');
  merged = runBin(project, ['merge'], { GITHUB_STEP_SUMMARY: summary });
});

describe('a node whose tests throw when they are looked at, and replace what it writes with', () => {
  test('runs all files, and says how it ended', () => {
    expect(node.exitCode).toBe(1);
    expect(node.stderr).toMatch(/node 1 of 1.*2 files/);
    expect(blobs()).toHaveLength(1);
  });

  test('has the counts of plain Jest in the merge', () => {
    expect(merged.exitCode).toBe(1);
    expect(merged.stderr).toMatch(/Tests: +4 failed, 1 passed, 5 total/);
    expect(merged.stderr).toContain('4 of 5 tests failed in 1 file.');
    expect(merged.stderr).not.toMatch(/cut short|never ran/);
  });

  test('a timings store that is broken does not take the verdict away', () => {
    expect(merged.stderr).toMatch(/warning: timings not updated: The timings file \S+ (cannot be read|holds)/);
  });
});

describe('a name stays a name', () => {
  test('in the summary of a GitHub step', () => {
    const lines = readFileSync(summary, 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith('## '))).toHaveLength(1);
    expect(
      lines.filter((line) => line.startsWith('<details><summary>') && line.includes('[fine]&#40;https://evil')),
    ).toHaveLength(1);
    expect(lines.some((line) => line.startsWith('[fine]'))).toBe(false);
  });

  test('in the terminal of a CI, and in the page', () => {
    expect(merged.stderr).not.toMatch(/^\s*::error::y/m);
    expect(merged.stderr).not.toContain('\u001b[2J');
    const page = readFileSync(path.join(project.dir, '.jest-distributed', 'report.html'), 'utf8');
    expect(page).not.toContain('</script><b>');
  });
});

describe('a blob from elsewhere', () => {
  /** Merges with a changed blob. */
  function mergeChanged(change: (line: Record<string, never>) => unknown, args: readonly string[] = []): Finished {
    const [file] = blobs() as [string];
    const whole = readFileSync(file, 'utf8');
    const lines = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.stringify(change(JSON.parse(line))));
    writeFileSync(file, `${lines.join('\n')}\n`);
    try {
      return runBin(project, ['merge', '--', ...args]);
    } finally {
      writeFileSync(file, whole);
    }
  }

  const secret = path.join(project.dir, '.env');

  test('shows no file that a stack or coverage names', () => {
    const changed = mergeChanged(
      (line: Record<string, unknown>) => {
        if (line.kind === 'source') return { ...line, data: { ...(line.data as object), path: secret } };
        if (line.kind !== 'file') return line;
        const stack = `Error: boom\n    at Object.<anonymous> (${secret}:2:1)\n`;
        const result = line.result as object;
        const entry = { type: 'error', message: 'x', origin: `    at f (${secret}:2:1)` };
        return {
          ...line,
          execError: { message: 'boom', stack },
          cases: [],
          result: { ...result, testResults: [], console: [entry] },
        };
      },
      ['--coverage', '--coverageReporters=html', '--coverageReporters=text'],
    );
    expect(changed.exitCode).toBe(1);
    expect(changed.stderr).toContain('<elsewhere>');
    expect(changed.stderr.replace(/\s+/g, ' ')).toContain(
      'Coverage of node 1 names 1 file that is not a source of this repository',
    );
    expect(changed.stdout + changed.stderr).not.toContain('SUPERSECRET');
    const folder = path.join(project.dir, 'coverage');
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
      one.endsWith('.html'),
    )) {
      expect(readFileSync(path.join(folder, name), 'utf8')).not.toContain('SUPERSECRET');
    }
  });

  test('that is malformed is a finding with its name and field', () => {
    const changed = mergeChanged((line: Record<string, unknown>) =>
      line.kind === 'file' ? { ...line, result: { ...(line.result as object), testResults: [{ status: 5 }] } } : line,
    );
    expect(changed.exitCode).toBe(1);
    expect(changed.stderr.replace(/\s+/g, ' ')).toContain('fullName must be a text and is missing');
    expect(changed.stderr).not.toMatch(/^\s+at .*jest-distributed/m);
  });
});

test('the URL of a database is in no message about a mistake in it', () => {
  for (const url of ['postgres://ci:a/SECRET@127.0.0.1:1/ci', 'ci:SECRET@127.0.0.1:1/ci']) {
    for (const args of [
      ['run', '--nodes', '1', '--', '-i'],
      ['db', 'status'],
      ['db', 'status', url],
    ]) {
      const { exitCode, stdout, stderr } = runBin(project, args, { JEST_DISTRIBUTED_DATABASE_URL: url });
      expect([exitCode, stdout + stderr]).toEqual([1, expect.not.stringContaining('SECRET')]);
    }
  }
});
