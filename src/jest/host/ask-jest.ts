/**
 * Asks the project's own Jest something that it knows once it has read its config.
 *
 * In a process of its own: a config may be a program, and it must not run twice in one that goes on.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onExit } from 'signal-exit';
import { DistributedError } from '../../errors';
import { commandText, shellOf } from '../../shell/quote';
import { variableName } from '../channels/environment';
import { configRemedy, indented, withoutForeignFrames } from './error-text';
import { resolveJest } from './resolve-jest';

interface JestRequest {
  /** Absolute path of the module that starts Jest and writes the answer into a file. */
  readonly script: string;
  /** Names that file. */
  readonly variable: 'COLLECT' | 'ROOT';
  /** Where the project is. */
  readonly directory: string;
  readonly jestArgs: readonly string[];
  readonly code: 'COLLECT_FAILED' | 'ROOT_UNKNOWN';
  /** What Jest could not do, the beginning of a sentence that goes on with the folder. */
  readonly failure: string;
  /** The flag of Jest with which a person can see what is wrong. */
  readonly flag: string;
}

/**
 * @returns the answer.
 * @throws DistributedError `JEST_NOT_FOUND`, `JEST_UNSUPPORTED`, or the code of the request with what Jest printed.
 */
export async function askJest({ directory, jestArgs, code, failure, flag, ...request }: JestRequest): Promise<string> {
  // A Jest that is missing or not supported is named as that.
  resolveJest(directory);
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // Ctrl-C ends the process here.
  const removeHandler = onExit(removeFolder);
  const file = path.join(folder, 'answer');
  try {
    const environment = { ...process.env, [variableName(request.variable)]: file };
    const printed = await start(request.script, jestArgs, directory, environment);
    return await readFile(file, 'utf8').catch(() => {
      const command = commandText(['npx', 'jest', flag, ...jestArgs], shellOf(process.platform, process.env));
      throw new DistributedError({
        code,
        message: `${failure} ${directory}.`,
        remedy:
          printed.trim() === ''
            ? `It printed nothing; try: ${command}`
            : indented(withoutForeignFrames(printed)) + configRemedy(printed),
      });
    });
  } finally {
    removeHandler();
    removeFolder();
  }
}

/** @returns what it printed on stderr. */
function start(script: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
    });
    child.on('error', reject);
    child.on('close', () => resolve(printed));
  });
}
