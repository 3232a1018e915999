/**
 * The runner: Jest's own, but a heavy file is run by several of its workers at once, and everybody downstream sees one
 * start and one result of it.
 *
 * A slice is a Test like the file's own, handed to `super.runTests` among the others, so Jest's pool with all its
 * options (worker threads, memory limits, restarts of workers, bail) does the work.
 */
import type { JestGlobalConfig, JestRunnerClass, JestTest, JestWatcher } from '../../host/jest-types';
import { resolveJest } from '../../host/resolve-jest';
import { printNotice } from '../../planning/print-share';
import { readRunState } from '../../planning/run-state';
import { mergeSlices } from './merge-results';
import { offerSlices } from './slice-locks';
import type { SliceResult } from './slice-types';

const { default: BaseRunner } = resolveJest(process.cwd()).load<{ default: JestRunnerClass }>('jest-runner');

/** All slices of one file. */
interface Sliced {
  /** As the rest of Jest knows it. */
  readonly test: JestTest;
  readonly count: number;
  readonly results: SliceResult[];
  isStarted: boolean;
  isFailed: boolean;
}

type Forward = (args: readonly unknown[]) => void | Promise<void>;

class SlicingRunner extends BaseRunner {
  readonly #globalConfig: JestGlobalConfig;
  readonly #slices = new WeakMap<JestTest, Sliced>();
  #forwardFailure: Forward | undefined;

  constructor(globalConfig: JestGlobalConfig, context: object) {
    super(globalConfig, context);
    this.#globalConfig = globalConfig;
  }

  override runTests(
    tests: readonly JestTest[],
    watcher: JestWatcher,
    options: { readonly serial: boolean },
  ): Promise<void> {
    const whyNot = this.#whyNotSlice(tests, options.serial);
    const list = tests.flatMap((test) => (whyNot === null ? this.#slice(test) : [test]));
    if (whyNot !== null && whyNot !== '') this.#explain(tests, whyNot);
    // Jest runs a list of one file in its own process, which is no reason where that file is for many workers.
    const serial = options.serial && list.length === tests.length;
    return super.runTests(list, watcher, { ...options, serial });
  }

  /** null: slice. Otherwise why not; empty where nobody would expect it. */
  #whyNotSlice(tests: readonly JestTest[], serial: boolean): string | null {
    const { updateSnapshot, maxWorkers = 1, detectOpenHandles } = this.#globalConfig;
    if (maxWorkers < 2 || detectOpenHandles === true || (serial && tests.length > 1)) return '';
    // Two workers that write one snapshot file would lose each other's snapshots.
    return updateSnapshot === 'none' ? null : 'snapshots may be written; --ci lets several workers share it';
  }

  #slice(test: JestTest): JestTest[] {
    const splitting = readRunState()?.splitting;
    const slices = slicesOf(test);
    if (splitting == null || slices.length < 2) return [test];
    offerSlices(splitting.selectionFile, test.context.config.id, test.path, slices);
    const sliced: Sliced = { test, count: slices.length, results: [], isStarted: false, isFailed: false };
    return slices.map(() => {
      const slice = { ...test };
      this.#slices.set(slice, sliced);
      return slice;
    });
  }

  #explain(tests: readonly JestTest[], why: string): void {
    const heavy = tests.filter((test) => slicesOf(test).length > 1);
    const [first] = heavy;
    if (first === undefined) return;
    const others = heavy.length > 1 ? ` and ${heavy.length - 1} more` : '';
    const name = readRunState()?.fileOf(first)?.path ?? first.path;
    printNotice(`${name}${others} runs in one worker: ${why}`);
  }

  override on(event: string, listener: (eventData: never) => unknown): () => void {
    const forward = listener as Forward;
    switch (event) {
      case 'test-file-start':
        return super.on(event, ([test]: [JestTest]) => this.#onStart(test, forward));
      case 'test-file-success':
        return super.on(event, ([test, result]: [JestTest, SliceResult]) => this.#onSuccess(test, result, forward));
      case 'test-file-failure':
        this.#forwardFailure = forward;
        return super.on(event, ([test, error]: [JestTest, unknown]) => this.#onFailure(test, error, forward));
      default:
        return super.on(event, listener);
    }
  }

  #onStart(test: JestTest, forward: Forward): void | Promise<void> {
    const sliced = this.#slices.get(test);
    if (sliced === undefined) return forward([test]);
    if (sliced.isStarted) return undefined;
    sliced.isStarted = true;
    return forward([sliced.test]);
  }

  #onSuccess(test: JestTest, result: SliceResult, forward: Forward): void | Promise<void> {
    const sliced = this.#slices.get(test);
    if (sliced === undefined) return forward([test, result]);
    sliced.results.push(result);
    if (sliced.isFailed || sliced.results.length < sliced.count) return undefined;
    let merged: SliceResult;
    try {
      merged = mergeSlices(test.path, sliced.results);
    } catch (error) {
      // Jest's runner drops what a listener throws, and the run would end green without this file.
      return this.#forwardFailure?.([sliced.test, error]);
    }
    return forward([sliced.test, merged]);
  }

  #onFailure(test: JestTest, error: unknown, forward: Forward): void | Promise<void> {
    const sliced = this.#slices.get(test);
    if (sliced === undefined) return forward([test, error]);
    if (sliced.isFailed) return undefined;
    sliced.isFailed = true;
    return forward([sliced.test, error]);
  }
}

function slicesOf(test: JestTest) {
  const state = readRunState();
  const file = state?.fileOf(test);
  return file === undefined ? [] : (state?.splitting?.slicesOf(file) ?? []);
}

export { SlicingRunner };
