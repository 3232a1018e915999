/** Which files `grind` and `bisect` are about, as paths from the working directory. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { type Folders, findFolders } from '../../files/folders';
import { loadOptions } from '../../files/load-options';
import { gatherRun } from '../../files/load-run';
import { type Execution, type Surroundings, surroundingsOf } from '../../flaky/order';
import { listTestFiles, type TestFileList } from '../../jest/host/list-test-files';
import { didYouMean } from '../../jest/planning/near-files';
import { pickFlags } from '../../options/flags';
import { fileKey, type TestFile } from '../../plan/item';
import type { Arguments } from '../command-line/command';
import { findRecorded } from '../merging/failed-of';
import { readOrder } from '../merging/read-order';

const fromHere = (file: string): string => path.relative(process.cwd(), file) || '.';

/** As Jest compares them: a regular expression, without regard to case. What is none is for Jest to judge. */
function fits(pattern: string): (testPath: string) => boolean {
  try {
    const expression = new RegExp(pattern.replace(/^\.\//, ''), 'i');
    return (testPath) => expression.test(testPath);
  } catch {
    return () => true;
  }
}

/** Test files that Jest finds by its own patterns. @throws DistributedError `FILE_UNKNOWN`. */
export async function findTargets(patterns: readonly string[], jestArgs: readonly string[]): Promise<string[]> {
  // Behind --selectProjects they would be names of projects.
  const { testPaths } = await listTestFiles(process.cwd(), [...patterns, ...jestArgs]);
  // Jest lists them in the order of its crawler, which is another one each time.
  const idle = testPaths.length > 0 ? patterns.filter((pattern) => !testPaths.some(fits(pattern))) : patterns;
  if (testPaths.length > 0 && idle.length === 0) return [...new Set(testPaths)].map(fromHere).sort();
  const all = await listTestFiles(process.cwd(), jestArgs);
  throw new DistributedError({
    code: 'FILE_UNKNOWN',
    message: `Jest finds no test file for ${idle.join(' or ')}.`,
    remedy: didYouMean(idle, all.rootPaths) ?? 'See what it finds: npx jest --listTests',
  });
}

/** Paths that are taken as they are, in their order. @throws DistributedError `FILE_UNKNOWN`. */
export function exactFiles(paths: readonly string[]): string[] {
  const gone = paths.find((file) => !existsSync(path.resolve(file)));
  if (gone === undefined) return [...paths];
  throw new DistributedError({
    code: 'FILE_UNKNOWN',
    message: `There is no file ${gone}.`,
    remedy: 'Give the paths of test files from here.',
  });
}

export interface RecordedOrder {
  readonly runId: string | null;
  readonly executions: readonly Execution[];
  /** As a path from here; null where this checkout does not have the file. */
  readonly pathOf: (file: TestFile) => string | null;
}

function namer({ files, testPaths }: TestFileList): RecordedOrder['pathOf'] {
  const paths = new Map(files.map((file, index) => [fileKey(file), testPaths[index] as string]));
  return (file) => {
    const found = paths.get(fileKey(file));
    return found === undefined ? null : fromHere(found);
  };
}

/**
 * The order of a recorded run.
 *
 * @param given its id, a folder with its blobs, or `last`.
 * @throws DistributedError `RECORDED_RUN_UNKNOWN`.
 */
export async function readRecordedOrder(
  given: string,
  argv: Arguments,
  jestArgs: readonly string[],
): Promise<RecordedOrder> {
  const list = await listTestFiles(process.cwd(), jestArgs);
  const flags = pickFlags(argv, ['reportDir']);
  const { options } = await loadOptions({ flags, environment: process.env, rootDir: list.root });
  const folders: Folders = findFolders(list.root);
  const { places, runId } = findRecorded(given, folders, options.reportDir.value);
  const run = gatherRun(places, runId === null ? {} : { runId });
  return { runId: run.verdict.runId, executions: readOrder(run, folders), pathOf: namer(list) };
}

/** The execution of a file that is meant: one that failed, where one did. */
export function findExecution({ executions, pathOf }: RecordedOrder, file: string): Execution | undefined {
  const own = executions.filter((one) => pathOf(one.file) === file);
  return own.find(({ hasFailed }) => hasFailed) ?? own[0];
}

export interface RecordedContext {
  /** What ran before in the same process, oldest first. */
  readonly before: readonly string[];
  readonly beside: readonly string[];
}

const isPath = (file: string | null): file is string => file !== null;

/** What ran around an execution, without files that are not here, each once. */
export function contextOf(order: RecordedOrder, execution: Execution): RecordedContext {
  const around: Surroundings = surroundingsOf(execution, order.executions);
  const own = order.pathOf(execution.file);
  const pathsOf = (executions: readonly Execution[]) =>
    [...new Set(executions.map(({ file }) => order.pathOf(file)).filter(isPath))].filter((file) => file !== own);
  return { before: pathsOf(around.before ?? []), beside: pathsOf(around.beside) };
}
