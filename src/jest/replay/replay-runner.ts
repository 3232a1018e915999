/**
 * The runner of a merge: gives Jest what the blobs hold, in the events of a real run.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { CaseStart, FileRecord, JsonObject, StoredTest, V8Entry } from '../../blob/blob';
import { findFolders } from '../../files/folders';
import type { JestGlobalConfig, JestTest, JestTestResult } from '../host/jest-types';
import { resolveJest } from '../host/resolve-jest';
import { unmatchedOf } from '../record/held-failures';
import { heldInReplay } from './replay-quarantine';
import { fileOfTest, openRecords, readReplay } from './replay-source';

type Listener = (data: readonly unknown[]) => unknown;

/** Source maps are files to Jest; these last until the process ends, because coverage is made after the run. */
function createMapFolder(): (sourceMap: unknown) => string {
  const { folder } = readReplay();
  let count = 0;
  return (sourceMap) => {
    const file = path.join(folder, `${count++}.map`);
    writeFileSync(file, JSON.stringify(sourceMap));
    return file;
  };
}

/** V8's list as Jest wants it. */
function createV8Restorer(): (entries: readonly V8Entry[]) => unknown[] {
  const writeMap = createMapFolder();
  // Jest uses the first transform it meets of every file; the others would only keep all nodes' code in memory.
  const known = new Set<string>();
  return (entries) =>
    entries.map(({ result, transform }) => {
      if (transform === null || known.has(result.url)) return { result, codeTransformResult: undefined };
      known.add(result.url);
      const { sourceMap, wrapperLength, ...code } = transform;
      return {
        result,
        codeTransformResult: {
          ...code,
          ...(wrapperLength !== null && { wrapperLength }),
          sourceMapPath: sourceMap === null ? null : writeMap(sourceMap),
        },
      };
    });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const withMessages = ({ failureDetails, failureMessages, ancestorTitles }: StoredTest) => ({
  failureDetails: listOf(failureDetails),
  failureMessages: listOf(failureMessages),
  ancestorTitles: listOf(ancestorTitles),
});

interface MessageFormatter {
  readonly formatResultsErrors: (
    tests: readonly StoredTest[],
    config: unknown,
    globalConfig: unknown,
    testPath: string,
  ) => string | null;
}

/** What was reported of single tests, in that order. */
function* caseEvents({ result, cases, starts = [] }: FileRecord): Generator<[name: string, testCase: unknown]> {
  let next = 0;
  const startsUntil = function* (at: number): Generator<[string, unknown]> {
    for (let start = starts[next]; start !== undefined && start[1] <= at; start = starts[next]) {
      yield ['test-case-start', startInfo(start, result.testResults)];
      next += 1;
    }
  };
  for (const [at, one] of cases.entries()) {
    yield* startsUntil(at);
    yield ['test-case-result', typeof one === 'number' ? result.testResults[one] : one];
  }
  yield* startsUntil(cases.length);
}

function startInfo([test, , startedAt, mode]: CaseStart, tests: readonly StoredTest[]): unknown {
  if (typeof test !== 'number') return test;
  const { ancestorTitles, fullName, title } = tests[test] as StoredTest;
  return { ancestorTitles, fullName, mode, startedAt: startedAt ?? null, title };
}

class ReplayRunner {
  readonly supportsEventEmitters = true;
  readonly isSerial = true;
  readonly #globalConfig: JestGlobalConfig;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #restoreV8 = createV8Restorer();

  constructor(globalConfig: JestGlobalConfig) {
    this.#globalConfig = globalConfig;
  }

  on(name: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  async #emit(name: string, ...data: readonly unknown[]): Promise<void> {
    for (const listener of this.#listeners.get(name) ?? []) await listener(data);
  }

  async runTests(tests: readonly JestTest[]): Promise<void> {
    const source = readReplay();
    const records = openRecords(source, findFolders(this.#globalConfig.rootDir));
    try {
      for (const test of tests) {
        const file = fileOfTest(test);
        const record = records.read(file);
        await this.#replay(test, record, file.places.length > 1);
        source.replayed.files += 1;
        source.replayed.tests += record.result.testResults.length;
      }
    } finally {
      records.close();
    }
  }

  async #replay(test: JestTest, record: FileRecord, isMerged: boolean): Promise<void> {
    const shown = this.#asReported(test, record);
    const { result, execError } = shown;
    await this.#emit('test-file-start', test);
    for (const [name, testCase] of caseEvents(shown)) await this.#emit(name, test.path, testCase);
    if (execError !== null && result.testResults.length === 0) {
      await this.#emit('test-file-failure', test, execError);
      return;
    }
    await this.#emit('test-file-success', test, this.#toTestResult(test, shown, isMerged || shown !== record));
  }

  /** Where the quarantine says so, its failed tests are skipped to the project's reporters. */
  #asReported(test: JestTest, record: FileRecord): FileRecord {
    const { quarantine } = readReplay();
    if (quarantine?.quarantine.report !== 'skipped') return record;
    const { result, execError } = record;
    const failures = heldInReplay(quarantine);
    const asJests = { ...result, testExecError: execError ?? undefined } as unknown as JestTestResult;
    const held = failures.of(test, asJests);
    if (held.size === 0) return record;
    const skipped = { status: 'pending', failureMessages: [], failureDetails: [] };
    const testResults = result.testResults.map((one, index) => (held.has(index) ? { ...one, ...skipped } : one));
    return {
      ...record,
      // What was reported of single tries would name it as failed.
      cases: record.cases.filter((one) => typeof one === 'number' && !held.has(one)),
      starts: [],
      result: {
        ...result,
        testResults,
        snapshot: { ...result.snapshot, unmatched: result.snapshot.unmatched - unmatchedOf(asJests as never, held) },
        numFailingTests: result.numFailingTests - held.size,
        numPendingTests: result.numPendingTests + held.size,
      },
    };
  }

  #toTestResult(test: JestTest, { result, execError, coverage }: FileRecord, isMerged: boolean): JsonObject {
    const { babel, v8 } = coverage;
    return {
      ...result,
      testFilePath: test.path,
      ...(isMerged && execError === null && { failureMessage: this.#formatFailures(test, result.testResults) }),
      ...(execError !== null && { testExecError: execError }),
      ...(babel !== null && { coverage: babel }),
      ...(v8 !== null && { v8Coverage: this.#restoreV8(v8) }),
    } as unknown as JsonObject;
  }

  /** Parts of a file carry their own messages; the file's is made as the test framework makes it, in its order. */
  #formatFailures(test: JestTest, tests: readonly StoredTest[]): string | null {
    const host = resolveJest(this.#globalConfig.rootDir);
    const { formatResultsErrors } = createRequire(host.corePath)('jest-message-util') as MessageFormatter;
    // A runner of the project's own may leave out what Jest's always have.
    const complete = tests.map((one) => ({ ...one, ...withMessages(one) }));
    return formatResultsErrors(complete, test.context.config, this.#globalConfig, test.path);
  }
}

export default ReplayRunner;
