/**
 * Sets up and tears down one fixture: a module whose only fixture it is.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';
import { thrownText } from './failure';
import { type Fixture, type FixtureContext, isFixture } from './fixture';
import type { FixtureScope } from './journal';
import { exportNames, exportsOf, loadModule } from './load-module';
import { outputBlock, readOutput, sizeOf } from './output';
import { FILES } from './protocol';
import { LimitExceeded, secondsText, withinLimit } from './time-limit';

export interface FixtureCall {
  /** Absolute path of its module. */
  readonly file: string;
  readonly scope: FixtureScope;
  /** What its functions get. */
  readonly context: FixtureContext;
  readonly limitMs: number;
  /** Of this process's journal. */
  readonly folder: string;
}

export const fixtureSubject = ({ file, scope }: Pick<FixtureCall, 'file' | 'scope'>): string =>
  `The fixture ${file} (scope ${scope})`;

/** @throws DistributedError `FIXTURE_MISSING`, `FIXTURE_FAILED`, `FIXTURE_TIMEOUT`, `FIXTURE_VALUE`. */
export async function setUpFixture(call: FixtureCall): Promise<unknown> {
  const value = await run(call, 'setup', async ({ setup }) => setup(call.context));
  const wrong = findNoJson(value, 'the value');
  if (wrong !== null) throw noJson(call, wrong);
  return value;
}

/** @throws DistributedError as {@link setUpFixture}. */
export async function tearDownFixture(call: FixtureCall, value: unknown): Promise<void> {
  await run(call, 'teardown', async ({ teardown }) => teardown?.(value, call.context));
}

async function run<Result>(
  call: FixtureCall,
  what: 'setup' | 'teardown',
  work: (fixture: Fixture) => Promise<Result>,
): Promise<Result> {
  const log = path.join(call.folder, FILES.log);
  const from = sizeOf(log);
  try {
    return await withinLimit(call.limitMs, async () => work(await findFixture(call)));
  } catch (error) {
    if (error instanceof DistributedError) throw error;
    const output = readOutput(log, from);
    if (error instanceof LimitExceeded) throw tooLong(call, what, output);
    throw failed(call, what, thrownText(error), output);
  }
}

async function findFixture(call: FixtureCall): Promise<Fixture> {
  if (!existsSync(call.file)) throw missing(call, 'is not there any more');
  const namespace = await loadModule(call.file);
  const fixtures = new Set(exportsOf(namespace).filter(isFixture));
  const [fixture] = fixtures;
  if (fixture === undefined) {
    const names = exportNames(namespace).join(', ') || 'nothing';
    throw missing(call, `exports no fixture where it is loaded without Jest. It exports ${names}`);
  }
  if (fixtures.size > 1) throw missing(call, `exports ${fixtures.size} fixtures`);
  return fixture;
}

/** Where a value holds what JSON would lose or change; null where it is the same on the other side. */
function findNoJson(value: unknown, at: string, above: ReadonlySet<unknown> = new Set()): string | null {
  if (value === undefined && above.size === 0) return null;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${at} is ${value}`;
  if (typeof value !== 'object') return `${at} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  if (above.has(value)) return `${at} holds itself`;
  const inner = new Set(above).add(value);
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) {
      const wrong = findNoJson(one, `${at}[${index}]`, inner);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return `${at} is an object of the class ${value.constructor?.name ?? '?'}`;
  for (const [name, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const wrong = findNoJson(one, `${at}.${name}`, inner);
    if (wrong !== null) return wrong;
  }
  return null;
}

function missing(call: FixtureCall, why: string): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_MISSING',
    message: `${fixtureSubject(call)} ${why}.`,
    remedy:
      'Keep each fixture in a module of its own that exports it and nothing else: module.exports = defineFixture({ … })',
  });
}

function failed(call: FixtureCall, what: string, error: string, output: string): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_FAILED',
    message: `${fixtureSubject(call)} failed: its ${what} threw ${error}${outputBlock(output)}`,
    remedy:
      'Look at the error above and the line of the module that it names. It runs outside of Jest, once for all: without mocks, globals or transforms of the tests.',
  });
}

function tooLong(call: FixtureCall, what: string, output: string): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_TIMEOUT',
    message: `${fixtureSubject(call)} failed: its ${what} did not end within ${secondsText(call.limitMs)}.${outputBlock(output)}`,
    remedy: 'Correct it, or give it longer with --hook-seconds (JEST_DISTRIBUTED_HOOK_SECONDS).',
  });
}

function noJson(call: FixtureCall, wrong: string): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_VALUE',
    message: `${fixtureSubject(call)} gave what is no JSON: ${wrong}.`,
    remedy:
      'Return what tests need to connect, such as a URL: the value goes to other processes, and open connections cannot.',
  });
}
