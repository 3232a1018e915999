import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  compareQuarantine,
  proveQuarantine,
  quarantineProblems,
  severityOfUnrun,
} from '../../src/flaky/prove-quarantine';
import {
  addDays,
  canonicalQuarantine,
  type HeldFile,
  heldTests,
  type Quarantine,
  type QuarantineEntry,
  readQuarantine,
  withoutSharedFiles,
} from '../../src/flaky/quarantine';
import {
  addRun,
  EMPTY_RECORD,
  parseRecord,
  type QuarantineOutcome,
  runKey,
  standingsOf,
} from '../../src/flaky/quarantine-record';

const TODAY = '2026-11-26';

const entry: QuarantineEntry = {
  ...{ file: 'src/a.test.js', test: 'cart adds', owner: 'shop', reason: 'two clocks' },
  ...{ since: '2026-11-20', until: '2026-12-01' },
};
const quarantine: Quarantine = { cap: 10, report: 'failed', tests: [entry] };

const problemsOf = (value: unknown) => readQuarantine(value, TODAY).problems;

describe('readQuarantine', () => {
  test('a file has one name, however its letters with accents are written', () => {
    const value = { tests: [{ ...entry, file: 'src/cafe\u0301.test.js' }] };
    expect(readQuarantine(value, TODAY).quarantine.tests.map(({ file }) => file)).toEqual(['src/caf\u00e9.test.js']);
  });

  test('what is right', () => {
    const value = { $schema: 'x', cap: 3, report: 'skipped', tests: [{ ...entry, issue: '#7', project: 'web' }] };
    expect(readQuarantine(value, TODAY)).toEqual({
      quarantine: { cap: 3, report: 'skipped', tests: value.tests },
      problems: [],
    });
    expect(readQuarantine({}, TODAY).quarantine).toEqual({ cap: 10, report: 'failed', tests: [] });
  });

  test.each<[string, object, string]>([
    ['owner', { owner: ' ' }, 'has no owner'],
    ['reason', { reason: undefined }, 'has no reason'],
    ['test', { test: '' }, 'names no test: a whole file cannot be in quarantine'],
    ['pattern', { tests: 'cart' }, 'has the unknown field "tests"'],
    ['outside', { file: '../other/a.test.js' }, 'has the file "../other/a.test.js", which is not below the project'],
    ['absolute', { file: '/a.test.js' }, 'has the file "/a.test.js", which is not below the project'],
    ['not plain', { file: './src//a.test.js' }, 'has the file "./src//a.test.js"; write it as "src/a.test.js"'],
    ['a folder', { file: 'src/' }, 'has the file "src/"; write it as "src"'],
    ['no day', { until: '2026-13-01' }, 'has no day of the form 2026-11-26 as until'],
    ['too long', { until: '2027-11-20' }, 'lasts longer than 90 days'],
    ['backwards', { until: '2026-11-19' }, 'ends before it begins'],
    ['future', { since: '2026-12-24', until: '2026-12-31' }, 'begins in the future, on 2026-12-24'],
  ])('%s', (_, more, clause) => {
    const { quarantine: read, problems } = readQuarantine({ tests: [{ ...entry, ...more }] }, TODAY);
    expect(problems.join('\n')).toContain(clause);
    expect(read.tests).toEqual([]);
  });

  test('too many, twice, no list, no object', () => {
    expect(problemsOf({ cap: 0, tests: [entry] })).toEqual(['It has 1 entries, more than its cap of 0.']);
    expect(problemsOf({ tests: [entry, entry] })).toEqual(['Entry 2 (src/a.test.js: cart adds) is there twice.']);
    expect(problemsOf({ tests: {} })).toEqual(['Its tests are no list.']);
    expect(problemsOf([])).toEqual(['It is not an object.']);
    expect(problemsOf({ cap: 1.5, report: 'none', all: true, tests: [] })).toHaveLength(3);
  });

  test('the order of entries is none of the content', () => {
    const other = { ...entry, test: 'cart removes' };
    const forwards = canonicalQuarantine({ ...quarantine, tests: [entry, other] });
    expect(canonicalQuarantine({ ...quarantine, tests: [other, entry] })).toBe(forwards);
    expect(canonicalQuarantine({ ...quarantine, cap: 11, tests: [entry, other] })).not.toBe(forwards);
  });
});

