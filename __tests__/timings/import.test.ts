import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { explainUnmatched, type ImportedDurations, type ReportToImport } from '../../src/timings/import';
import { importJestJson } from '../../src/timings/import-jest-json';
import { importJunit } from '../../src/timings/import-junit';
import type { KnownFile } from '../../src/timings/match-report-paths';
import { emptyTimings } from '../../src/timings/timings';
import { foldDurations } from '../../src/timings/update';

const math = 'packages/a/src/math.test.js';
const failing = 'packages/b/src/math.test.js';
const crash = 'packages/b/src/crash.test.js';
const skipped = 'packages/b/src/skipped.test.js';

function knownAt(...locations: string[]): KnownFile[] {
  return locations.map((location) => ({ file: { project: null, path: location }, location }));
}

const known = knownAt(math, failing, crash, skipped);

function reportOf(text: string, files: readonly KnownFile[] = known): ReportToImport {
  return { text, source: 'artifact', known: files };
}

/** Written by Jest 29.7.0, Jest 30.5.2 and jest-junit 17.0.0 in /home/ci/checkout. */
function fixture(name: string): ReportToImport {
  return reportOf(readFileSync(path.join(__dirname, 'fixtures', name), 'utf8'));
}

function durations({ durations: found }: ImportedDurations): Record<string, { durationMs: number; ok: boolean }> {
  return Object.fromEntries(found.map(({ path: file, durationMs, ok }) => [file, { durationMs, ok }]));
}

function testsIn({ durations: found }: ImportedDurations, file: string): Record<string, number> {
  const tests = found.find((entry) => entry.path === file)?.tests ?? [];
  return Object.fromEntries(tests.map(({ name, durationMs }) => [name, durationMs]));
}

function unmatched(imported: ImportedDurations): string[] {
  return imported.unmatched.map((entry) => `${entry.name}: ${explainUnmatched(entry)}`).sort();
}

describe("Jest's --json", () => {
  test.each([
    ['jest-29.json', 305, 101, 32, 0],
    ['jest-30.json', 92, 251, 31, 3],
  ])('%s', (name, mathMs, failingMs, addsMs, subtractsMs) => {
    const imported = importJestJson(fixture(name));
    expect(durations(imported)).toEqual({
      [math]: { durationMs: mathMs, ok: true },
      [failing]: { durationMs: failingMs, ok: false },
    });
    // Neither what was skipped nor what is still to do took any time.
    expect(testsIn(imported, math)).toEqual({
      'math adds': addsMs,
      'math deeper subtracts <a> & "b"': subtractsMs,
      outside: 0,
    });
    expect(unmatched(imported)).toEqual([
      `/home/ci/checkout/${crash}: it has no duration (it crashed, or was skipped)`,
      `/home/ci/checkout/${skipped}: it has no duration (it crashed, or was skipped)`,
    ]);
    expect(foldDurations(emptyTimings, imported.durations).files.size).toBe(2);
  });

  test('a file that is not here, and one that two projects have', () => {
    const file = (name: string) => ({ name, status: 'passed', startTime: 5, endTime: 25, assertionResults: [] });
    const text = JSON.stringify({ testResults: ['/ci/a.js', '/ci/gone.js', '/ci/both.js'].map(file) });
    const both = ['web', 'server'].map((project) => ({ file: { project, path: 'both.js' }, location: 'both.js' }));
    const imported = importJestJson(reportOf(text, [...knownAt('a.js', 'b.js'), ...both]));
    expect(durations(imported)).toEqual({ 'a.js': { durationMs: 20, ok: true } });
    expect(unmatched(imported)).toEqual([
      '/ci/both.js: it fits several files or projects here equally well',
      '/ci/gone.js: there is no such file here',
    ]);
  });

  test('a file that ran several times counts not at all', () => {
    const file = { name: '/ci/a.js', status: 'passed', startTime: 5, endTime: 25, assertionResults: [] };
    const imported = importJestJson(reportOf(JSON.stringify({ testResults: [file, file] }), knownAt('a.js')));
    expect(imported.durations).toEqual([]);
    expect(unmatched(imported)).toEqual(['/ci/a.js: the report has it several times']);
  });

  test.each([
    ['<xml/>', /^jest-distributed: The report artifact cannot be imported: it is not JSON \(.*\)\.\n/],
    ['null', /it has no list "testResults"\.\n/],
    ['{"testResults": {}}', /it has no list "testResults"\.\n/],
    ['{"testResults": [{"name": "/a.js"}, {}]}', /"testResults\[1\]\.name" is not the path of a file\.\n/],
    ['{"testResults": [null]}', /"testResults\[0\]\.name" is not the path of a file\.\n/],
  ])('refuses %s', (text, message) => {
    expect(() => importJestJson(reportOf(text))).toThrow(message);
    expect(() => importJestJson(reportOf(text))).toThrow(
      / {2}Give a file that "jest --json --outputFile=results\.json" wrote\.$/,
    );
  });
});

