/** A run over nodes, merged, is the run of a single machine: in every report that Jest makes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Host, hosts } from '../../support/hosts';
import {
  cleanEnvironment,
  copyProject,
  type Finished,
  ourBin,
  type Project,
  removeProject,
} from '../../support/projects';
import { coverageOf, type Outcome as Reported, reportOf, suitesOf, summaryOf, timeless } from './outcome';

const FIXTURES = path.join('__tests__', 'e2e', 'replay', 'fixtures');
const EVENTS = path.resolve(__dirname, 'fixtures', 'events.js');

/** Not files of the fixture: Jest would count them as obsolete in the run of this very suite. */
const SNAPSHOTS = {
  'snapshots.test.js.snap': [
    'exports[`changed 1`] = `"was 1"`;',
    'exports[`gone 1`] = `"obsolete"`;',
    'exports[`kept 1`] = `\n{\n  "sum": 4,\n}\n`;',
  ],
  'removed.test.js.snap': ['exports[`was 1`] = `"its test file is gone"`;'],
};
const SNAPSHOT_GUIDES = { 29: 'https://goo.gl/fbAQLP', 30: 'https://jestjs.io/docs/snapshot-testing' };

interface Outcome extends Reported {
  readonly events: readonly string[];
}

function start(
  project: Project,
  script: string,
  args: readonly string[],
  extra: Record<string, string> = {},
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: project.dir,
    env: cleanEnvironment(extra),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { exitCode: status, stdout, stderr };
}

const inProject = (project: Project, name: string): string => path.join(project.dir, name);

/** A run with every report; `before` is what the script is given before Jest's arguments. */
function runReported(project: Project, script: string, before: readonly string[], args: readonly string[]): Outcome {
  const [json, events, junit] = ['out.json', 'events.txt', 'junit.xml'].map((name) => inProject(project, name)) as [
    string,
    string,
    string,
  ];
  for (const file of [json, events, junit]) rmSync(file, { force: true });
  const reports = ['--json', `--outputFile=${json}`, '--reporters=default', '--reporters=jest-junit'];
  const done = start(project, script, [...before, ...reports, `--reporters=${EVENTS}`, ...args], {
    EVENTS_FILE: events,
    JEST_JUNIT_OUTPUT_FILE: junit,
  });
  if (!existsSync(json)) throw new Error(`No report was written:\n${done.stdout}${done.stderr}`);
  return {
    ...done,
    json: JSON.parse(readFileSync(json, 'utf8')),
    events: readFileSync(events, 'utf8').trim().split('\n'),
    junit: readFileSync(junit, 'utf8'),
  };
}

const jestBin = (host: Host): string => path.join(host.dir, 'node_modules', 'jest', 'bin', 'jest.js');

function runPlain(project: Project, args: readonly string[]): Outcome {
  return runReported(project, jestBin(project.host), [], args);
}

interface NodeStart {
  readonly node: number;
  readonly nodes: number;
  readonly report: string;
  /** Of our own, before Jest's. */
  readonly flags?: readonly string[];
}

function runNode(project: Project, { node, nodes, report, flags = [] }: NodeStart, args: readonly string[]): Finished {
  const place = ['--nodes', String(nodes), '--node-number', String(node), '--report-dir', report, '--run-id', 'r1'];
  return start(project, ourBin(project.host), ['run', ...place, ...flags, '--', ...args]);
}

function runMerge(project: Project, report: string, nodes: number, args: readonly string[]): Outcome {
  return runReported(project, ourBin(project.host), ['merge', report, '--expect-nodes', String(nodes), '--'], args);
}

/** Each node in a checkout of its own, the merge in another. */
function runDistributed(
  project: Project,
  nodes: number,
  args: readonly string[],
  flags: readonly string[] = [],
): Outcome {
  const report = inProject(project, 'report');
  rmSync(report, { recursive: true, force: true });
  for (let node = 1; node <= nodes; node += 1) {
    const elsewhere = prepare(project.host);
    runNode(elsewhere, { node, nodes, report, flags }, args);
    removeProject(elsewhere);
  }
  return runMerge(project, report, nodes, args);
}

/** What the proof finds, but for what makes the plain run red too: files that fail to run, obsolete snapshots. */
const findingsOf = ({ stderr }: Outcome): string[] =>
  [...stderr.matchAll(/^ *(?:error|warning): (.*)/gm)]
    .map(([, text]) => text as string)
    .filter((text) => !/failed to run|ended with exit code 1, not only for its failed tests/.test(text));

function prepare(host: Host): Project {
  const project = copyProject(host, path.join(FIXTURES, 'project'));
  const folder = inProject(project, path.join('calc', '__snapshots__'));
  mkdirSync(folder);
  for (const [name, snapshots] of Object.entries(SNAPSHOTS)) {
    const header = `// Jest Snapshot v1, ${SNAPSHOT_GUIDES[host.major]}`;
    writeFileSync(path.join(folder, name), `${[header, ...snapshots].join('\n\n')}\n`);
  }
  return project;
}

