/** `--failed-of`: what failed in a recorded run, as arguments of Jest. */
import { DistributedError } from '../../errors';
import { type Folders, findFolders, shownPath } from '../../files/folders';
import { loadOptions } from '../../files/load-options';
import { type GatheredRun, gatherRun } from '../../files/load-run';
import { findLastRun, findRun, type RecordedRun } from '../../files/recorded-runs';
import { readRootDir } from '../../jest/host/root-dir';
import { pickFlags } from '../../options/flags';
import { countOf, everyItemRan } from '../../proof/finding';
import { PLAIN_REPEAT, repeatTests, type TestToRepeat } from '../../shell/reproduce-tests';
import type { Arguments } from '../command-line/command';
import { eachRecord } from './each-record';

/** The run that left its blobs here last. */
export const LAST_RUN = 'last';

/** @throws DistributedError `RECORDED_RUN_UNKNOWN`. */
export function findRecorded(given: string, folders: Pick<Folders, 'projectDir'>, reportDir: string): RecordedRun {
  if (given !== LAST_RUN) return findRun(given, folders, reportDir);
  const last = findLastRun(folders, reportDir);
  if (last !== undefined) return last;
  throw new DistributedError({
    code: 'RECORDED_RUN_UNKNOWN',
    message: 'No run has left blobs in this project.',
    remedy: 'Run the tests first (npx jest-distributed run), or give a folder with the blobs of a run.',
  });
}

/** Findings that a message names. */
const SHOWN = 5;

/** Failed tests of a run; a file without a name where it failed as a whole. */
function listFailed(run: GatheredRun, folders: Folders): readonly TestToRepeat[] {
  const failed = new Map<string, TestToRepeat>();
  const add = (test: TestToRepeat) => failed.set(JSON.stringify([test.file.project, test.file.path, test.name]), test);
  const ofFailedFiles = {
    ...run,
    blobs: run.blobs.map((blob) => ({ ...blob, files: blob.files.filter(({ hasFailed }) => hasFailed) })),
  };
  eachRecord(ofFailedFiles, folders, ({ file, result, execError }) => {
    const tests = result.testResults.filter(({ status }) => status === 'failed');
    if (execError !== null || tests.length === 0) add({ file, name: null });
    else for (const { fullName } of tests) add({ file, name: fullName });
  });
  return [...failed.values()];
}

/** @throws DistributedError `RECORDED_RUN_INCOMPLETE`: what failed where nothing is known of would stay red. */
function requireWhole({ verdict }: GatheredRun, where: string): void {
  const missing = verdict.findings.filter(
    (one) => one.severity === 'error' && one.code !== 'checkout-differs' && !everyItemRan([one]),
  );
  if (missing.length === 0) return;
  throw new DistributedError({
    code: 'RECORDED_RUN_INCOMPLETE',
    message: `Not everything is known of run ${verdict.runId} in ${where} (from --failed-of):${missing
      .slice(0, SHOWN)
      .map(({ message }) => `\n    ${message}`)
      .join('')}${missing.length > SHOWN ? `\n    and ${missing.length - SHOWN} more` : ''}`,
    remedy: 'Get the blobs of all of its nodes into that folder, or run everything, without --failed-of.',
  });
}

export interface FailedOf {
  /** What Jest is given. */
  readonly jestArgs: readonly string[];
  /** In a sentence. */
  readonly text: string;
  readonly tests: readonly TestToRepeat[];
}

/**
 * @param jestArgs what follows `--`: with any, the settings of the recorded run are not taken over.
 * @throws DistributedError `RECORDED_RUN_UNKNOWN`, `RECORDED_RUN_INCOMPLETE`.
 */
export async function argumentsForFailed(argv: Arguments, jestArgs: readonly string[]): Promise<FailedOf> {
  const rootDir = await readRootDir(process.cwd(), jestArgs);
  const { options } = await loadOptions({
    ...{ flags: pickFlags(argv, ['reportDir']), environment: process.env, rootDir },
  });
  const folders = findFolders(rootDir);
  const given = String(argv.failedOf);
  const { places, runId } = findRecorded(given, folders, options.reportDir.value);
  const run = gatherRun(places, runId === null ? {} : { runId });
  const where = places.map((place) => shownPath(place)).join(', ');
  if (run.blobs.length === 0) {
    throw new DistributedError({
      code: 'RECORDED_RUN_UNKNOWN',
      message: `There is no usable blob in ${where} (from --failed-of).`,
      remedy: 'See what is wrong with them: npx jest-distributed verify',
    });
  }
  requireWhole(run, where);
  const failed = listFailed(run, folders);
  const text = `${countOf(failed.length, 'test')} failed in run ${run.verdict.runId} (${where})`;
  if (failed.length === 0) return { jestArgs, text, tests: [] };
  const repeat = run.blobs[0]?.metadata.repeat ?? PLAIN_REPEAT;
  const words = repeatTests(failed, jestArgs.length === 0 ? repeat : { ...repeat, jestArgs: [] });
  return { jestArgs: [...words.slice(2), ...jestArgs], text, tests: failed };
}
