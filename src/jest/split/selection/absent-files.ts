/**
 * Keeps Jest's reporters from files of which no test is this node's.
 *
 * Which tests a split file has is known only once it is loaded, and Jest fails a file without any result; so the test
 * runner leaves one that stands for nothing. Reporters are to see as little of it as of a file that another node runs as
 * a whole: no start, no result, no "skipped" file, no such test. So the start of a split file is held back until the
 * first of its tests starts, or until it has a result.
 */
import { fileKey } from '../../../plan/item';
import { channel } from '../../channels/channel';
import { reduceTotal } from '../../host/file-total';
import type { JestTest, JestTestResult } from '../../host/jest-types';
import { readRunState } from '../../planning/run-state';
import { readSplitRecord } from './selection-record';

type Listener = (event: never) => unknown;
type Unsubscribe = () => void;

interface EventRunner {
  on(name: string, listener: Listener): Unsubscribe;
}

type Forward = (event: readonly unknown[]) => unknown;

/** Told of a file with its result, instead of all reporters. */
type AbsentFileListener = (test: JestTest, result: JestTestResult) => void;

const absent = channel<AbsentFileListener>('absent-files', () => () => undefined);
const heldStarts = channel('held-starts', () => new WeakMap<object, number>());

/** For our reporter, whose blob needs the record of the tests seen. */
export const onAbsentFile = absent.publish;

/** When a file really started, milliseconds since 1970; undefined where its start was reported at once. */
export function heldStartOf(test: object): number | undefined {
  return heldStarts.read().get(test);
}

/** A split file whose start is not reported yet. */
interface HeldFile {
  readonly test: JestTest;
  started: Promise<unknown> | undefined;
}

function isSplit(test: JestTest): boolean {
  const state = readRunState();
  const file = state?.splitting == null ? undefined : state.fileOf(test);
  return file !== undefined && state?.splitting?.files.has(fileKey(file)) === true;
}

/** The result of a file of which no test is this node's, and which is not for Jest to complain of. */
function isAbsent(test: JestTest, result: JestTestResult): boolean {
  const record = readSplitRecord(result, test, readRunState()?.splitting?.selectionFile);
  return record?.empty === true && result.testResults.length > 0 && !result.testExecError;
}

/** Wraps what Jest's scheduler subscribes to a runner, in place. */
export function hideAbsentFiles<Runner extends object>(runner: Runner): Runner {
  const events = runner as unknown as EventRunner;
  const subscribe = events.on.bind(events) as (name: string, listener: Listener) => Unsubscribe;
  const held = new Map<string, Set<HeldFile>>();
  let forwardStart: Forward = () => undefined;

  const find = (test: JestTest): HeldFile | undefined =>
    [...(held.get(test.path) ?? [])].find((one) => one.test === test);

  const hold = (test: JestTest): void => {
    const file = { test, started: undefined };
    const known = held.get(test.path);
    if (known === undefined) held.set(test.path, new Set([file]));
    else known.add(file);
    heldStarts.read().set(test, Date.now());
  };

  const start = (file: HeldFile): Promise<unknown> => {
    file.started ??= Promise.resolve(forwardStart([file.test]));
    return file.started;
  };

  const release = (file: HeldFile): void => {
    held.get(file.test.path)?.delete(file);
  };

  const onResult = (forward: Forward) => async (event: readonly [JestTest, JestTestResult]) => {
    const [test, result] = event;
    const file = find(test);
    if (file === undefined) return forward(event);
    release(file);
    if (file.started === undefined && isAbsent(test, result)) {
      reduceTotal(1);
      absent.read()(test, result);
      return undefined;
    }
    await start(file);
    return forward(event);
  };

  const onFailure = (forward: Forward) => async (event: readonly [JestTest, unknown]) => {
    const file = find(event[0]);
    if (file !== undefined) {
      release(file);
      await start(file);
    }
    return forward(event);
  };

  const onCase = (forward: Forward) => (event: readonly [string, unknown]) => {
    // Jest names only the path: where two projects run one file, both have started.
    const files = held.get(event[0]);
    if (files === undefined || files.size === 0) return forward(event);
    return Promise.all([...files].map(start)).then(() => forward(event));
  };

  events.on = (name, listener) => {
    const forward = listener as unknown as Forward;
    switch (name) {
      case 'test-file-start':
        forwardStart = forward;
        return subscribe(name, (([test]: [JestTest]) => (isSplit(test) ? hold(test) : forward([test]))) as Listener);
      case 'test-file-success':
        return subscribe(name, onResult(forward) as Listener);
      case 'test-file-failure':
        return subscribe(name, onFailure(forward) as Listener);
      case 'test-case-start':
      case 'test-case-result':
        return subscribe(name, onCase(forward) as Listener);
      default:
        return subscribe(name, listener);
    }
  };
  return runner;
}
