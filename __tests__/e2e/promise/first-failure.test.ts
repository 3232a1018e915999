/** The first failure of a node is in its CI's log while the node still runs, and where the CI shows more, there too. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { type Project, removeProject, runBin, startBin, writeProject } from '../../support/projects';

jest.setTimeout(60_000);

/** Ends once somebody has seen what failed before it; else it fails. */
const file = `
test('::error::wavers %0A', () => { require('./lib/cart').add(1); });
const { existsSync } = require('node:fs');
test('waits until the failure was seen', async () => {
  const until = Date.now() + 20_000;
  while (process.env.WAITS === '1' && !existsSync('SEEN')) {
    if (Date.now() > until) throw new Error('nobody saw it');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}, 30_000);`;

let project: Project;

beforeAll(() => {
  const [host] = hosts();
  if (host === undefined) throw new Error('no host');
  project = writeProject(host, {
    'package.json': '{ "name": "shop", "private": true, "jest": { "testEnvironment": "node", "transform": {} } }',
    'lib/cart.js': "exports.add = (count) => {\n  throw new Error('the cart is closed: 100 %');\n};\n",
    'a.test.js': file,
    'b.test.js': file,
  });
  mkdirSync(path.join(project.dir, 'bin'));
  const agent = path.join(project.dir, 'bin', 'buildkite-agent');
  writeFileSync(
    agent,
    '#!/bin/sh\n{ echo "$@"; cat; } > "$(dirname "$0")/annotation.tmp"\nmv "$(dirname "$0")/annotation.tmp" "$(dirname "$0")/annotation"\n',
  );
  chmodSync(agent, 0o755);
});

afterAll(() => removeProject(project));

const nodeArgs = (node: string) => ['run', '--nodes', '2', '--node-number', node, '--hash-by', 'file'];

test('on GitHub Actions: lines at once, an annotation when the file has ended', async () => {
  const child = startBin(project, [...nodeArgs('1'), '--', '--ci'], {
    GITHUB_ACTIONS: 'true',
    GITHUB_RUN_ID: '1',
    WAITS: '1',
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    const seen = path.join(project.dir, 'SEEN');
    if (/first failure of node 1 of 2[\s\S]*-t '/.test(stderr) && !existsSync(seen)) writeFileSync(seen, '');
  });
  const exitCode = await new Promise((resolve) => child.on('exit', resolve));
  expect(stderr).toContain('1 failed, 1 passed');
  expect(stderr).toMatch(/^jest-distributed: first failure of node 1 of 2: [ab]\.test\.js › ::error::wavers %0A$/m);
  expect(stderr).toMatch(
    /^ {2}Error: the cart is closed: 100 %\n {2}at lib\/cart\.js:2\n {2}to rerun it:\n {4}npx jest/m,
  );
  const commands = stderr.split('\n').filter((line) => /^\s*::/.test(line));
  expect(commands).toHaveLength(1);
  expect(commands[0]).toMatch(
    /^::error file=lib\/cart\.js,line=2,title=[ab]\.test\.js › %3A%3Aerror%3A%3Awavers %250A::Error: the cart is closed: 100 %25 \(first failure of node 1 of 2\)%0ARerun: npx jest --runTestsByPath [ab]\.test\.js -t /,
  );
  expect(exitCode).toBe(1);
});

test('on TeamCity: a service message on standard output, unless that is a report', () => {
  const teamcity = (number: string) => ({ TEAMCITY_VERSION: '2025.1', BUILD_NUMBER: number });
  const plain = runBin(project, [...nodeArgs('2'), '--', '--ci'], teamcity('7'));
  expect(plain.stdout).toMatch(/^##teamcity\[message text='[ab]\.test\.js \|0x203a .* status='ERROR'\]$/m);
  const json = runBin(project, [...nodeArgs('2'), '--', '--ci', '--json'], teamcity('8'));
  expect(JSON.parse(json.stdout)).toMatchObject({ numFailedTests: 1 });
});

test('findings of the proof, and the annotation of Buildkite', async () => {
  const bin = path.join(project.dir, 'bin');
  const buildkite = { BUILDKITE: 'true', BUILDKITE_BUILD_ID: 'b1', PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  const node = runBin(project, [...nodeArgs('1'), '--report-dir', 'bk', '--', '--ci'], buildkite);
  expect(node.stderr).toMatch(/^\+\+\+ First failure of node 1 of 2\njest-distributed: first failure/m);
  const annotation = path.join(bin, 'annotation');
  for (let left = 100; left > 0 && !existsSync(annotation); left--) await new Promise((done) => setTimeout(done, 50));
  expect(readFileSync(annotation, 'utf8')).toMatch(
    /^annotate --style error --context jest-distributed-node-1-of-2\n\*\*[ab]\.test\.js/,
  );
  const github = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: 'b1' };
  const mergeArgs = ['merge', 'bk', '--expect-nodes', '2', '--run-id', 'b1', '--summary-file', 'out/comment.md'];
  const merged = runBin(project, mergeArgs, github);
  expect(merged.stderr).toMatch(/^::error title=jest-distributed%3A not proven \(missing-node\)::.*node 2/m);
  const comment = readFileSync(path.join(project.dir, 'out', 'comment.md'), 'utf8');
  expect(comment).toMatch(/^<!-- jest-distributed: shop -->\n## ❌ Not proven/);
  expect(merged.exitCode).toBe(1);
});
