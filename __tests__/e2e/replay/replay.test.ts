/** A run over nodes, merged, is the run of a single machine: in every report that Jest makes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Host, hosts } from '../../support/hosts';
import { cleanEnvironment, copyProject, type Finished, type Project, removeProject } from '../../support/projects';
import { coverageOf, type Outcome as Reported, reportOf, suitesOf, summaryOf } from './outcome';

const FIXTURES = path.join('__tests__', 'e2e', 'replay', 'fixtures');
const DRIVE = path.resolve(__dirname, 'fixtures', 'drive');

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

const environmentOf = (host: Host, extra: Record<string, string>): NodeJS.ProcessEnv =>
  cleanEnvironment({
    DRIVE_DIST: path.join(host.dir, 'node_modules', 'jest-distributed', 'dist'),
    DRIVE_JEST: host.jest,
    ...extra,
  });

function start(project: Project, script: string, args: readonly string[], extra: Record<string, string>): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: project.dir,
    env: environmentOf(project.host, extra),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { exitCode: status, stdout, stderr };
}

const inProject = (project: Project, name: string): string => path.join(project.dir, name);

/** A run with every report. */
function runReported(
  project: Project,
  script: string,
  args: readonly string[],
  extra: Record<string, string>,
): Outcome {
  const [json, events, junit] = ['out.json', 'events.txt', 'junit.xml'].map((name) => inProject(project, name)) as [
    string,
    string,
    string,
  ];
  for (const file of [json, events, junit]) rmSync(file, { force: true });
  const reports = ['--json', `--outputFile=${json}`, '--reporters=default', '--reporters=jest-junit'];
  const custom = `--reporters=${path.join(DRIVE, 'events.js')}`;
  const done = start(project, script, [...reports, custom, ...args], {
    DRIVE_EVENTS: events,
    JEST_JUNIT_OUTPUT_FILE: junit,
    ...extra,
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
  return runReported(project, jestBin(project.host), args, {});
}

function runNode(project: Project, node: number, nodes: number, args: readonly string[]): Finished {
  return start(project, path.join(DRIVE, 'run-node.js'), args, {
    DRIVE_NODE: String(node),
    DRIVE_NODES: String(nodes),
    DRIVE_REPORT_DIR: inProject(project, 'report'),
  });
}

/** Each node in a checkout of its own, the merge in another. */
function runDistributed(
  project: Project,
  nodes: number,
  args: readonly string[],
  settings: Record<string, string> = {},
): Outcome {
  const report = inProject(project, 'report');
  rmSync(report, { recursive: true, force: true });
  for (let node = 1; node <= nodes; node += 1) {
    const elsewhere = prepare(project.host);
    start(elsewhere, path.join(DRIVE, 'run-node.js'), args, {
      DRIVE_NODE: String(node),
      DRIVE_NODES: String(nodes),
      DRIVE_REPORT_DIR: report,
      ...settings,
    });
    removeProject(elsewhere);
  }
  return runReported(project, path.join(DRIVE, 'run-merge.js'), args, { DRIVE_REPORT_DIR: report });
}

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
function eventsOf({ events }: Outcome): Map<string, string[]> {
  const byFile = new Map<string, string[]>();
  for (const line of events) {
    const { file } = JSON.parse(line) as { file: string };
    byFile.set(file, [...(byFile.get(file) ?? []), line]);
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

  test.each([1, 3])('%i nodes, merged, are one plain run', (nodes) => {
    const merged = runDistributed(project, nodes, ['--ci']);
    expect(merged.stderr).toContain('verdict: {"ok":true');
    expectSame(merged, plain);
  });

  // What a file prints while it loads is there once for every node that loads it, so events are not compared.
  test.each(['add.test.js', 'snapshots.test.js', 'hook-fails.test.js', 'throws-at-load.test.js'])(
    'a file whose tests are split over 3 nodes is one file again: %s',
    (file) => {
      const merged = runDistributed(project, 3, ['--ci'], { DRIVE_SPLIT: file });
      expect(merged.stderr).toContain('verdict: {"ok":true');
      expect(reportOf(merged)).toEqual(reportOf(plain));
      expect(suitesOf(merged)).toEqual(suitesOf(plain));
      expect(summaryOf(merged)).toEqual(summaryOf(plain));
    },
  );

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
    for (const node of [1, 2]) expect(runNode(passing, node, 2, ['--ci'])).toMatchObject({ exitCode: 0 });
    const merged = runReported(passing, path.join(DRIVE, 'run-merge.js'), [], {
      DRIVE_REPORT_DIR: inProject(passing, 'report'),
    });
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
    const node = runNode(project, 1, 3, args);
    expect(node.stdout + node.stderr).not.toContain('threshold');
    expect(node.stdout + node.stderr).not.toContain('Coverage');

    expectSame(runDistributed(project, 3, args), wholeRun);
  });
});
