/**
 * All nodes of a run beside one plain run: what was lost, doubled, different, or ran without need.
 */
import { expect } from '@jest/globals';
import { EMPTY_TITLE } from '../../../src/select/split-record';
import type { LogEntry, Run } from './selection-run';

const lines = (entries: readonly object[]): string[] => entries.map((entry) => JSON.stringify(entry)).sort();

/** Every result as `project file status name`, sorted, without entries that stand for nothing. */
export function resultsOf(runs: readonly Run[]): string[] {
  return runs
    .flatMap(({ files }) =>
      files.flatMap(({ project, file, results }) =>
        results
          .filter(({ fullName }) => fullName !== EMPTY_TITLE)
          .map(({ fullName, status }) => `${project} ${file} ${status} ${JSON.stringify(fullName)}`),
      ),
    )
    .sort();
}

/** Every error of every failed test as `file name first line`, sorted. */
export function errorsOf(runs: readonly Run[]): string[] {
  // A skipped test that happens to stand below a broken hook is blamed too, where that hook runs.
  const failed = messagesOf(runs).filter(({ status }) => status === 'failed');
  const errors = failed.map(({ file, fullName, text }) => `${file} ${fullName}: ${text.split('\n')[0]}`);
  return errors.sort();
}

/** Stack traces in which a frame of this package stands: there is nobody's line in it. */
export const ourFramesOf = (runs: readonly Run[]): string[] =>
  messagesOf(runs).flatMap(({ text }) => (text.includes('node_modules/jest-distributed/') ? [text] : []));

const messagesOf = (runs: readonly Run[]) =>
  runs.flatMap(({ files }) =>
    files.flatMap(({ file, results }) =>
      results.flatMap(({ failures, ...result }) => failures.map((text) => ({ file, ...result, text }))),
    ),
  );

/** Every execution of a test body and of a hook around a test. */
export function executionsOf(runs: readonly Run[]): string[] {
  const perTest = ({ kind, test }: LogEntry): boolean =>
    ['test', 'event', 'beforeEach', 'afterEach'].includes(kind) && test !== EMPTY_TITLE;
  return lines(runs.flatMap(({ log }) => log.filter(perTest)));
}

const RAN = ['passed', 'failed', 'todo'];

/** Suites whose `beforeAll` or `afterAll` this node executed. */
export function suiteHooksOf(run: Run): string[] {
  return lines(run.log.filter(({ kind }) => kind === 'beforeAll' || kind === 'afterAll'));
}

/** Those that a plain run executes and that have a test below them that ran on this node. */
export function expectedSuiteHooks(plain: Run, node: Run): string[] {
  const ran = new Map<string, string[]>();
  for (const { file, results } of node.files) {
    const names = results.filter(({ status }) => RAN.includes(status)).map(({ fullName }) => fullName);
    ran.set(file, [...(ran.get(file) ?? []), ...names]);
  }
  return lines(
    plain.log.filter(
      ({ kind, file, suite = '' }) =>
        (kind === 'beforeAll' || kind === 'afterAll') &&
        (ran.get(file) ?? []).some((name) => suite === '' || name.startsWith(`${suite} `)),
    ),
  );
}

/** The nodes did, all together, what the plain run did: every test once, with its status, and no hook in vain. */
export function expectSameAsPlain(plain: Run, runs: readonly Run[]): void {
  expect(resultsOf(runs)).toEqual(resultsOf([plain]));
  expect(executionsOf(runs)).toEqual(executionsOf([plain]));
  for (const run of runs) expect(suiteHooksOf(run)).toEqual(expectedSuiteHooks(plain, run));
}
