/**
 * Asks the project's own Jest where its root is, for commands that have Jest's arguments but run no tests.
 *
 * In a process of its own: a config may be a program, and it must not run twice in the one that replays.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { commandText, shellOf } from '../../shell/quote';
import { variableName } from '../channels/environment';
import { configRemedy, indented, withoutForeignFrames } from './error-text';
import { resolveJest } from './resolve-jest';

/** With these Jest answers before it reads a config, and the root is the same without them. */
const ANSWERS_AT_ONCE = /^(--version|-v|--help|-h|--init)$/;

/**
 * @param directory where the project is.
 * @param jestArgs what follows `--`.
 * @returns `globalConfig.rootDir`, absolute.
 * @throws DistributedError `JEST_NOT_FOUND`, `JEST_UNSUPPORTED`, or `ROOT_UNKNOWN` with what Jest said.
 */
export function readRootDir(directory: string, jestArgs: readonly string[]): string {
  // A Jest that is missing or not supported is named as that.
  resolveJest(directory);
  const folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-'));
  const out = path.join(folder, 'root');
  try {
    const args = jestArgs.filter((arg) => !ANSWERS_AT_ONCE.test(arg));
    const { stderr } = spawnSync(process.execPath, [require.resolve('./root-process'), ...args], {
      cwd: directory,
      env: { ...process.env, [variableName('ROOT')]: out },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    try {
      return readFileSync(out, 'utf8');
    } catch {
      throw new DistributedError({
        code: 'ROOT_UNKNOWN',
        message: `Jest could not read its config in ${directory}.`,
        remedy:
          stderr.trim() === ''
            ? `It printed nothing; try: ${commandText(['npx', 'jest', '--showConfig', ...jestArgs], shellOf(process.platform, process.env))}`
            : indented(withoutForeignFrames(stderr)) + configRemedy(stderr),
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