describe('JUnit by jest-junit', () => {
  test.each([
    ['junit-file-attribute.xml', 110, 158, 63],
    ['junit-filepath-suite.xml', 109, 155, 67],
    ['junit-filepath-class.xml', 107, 159, 60],
  ])('%s', (name, mathMs, failingMs, skippedMs) => {
    const imported = importJunit(fixture(name));
    expect(durations(imported)).toEqual({
      [math]: { durationMs: mathMs, ok: true },
      [failing]: { durationMs: failingMs, ok: false },
      [skipped]: { durationMs: skippedMs, ok: true },
    });
    expect(Object.keys(testsIn(imported, math)).sort()).toEqual([
      'math adds',
      'math deeper subtracts <a> & "b"',
      'math some day',
      'outside',
    ]);
    expect(unmatched(imported)).toEqual(
      name === 'junit-filepath-class.xml' ? [`${crash}: it has no duration (it crashed, or was skipped)`] : [],
    );
  });

  test('its default names no file, so nothing is guessed', () => {
    const imported = importJunit(fixture('junit-default.xml'));
    expect(imported.durations).toEqual([]);
    expect(unmatched(imported)).toEqual([
      'all: the report does not say which file it is',
      'math: the report does not say which file it is',
      'undefined: the report does not say which file it is',
    ]);
  });
});

describe('other JUnit', () => {
  const one = knownAt('src/a.test.ts', 'src/b.test.ts');

  test('suites inside a suite with the file, one for each describe, are summed up', () => {
    const xml = `<testsuites><testsuite name="all">
      <testsuite name="x" file="/ci/src/a.test.ts" time="1.5"><testcase classname="x" name="x 1" time="1"/></testsuite>
      <testsuite name="y" file="/ci/src/a.test.ts" time="0.25"><testcase classname="y" name="y 1" time="0.2"><failure/></testcase></testsuite>
    </testsuite></testsuites>`;
    const imported = importJunit(reportOf(xml, one));
    expect(durations(imported)).toEqual({ 'src/a.test.ts': { durationMs: 1750, ok: false } });
    expect(testsIn(imported, 'src/a.test.ts')).toEqual({ 'x 1': 1000, 'y 1': 200 });
  });

  test('one suite over many files gives each the time of its cases', () => {
    const xml = `<testsuite name="everything" time="9">
      <testcase file="src/a.test.ts" classname="a" name="one" time="1,000.5"/>
      <testcase file="src/b.test.ts" classname="b" name="two" time="2"/>
      <testcase file="src/a.test.ts" classname="a" name="three" time="0.5"/>
    </testsuite>`;
    const imported = importJunit(reportOf(xml, one));
    expect(durations(imported)).toEqual({
      'src/a.test.ts': { durationMs: 1_001_000, ok: true },
      'src/b.test.ts': { durationMs: 2000, ok: true },
    });
    expect(testsIn(imported, 'src/a.test.ts')).toEqual({ 'a one': 1_000_500, 'a three': 500 });
  });

  test('what is not here, does not fit, comes twice, or has no time is said', () => {
    const suite = (attributes: string, ...cases: string[]) => `<testsuite ${attributes}>${cases.join('')}</testsuite>`;
    const xml = `<testsuites>
      ${suite('name="src/gone.test.ts" time="1"', '<testcase name="1"/>')}
      ${suite('name="mixed" time="1"', '<testcase name="1" file="src/a.test.ts"/>', '<testcase name="2" file="gone"/>', '<testcase name="3" file="src/b.test.ts"/>')}
      ${suite('file="src/a.test.ts" time="1"', '<testcase name="same" time="1"/>')}
      ${suite('file="src/a.test.ts" time="2"', '<testcase name="same" time="2"/>')}
      ${suite('file="src/b.test.ts"', '<testcase name="1"/>')}
      ${suite('time="1"', '<testcase name="1"/>')}
    </testsuites>`;
    const imported = importJunit(reportOf(xml, one));
    expect(imported.durations).toEqual([]);
    expect(unmatched(imported)).toEqual([
      '(suite without a name): the report does not say which file it is',
      'mixed: it fits several files or projects here equally well',
      'src/a.test.ts: the report has it several times',
      'src/b.test.ts: it has no duration (it crashed, or was skipped)',
      'src/gone.test.ts: there is no such file here',
    ]);
  });

  test.each([
    [
      '{}',
      /^jest-distributed: The report artifact cannot be imported: it is not XML \(line and column 1:2: text data outside of root node\)\.\n/,
    ],
    ['<testsuites><testsuite></testsuites>', /it is not XML \(line and column 1:\d+: unexpected close tag\)\.\n/],
    ['<html/>', /it has no <testsuite> or <testsuites>\.\n/],
  ])('refuses %s', (text, message) => {
    expect(() => importJunit(reportOf(text))).toThrow(message);
    expect(() => importJunit(reportOf(text))).toThrow(/ {2}Give a JUnit XML file, such as jest-junit writes\.$/);
  });
});
