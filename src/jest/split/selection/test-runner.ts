/**
 * The `testRunner` that stands before the project's own and selects tests inside split files.
 *
 * Its path is the only thing of ours in a project config and never changes, so the user's transform cache stays warm.
 */
import { DistributedError } from '../../../errors';
import { claimSlice } from '../slices/slice-locks';
import { type Selecting, selectInCircus } from './circus';
import type { JestTestRunner, RunnerResult, SendMessage } from './circus-types';
import { filterResults } from './filter-results';
import { isJasmine, selectInJasmine } from './jasmine';
import { loadOriginalRunner, type OriginalRunner } from './original-runner';
import { readPartNumber } from './part-tag';
import { loadSelections, selectionKey } from './selection-file';
import { TEST_RUNNER_SELECTS } from './setup-guard';
import { setWorker } from './worker-id';

/** Drops the events of single tests that are another node's. */
function onlyOwn(send: SendMessage | undefined, isForeign: (name: string) => boolean): SendMessage | undefined {
  if (send === undefined) return undefined;
  return (event, args) => {
    const { fullName } = (args[1] ?? {}) as { fullName?: string };
    if (event.startsWith('test-case') && fullName !== undefined && isForeign(fullName)) return undefined;
    return send(event, args);
  };
}

/**
 * Promises and no `await`, and the original called by nobody of ours: an async function that waits for the tests would
 * stand in the stack trace of everything that fails in them.
 */
const runOwnTests: JestTestRunner = (globalConfig, config, environment, runtime, testPath, send) => {
  const selections = loadSelections();
  const part = readPartNumber(config);
  const known = selections?.byTest.get(selectionKey(config.id, testPath));
  const planned = part === null ? known?.whole : known?.parts[part - 1];
  if (planned === undefined && (part !== null || (known !== undefined && known.parts.length > 0)))
    throw partUnknown(testPath, part);
  const loading = loadOriginalRunner(selections?.testRunners[config.id], config.rootDir);
  const isListing = globalConfig.collectTests === true;
  if (selections === undefined || planned === undefined || isListing)
    return loading.then(({ run }) => {
      const result = called(run.bind(undefined, globalConfig, config, environment, runtime, testPath, send));
      // `--collectTests` (Jest 30.4) runs nothing: it lists what there is, unsplit.
      return isListing ? result : result.then(setWorker);
    });
  return loading.then((original) => {
    const slice = part === null ? claimSlice(selections.path, config.id, testPath) : undefined;
    const selection = slice?.selection ?? planned;
    environment.global[TEST_RUNNER_SELECTS] = true;
    const selecting = isJasmine(original.path)
      ? selectInJasmine(environment, runtime, testPath, selection)
      : selectInCircus(environment, selection);
    const isForeign = (name: string): boolean => selecting.outcome()?.foreignNames.has(name) ?? false;
    const filtered = onlyOwn(send, isForeign);
    const { run } = original;
    return called(run.bind(undefined, globalConfig, config, environment, runtime, testPath, filtered)).then(
      (result) => {
        slice?.settle();
        return setWorker(keepOwn(result, selecting, testPath, original));
      },
    );
  });
};

/** What `run` gives, called by the engine. */
const called = <Result>(run: () => Promise<Result>): Promise<Result> => Promise.resolve().then(run);

function keepOwn<Result extends RunnerResult>(
  result: Result,
  selecting: Selecting,
  testPath: string,
  original: OriginalRunner,
): Result {
  const outcome = selecting.outcome();
  if (outcome === undefined) {
    if (result.testExecError) return result;
    throw notSelected(testPath, original.path);
  }
  return filterResults(result, selecting.placesOf(result.testResults), outcome.record);
}

/** The file has run whole, as on every other node: that is no share. */
function notSelected(testPath: string, runnerPath: string): DistributedError {
  return new DistributedError({
    code: 'SPLIT_NOT_APPLIED',
    message: `${testPath} is split over nodes, but its test runner ${runnerPath} did not report its tests, so all of them ran here.`,
    remedy:
      'Only jest-circus and jest-jasmine2 can be split: keep this project\'s files whole with --hash-by file, or put "@jest-distributed whole" into the file.',
  });
}

/** Running the file whole instead would double its tests. */
function partUnknown(testPath: string, part: number | null): DistributedError {
  return new DistributedError({
    code: 'PART_UNKNOWN',
    message:
      part === null
        ? `${testPath} is split into parts, but this worker did not receive which of them to run.`
        : `This worker has to run part ${part} of ${testPath}, but the list of its tests is missing.`,
    remedy: 'Keep the file whole ("@jest-distributed whole" in it, or --hash-by file), and please report it.',
  });
}

export default runOwnTests;