describe('heldTests', () => {
  const file: HeldFile = {
    ...{ file: 'src/a.test.js', project: null, hasExecError: false },
    tests: [
      { fullName: 'cart adds', status: 'failed' },
      { fullName: 'cart removes', status: 'failed' },
    ],
  };
  const heldOf = (more: Partial<HeldFile> = {}, own = quarantine, today = TODAY) => [
    ...heldTests(own, { ...file, ...more }, today).keys(),
  ];

  test('one test, by file and full name', () => {
    expect(heldOf()).toEqual([0]);
    expect(heldOf({ file: 'src/b.test.js' })).toEqual([]);
    expect(heldOf({ project: 'web' })).toEqual([0]);
    expect(heldOf({ project: 'web' }, { ...quarantine, tests: [{ ...entry, project: 'api' }] })).toEqual([]);
  });

  test('nothing past its last day, nothing where the file failed as a whole, nothing where a name is shared', () => {
    expect(heldOf({}, quarantine, '2026-12-01')).toEqual([0]);
    expect(heldOf({}, quarantine, '2026-12-02')).toEqual([]);
    expect(heldOf({ hasExecError: true })).toEqual([]);
    expect(heldOf({ tests: [...file.tests, { fullName: 'cart adds', status: 'passed' }] })).toEqual([]);
  });

  test('nothing of a file that several projects have, where the entry names none of them', () => {
    const named = { ...entry, project: 'web' };
    const shared = withoutSharedFiles({ ...quarantine, tests: [entry, named] }, () => 2);
    expect(shared.tests).toEqual([named]);
    expect(withoutSharedFiles(quarantine, () => 1)).toEqual(quarantine);
  });

  test('never anything but failed tests that an entry names', () => {
    const name = fc.constantFrom('cart adds', 'cart removes', 'other');
    const tests = fc.array(fc.record({ fullName: name, status: fc.constantFrom('passed', 'failed', 'pending') }));
    fc.assert(
      fc.property(tests, fc.boolean(), (ran, hasExecError) => {
        const held = heldTests(quarantine, { ...file, hasExecError, tests: ran }, TODAY);
        const decisive = ran.filter(({ status }, index) => status === 'failed' && !held.has(index));
        const named = ran.filter(({ fullName }) => fullName === 'cart adds');
        const isHeld = !hasExecError && named.length === 1 && named[0]?.status === 'failed';
        return held.size === (isHeld ? 1 : 0) && decisive.every(({ fullName }) => !isHeld || fullName !== 'cart adds');
      }),
    );
  });
});