/** In order within a file: files of several workers interleave. */
function eventsOf({ events }: Outcome): Map<string, unknown[]> {
  const byFile = new Map<string, unknown[]>();
  for (const line of events) {
    const event = timeless(JSON.parse(line)) as { file: string };
    byFile.set(event.file, [...(byFile.get(event.file) ?? []), event]);
  }
  return new Map([...byFile].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function expectSame(merged: Outcome, plain: Outcome): void {
  expect(reportOf(merged)).toEqual(reportOf(plain));
  expect(eventsOf(merged)).toEqual(eventsOf(plain));
  expect(suitesOf(merged)).toEqual(suitesOf(plain));
  expect(summaryOf(merged)).toEqual(summaryOf(plain));
  expect(coverageOf(merged)).toEqual(coverageOf(plain));
  expect(merged.exitCode).toBe(plain.exitCode);
}

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;
  let plain: Outcome;

  beforeAll(() => {
    project = prepare(host);
    plain = runPlain(project, ['--ci']);
  });

  afterAll(() => removeProject(project));

  test('the plain run holds what the comparison is about', () => {
    expect(plain.json).toMatchObject({
      numFailedTests: 4,
      numPendingTests: 2,
      numTodoTests: 1,
      numRuntimeErrorTestSuites: 3,
      snapshot: { matched: 1, unmatched: 1, unchecked: 1, filesRemoved: 1 },
    });
    expect(plain.events.some((line) => line.includes('an error that is printed'))).toBe(true);
    expect(plain.exitCode).toBe(1);
  });

  test.each([3])('%i nodes, merged, are one plain run', (nodes) => {
    const merged = runDistributed(project, nodes, ['--ci']);
    expect(findingsOf(merged)).toEqual([]);
    expectSame(merged, plain);
  });

  // What a file prints while it loads is there once for every node that loads it, so events are not compared.
  test('files whose tests are split over 3 nodes are one file each again', () => {
    const names = ['add', 'snapshots', 'hook-fails', 'throws-at-load'];
    const merged = runDistributed(project, 3, ['--ci'], ['--split', `calc/{${names.join(',')}}.test.js`]);
    expect(findingsOf(merged)).toEqual([]);
    expect(reportOf(merged)).toEqual(reportOf(plain));
    expect(suitesOf(merged)).toEqual(suitesOf(plain));
    expect(summaryOf(merged)).toEqual(summaryOf(plain));
  });

  test('global set-up does not run in a merge', () => {
    rmSync(inProject(project, 'global-setup.log'), { force: true });
    runDistributed(project, 1, ['--ci']);
    expect(existsSync(inProject(project, 'global-setup.log'))).toBe(false);
  });

  test('a merge of passing tests is green', () => {
    const passing = copyProject(host, path.join(FIXTURES, 'project'));
    rmSync(inProject(passing, 'calc'), { recursive: true });
    writeFileSync(inProject(passing, 'text/shout.test.js'), "test('passes', () => {});\n");
    writeFileSync(inProject(passing, 'jest.config.js'), 'module.exports = {};\n');
    const report = inProject(passing, 'report');
    for (const node of [1, 2])
      expect(runNode(passing, { node, nodes: 2, report }, ['--ci'])).toMatchObject({ exitCode: 0 });
    const merged = runMerge(passing, report, 2, []);
    expect(merged).toMatchObject({ exitCode: 0, json: { success: true, numPassedTests: 2 } });
    removeProject(passing);
  });

  // Thresholds that pass and that fail, of every kind that Jest has.
  const THRESHOLDS = {
    global: { lines: 60 },
    './calc/': { functions: 99 },
    './text/*.js': { branches: -1 },
  };

  test.each(['babel', 'v8'])('coverage by %s counts the same, untested files and thresholds included', (provider) => {
    const coverage = ['--coverage', `--coverageProvider=${provider}`, '--coverageReporters=json'];
    const args = ['--ci', ...coverage, `--coverageThreshold=${JSON.stringify(THRESHOLDS)}`];
    const wholeRun = runPlain(project, args);
    const files = [...coverageOf(wholeRun).keys()].map((file) => path.basename(file));
    expect(files.sort()).toEqual(['add.js', 'shout.js', 'untested.js']);
    expect(summaryOf(wholeRun).some((line) => line.includes('threshold'))).toBe(true);

    rmSync(inProject(project, 'report'), { recursive: true, force: true });
    const node = runNode(project, { node: 1, nodes: 3, report: inProject(project, 'report') }, args);
    expect(node.stdout + node.stderr).not.toContain('threshold');
    expect(node.stdout + node.stderr).not.toContain('Coverage');

    expectSame(runDistributed(project, 3, args), wholeRun);
  });
});
