/** The order that really ran: in blobs, and as `explain` shows it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, writeProject } from '../../support/projects';

let project: Project;

// Each file is there longer than it takes the next worker to begin.
const slow = "test('waits', () => new Promise((resolve) => setTimeout(resolve, 400)));";

beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "order", "private": true }',
    ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.test.js`, slow])),
  });
});

afterAll(() => removeProject(project));

interface FileLine {
  readonly kind: string;
  readonly file: { readonly path: string };
  readonly worker: number | null;
  readonly workerProcess: number | null;
}

function fileLines(): FileLine[] {
  const folder = path.join(project.dir, '.jest-distributed', 'report');
  const blob = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.jsonl'));
  const lines = readFileSync(path.join(folder, blob as string), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as FileLine).filter(({ kind }) => kind === 'file');
}

const explain = (file: string) => runBin(project, ['explain', file, '--nodes', '1'], {}).stdout.replace(/\s+/g, ' ');

test('in band one process has them all; with workers each has its own, and what ran beside it', () => {
  expect(runBin(project, ['run', '--', '-i']).exitCode).toBe(0);
  const inBand = fileLines();
  expect(inBand.map(({ worker, workerProcess }) => [worker, workerProcess])).toEqual(Array(4).fill([1, 1]));
  const [first, second] = inBand.map(({ file }) => file.path);
  expect(explain(first as string)).toContain('ran run local: node 1, first in its worker; nothing ran beside it');
  expect(explain(second as string)).toContain(`node 1, after ${first} in the same worker; nothing ran beside it`);

  expect(runBin(project, ['run', '--', '--maxWorkers=2', '--workerIdleMemoryLimit=1MB']).exitCode).toBe(0);
  const limited = fileLines();
  // Each worker is over its limit after each file, and is started anew.
  for (const worker of [1, 2]) {
    const own = limited.filter((line) => line.worker === worker);
    expect(own.map(({ workerProcess }) => workerProcess)).toEqual(own.map((_, index) => index + 1));
  }
  const [one, other] = limited.map(({ file }) => file.path);
  expect(explain(one as string)).toMatch(new RegExp(`first in its worker; beside .*${other}`));
  expect(explain((limited.at(-1) as FileLine).file.path)).toContain('first in its worker; beside');
});