describe('the record', () => {
  const runs = (letters: string, own = quarantine) =>
    [...letters].reduce((record, letter, index) => {
      const outcome: QuarantineOutcome = letter === 'P' ? 'passed' : 'failed';
      return addRun(record, own, new Map(own.tests.map((one) => [one, outcome])), runKey('local', 1, index));
    }, EMPTY_RECORD);

  test('broken after ten failures and no pass among them; passes in a row', () => {
    const standing = (letters: string) => standingsOf(quarantine, runs(letters))[0];
    expect(standing('FFFFFFFFF')).toMatchObject({ isBroken: false, runs: 9, failed: 9 });
    expect(standing('FFFFFFFFFF')).toMatchObject({ isBroken: true });
    expect(standing('FFFFFPFFFFFFFFF')).toMatchObject({ isBroken: false });
    expect(standing('FPPP')).toMatchObject({ passesInARow: 3 });
    expect(standing('P'.repeat(300))).toMatchObject({ runs: 100, passesInARow: 100 });
  });

  test('an entry that is added anew begins anew; what did not run keeps what it has', () => {
    const record = runs('FFFF');
    const anew = { ...quarantine, tests: [{ ...entry, since: TODAY }] };
    expect(standingsOf(anew, record)[0]).toMatchObject({ runs: 0 });
    expect(addRun(record, quarantine, new Map(), 'other').tests).toEqual(record.tests);
    expect(addRun(record, { ...quarantine, tests: [] }, new Map(), 'other').tests).toEqual([]);
  });

  test('a run that is merged again adds nothing; another attempt does', () => {
    const failed = new Map(quarantine.tests.map((one) => [one, 'failed' as const]));
    const keys = [runKey('7', 1, 5), runKey('7', 1, 5), runKey('7', 1, 5), runKey('7', 2, 9)];
    const record = keys.reduce((before, key) => addRun(before, quarantine, failed, key), EMPTY_RECORD);
    expect(record.tests).toMatchObject([{ outcomes: 'FF' }]);
  });

  test('what is damaged is no record', () => {
    expect(parseRecord(runs('FP'))).toEqual(runs('FP'));
    for (const value of [null, [], { version: 2, tests: [] }, { version: 1, tests: [{ outcomes: 'X' }] }]) {
      expect(parseRecord(value)).toBeUndefined();
    }
  });
});

describe('findings', () => {
  const sight = { entry, isFileThere: true, hasFileRun: true, fileUnrun: null, statuses: ['failed'] };
  const codes = (more: object, today = TODAY) =>
    proveQuarantine([{ ...sight, ...more }], [], today).map(({ code, severity }) => [code, severity]);

  test('of each entry', () => {
    expect(codes({})).toEqual([]);
    expect(codes({}, '2026-12-02')).toEqual([['quarantine-expired', 'error']]);
    expect(codes({ isFileThere: false })).toEqual([['quarantine-unknown', 'error']]);
    expect(codes({ statuses: [] })).toEqual([['quarantine-unknown', 'error']]);
    expect(codes({ statuses: [], hasFileRun: false })).toEqual([]);
    const unrun = { statuses: [], hasFileRun: false };
    expect(codes({ ...unrun, fileUnrun: severityOfUnrun(null) })).toEqual([['quarantine-unknown', 'error']]);
    expect(codes({ ...unrun, fileUnrun: severityOfUnrun('unit') })).toEqual([['quarantine-unknown', 'warning']]);
    expect(codes({ statuses: ['passed', 'failed'] })).toEqual([['quarantine-ambiguous', 'error']]);
    expect(codes({ statuses: ['pending'] })).toEqual([['quarantine-skipped', 'warning']]);
  });

  test('of its record, and how the headline says them', () => {
    const standing = { entry, runs: 12, failed: 12, isBroken: true, passesInARow: 0 };
    const findings = proveQuarantine([sight], [standing], TODAY);
    expect(findings).toMatchObject([{ code: 'quarantine-broken', severity: 'error' }]);
    expect(quarantineProblems(findings)).toEqual(['1 quarantined test is broken']);
    const passes = proveQuarantine([sight], [{ ...standing, isBroken: false, passesInARow: 50 }], TODAY);
    expect(passes).toMatchObject([{ code: 'quarantine-passes', severity: 'warning' }]);
    expect(passes[0]?.remedy).toContain("quarantine remove src/a.test.js --test 'cart adds'");
    expect(quarantineProblems(passes)).toEqual([]);
  });

  test('nodes and merge must have one file', () => {
    expect(compareQuarantine('a', ['a', 'a'])).toEqual([]);
    expect(compareQuarantine(null, [null])).toEqual([]);
    expect(compareQuarantine(null, ['abcdefghij'])).toMatchObject([{ code: 'quarantine-differs', severity: 'error' }]);
    expect(compareQuarantine('a', [null])).toMatchObject([{ code: 'quarantine-differs' }]);
  });
});

test('days', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});
