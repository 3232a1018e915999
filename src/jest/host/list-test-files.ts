/**
 * Asks the project's own Jest which test files a run would have, in a process of its own.
 *
 * Jest's `--listTests` prints paths without their projects, and one path may belong to two of them; so this runs
 * `--listTests` with a sequencer that writes down all it is given.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onExit } from 'signal-exit';
import { DistributedError } from '../../errors';
import type { PlanScope } from '../../plan/digest';
import type { TestFile } from '../../plan/item';
import { commandText, shellOf } from '../../shell/quote';
import { variableName } from '../channels/environment';
import { configRemedy, indented, withoutForeignFrames } from './error-text';
import { resolveJest } from './resolve-jest';

export interface TestFileList {
  readonly root: string;
  readonly files: readonly TestFile[];
  /** POSIX, relative to root; same order. */
  readonly rootPaths: readonly string[];
  /** Absolute, as the file system has them; same order. */
  readonly testPaths: readonly string[];
  /** As of `FoundFiles`. */
  readonly ownRunners?: readonly (string | null)[];
  readonly scope: PlanScope;
  /** Arguments leave files or tests out, so this is not the whole suite. */
  readonly isFiltered: boolean;
  /** Where there are no files: why Jest is content with that, a clause; null where it would end with exit code 1. */
  readonly nothing: string | null;
  /** What tests print is to be seen as it comes, whether or not they pass. */
  readonly verbose: boolean;
  /** Number of Jest workers the run would use. */
  readonly maxWorkers: number;
  readonly jestVersion: string;
}

/**
 * @param directory where the project is.
 * @param jestArgs what follows `--`; what narrows the list (paths, `--selectProjects`) narrows it here too.
 * @throws DistributedError `JEST_NOT_FOUND`, `JEST_UNSUPPORTED`, or `COLLECT_FAILED` with what Jest output.
 */
export async function listTestFiles(directory: string, jestArgs: readonly string[]): Promise<TestFileList> {
  // A Jest that is missing or not supported is named as that, and not as a list that failed.
  resolveJest(directory);
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  const out = path.join(folder, 'files.json');
  // Ctrl-C ends the process here.
  const removeHandler = onExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const output = await listWithJest(directory, jestArgs, out);
    let text: string;
    try {
      text = await readFile(out, 'utf8');
    } catch {
      throw new DistributedError({
        code: 'COLLECT_FAILED',
        message: `Jest could not list the test files of ${directory}.`,
        remedy:
          output.trim() === ''
            ? `It printed nothing; try: ${commandText(['npx', 'jest', '--listTests', ...jestArgs], shellOf(process.platform, process.env))}`
            : indented(withoutForeignFrames(output)) + configRemedy(output),
      });
    }
    return JSON.parse(text) as TestFileList;
  } finally {
    removeHandler();
    await rm(folder, { recursive: true, force: true });
  }
}

function listWithJest(directory: string, jestArgs: readonly string[], out: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [require.resolve('./list-process'), ...jestArgs], {
      cwd: directory,
      env: { ...process.env, [variableName('COLLECT')]: out },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
