/**
 * Runs one hook, module or command, within its time, and reads the variables that it gives.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';
import { isReservedVariable, isVariableName } from '../workers/env-templates';
import { type Hook, type HookName, isModuleHook } from '../workers/hook';
import { thrownText } from './failure';
import { exportNames, findFunction, loadModule } from './load-module';
import { outputBlock, readOutput, sizeOf } from './output';
import { FILES } from './protocol';
import { LimitExceeded, secondsText, withinLimit } from './time-limit';

/** The file that a command writes the variables to that it gives, a line `NAME=value` each. */
const ENV_FILE_VARIABLE = 'JEST_DISTRIBUTED_ENV_FILE';

export interface HookCall {
  readonly name: HookName;
  readonly hook: Hook;
  /** For whom, as the end of "workerSetup of …"; a clause. */
  readonly of: string;
  /** What a module gets. */
  readonly context: object;
  /** What a command finds in its environment, besides the process's own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limitMs: number;
  /** Of this process's journal. */
  readonly folder: string;
  /** No other call has it. */
  readonly id: string;
}

type Variables = Readonly<Record<string, string>>;

export const hookSubject = ({ name, hook, of }: Pick<HookCall, 'name' | 'hook' | 'of'>): string =>
  `${name} of ${of} (${hook.text}, from ${hook.source})`;

/**
 * @returns the variables that it gives; none for a teardown.
 * @throws DistributedError `HOOK_MISSING`, `HOOK_INVALID`, `HOOK_FAILED`, `HOOK_TIMEOUT`, `HOOK_VARIABLES`.
 */
export function runHook(call: HookCall): Promise<Variables> {
  return isModuleHook(call.hook.text) ? runModule(call) : runCommand(call);
}

async function runModule(call: HookCall): Promise<Variables> {
  const file = call.hook.text;
  checkHook(call);
  const log = path.join(call.folder, FILES.log);
  const from = sizeOf(log);
  try {
    const result = await withinLimit(call.limitMs, async () => {
      const namespace = await loadModule(file);
      const exported = findFunction(namespace, call.name);
      if (exported === null) throw invalid(call, exportNames(namespace));
      return exported(call.context);
    });
    return variablesOf(call, result);
  } catch (error) {
    if (error instanceof DistributedError) throw error;
    const output = readOutput(log, from);
    if (error instanceof LimitExceeded) throw tooLong(call, output);
    throw failed(call, `threw: ${thrownText(error)}`, output);
  }
}

async function runCommand(call: HookCall): Promise<Variables> {
  const output = path.join(call.folder, `output-${call.id}`);
  const envFile = path.join(call.folder, `env-${call.id}`);
  closeSync(openSync(envFile, 'w', 0o600));
  const fd = openSync(output, 'w', 0o600);
  const child = spawn(call.hook.text, {
    shell: true,
    cwd: call.cwd,
    env: { ...process.env, ...call.environment, [ENV_FILE_VARIABLE]: envFile },
    stdio: ['ignore', fd, fd],
    // A group of its own: what it has started goes with it where it takes too long.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  closeSync(fd);
  try {
    const end = await withinLimit(
      call.limitMs,
      () =>
        new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve, reject) => {
          child.on('error', reject);
          child.on('exit', (code, signal) => resolve({ code, signal }));
        }),
    );
    if (end.code === 127) throw missing(call, `the shell knows no such command (exit code 127)${shown(output)}`);
    if (end.signal !== null) throw failed(call, `was ended by ${end.signal}`, readOutput(output));
    if (end.code !== 0) throw failed(call, `ended with exit code ${end.code}`, readOutput(output));
    return readEnvFile(call, readFileSync(envFile, 'utf8'));
  } catch (error) {
    if (error instanceof DistributedError) throw error;
    if (!(error instanceof LimitExceeded)) throw failed(call, `could not be started: ${thrownText(error)}`, '');
    endGroup(child.pid);
    throw tooLong(call, readOutput(output));
  } finally {
    for (const file of [output, envFile]) rmSync(file, { force: true });
  }
}

const shown = (output: string): string => outputBlock(readOutput(output));

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

function readEnvFile(call: HookCall, text: string): Variables {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const entries = lines.map((line) => {
    const at = line.indexOf('=');
    if (at <= 0) throw variablesWrong(call, `wrote ${JSON.stringify(line)} to its file of variables`);
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  return checked(call, Object.fromEntries(entries));
}

function variablesOf(call: HookCall, result: unknown): Variables {
  if (result === undefined || result === null || call.name.endsWith('Teardown')) return {};
  if (typeof result !== 'object' || Array.isArray(result)) {
    throw variablesWrong(call, `returned ${Array.isArray(result) ? 'an array' : `a ${typeof result}`}`);
  }
  const entries = Object.entries(result);
  const wrong = entries.find(([, value]) => !['string', 'number', 'boolean'].includes(typeof value));
  if (wrong !== undefined) {
    const [name, value] = wrong;
    throw variablesWrong(call, `returned ${value === null ? 'null' : `a ${typeof value}`} as ${name}`);
  }
  return checked(call, Object.fromEntries(entries.map(([name, value]) => [name, String(value)])));
}

function checked(call: HookCall, variables: Variables): Variables {
  const wrong = Object.keys(variables).find((name) => !isVariableName(name) || isReservedVariable(name));
  if (wrong !== undefined) throw variablesWrong(call, `set ${JSON.stringify(wrong)}, which cannot be set`);
  return variables;
}

/** @throws DistributedError `HOOK_MISSING` where it is a module that is not there. */
export function checkHook(call: Pick<HookCall, 'name' | 'hook' | 'of'>): void {
  if (isModuleHook(call.hook.text) && !existsSync(call.hook.text)) throw missing(call, 'there is no such file');
}

function missing(call: Pick<HookCall, 'name' | 'hook' | 'of'>, why: string): DistributedError {
  return new DistributedError({
    code: 'HOOK_MISSING',
    message: `${hookSubject(call)} was not found: ${why}`,
    remedy:
      'Correct the setting. A module begins with ./, ../ or / and ends in .js, .mjs, .cjs or .ts; everything else is a command.',
  });
}

function invalid(call: HookCall, names: readonly string[]): DistributedError {
  return new DistributedError({
    code: 'HOOK_INVALID',
    message: `${hookSubject(call)} exports no function as the default, and none named ${call.name}. It exports ${names.length === 0 ? 'nothing' : names.join(', ')}.`,
    remedy: `Export one of these: export default async function (…) { … }, or export async function ${call.name}(…) { … }; CommonJS: module.exports = async (…) => { … }`,
  });
}

const lookAt = ({ hook }: HookCall): string =>
  isModuleHook(hook.text)
    ? 'the error above and the line of the module that it names'
    : 'what the command printed (above), or run it by itself in a shell, in the project folder';

function failed(call: HookCall, how: string, output: string): DistributedError {
  return new DistributedError({
    code: 'HOOK_FAILED',
    message: `${hookSubject(call)} ${how}${outputBlock(output)}`,
    remedy: call.name.endsWith('Setup')
      ? `Look at ${lookAt(call)}, and correct the hook. No test of this node was run.`
      : `Look at ${lookAt(call)}, correct the hook, and remove what it has left behind.`,
  });
}

function tooLong(call: HookCall, output: string): DistributedError {
  return new DistributedError({
    code: 'HOOK_TIMEOUT',
    message: `${hookSubject(call)} did not end within ${secondsText(call.limitMs)}.${outputBlock(output)}`,
    remedy: 'Correct it, or give it longer with --hook-seconds (JEST_DISTRIBUTED_HOOK_SECONDS).',
  });
}

function variablesWrong(call: HookCall, what: string): DistributedError {
  return new DistributedError({
    code: 'HOOK_VARIABLES',
    message: `${hookSubject(call)} ${what}.`,
    remedy: `A module returns an object with texts, numbers or truth values; a command appends lines NAME=value to the file that $${ENV_FILE_VARIABLE} names.`,
  });
}
