/**
 * What tests call of fixtures. Every test file that uses one loads this anew, in Jest's sandbox, and most find it ready: so
 * what only the others need is loaded where it is needed.
 */
import { readPosition } from '../workers/node-workers';
import { ask, BLOCKED_MS } from './ask';
import { type Fixture, type FixtureDefinition, isFixture, makeFixture } from './fixture';
import { sharedLimitMs } from './protocol';
import type { SetupSpec } from './setup-spec';

/** Names of variables, from Jest's main process to its workers. */
const SETUPS_VARIABLE = 'JDIST_INTERNAL_SETUPS';

/** Jest ends a hook after 5 s and does not name what it waited for, so a line names it before. */
const SLOW_MS = 4_000;

/** The file whose code calls the function that calls this. */
function callingFile(own: (...args: never[]) => unknown): string | null {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_, sites) => sites;
    const holder: { stack?: readonly NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, own);
    const name = holder.stack?.[0]?.getFileName() ?? null;
    return name?.startsWith('file:') ? process.getBuiltinModule('node:url').fileURLToPath(name) : name;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Defines what several tests need and is set up once: for each worker, for each node, or for the whole run. To be
 * exported by a module of its own, which runs outside of Jest too.
 *
 * @example
 * // database.js
 * const { defineFixture } = require('jest-distributed/worker');
 *
 * module.exports = defineFixture({
 *   scope: 'worker',
 *   setup: async ({ slot }) => ({ port: 4000 + slot }),
 *   teardown: async ({ port }) => {},
 * });
 */
export function defineFixture<Value>(definition: FixtureDefinition<Value>): Fixture<Value> {
  const { scope, setup, teardown } = (definition ?? {}) as Partial<Record<keyof FixtureDefinition<Value>, unknown>>;
  const wrong = ['worker', 'node', 'run'].includes(scope as string)
    ? typeof setup !== 'function'
      ? `setup is ${typeof setup}`
      : teardown !== undefined && typeof teardown !== 'function'
        ? `teardown is ${typeof teardown}`
        : null
    : `scope is ${JSON.stringify(scope)}`;
  if (wrong !== null) {
    const { invalidFixture } = require('./use-fixture-slowly') as typeof import('./use-fixture-slowly');
    throw invalidFixture(wrong);
  }
  return makeFixture(definition, callingFile(defineFixture));
}

/**
 * The value of a fixture. Who asks first has it set up; everybody else of its worker, node or run gets the same value.
 *
 * @param fixture what its module exports.
 * @throws DistributedError where its set-up failed: `FIXTURE_FAILED`, `FIXTURE_TIMEOUT`, `FIXTURE_VALUE`; or where it
 * cannot be set up: `FIXTURE_INVALID`, `FIXTURE_RUN_SCOPE`.
 */
export async function useFixture<Value>(fixture: Fixture<Value>): Promise<Value> {
  const found = isFixture(fixture)
    ? fixture
    : ((fixture as { default?: unknown } | undefined)?.default as typeof fixture);
  if (!isFixture(found) || found.file === null) {
    const { notFixture } = require('./use-fixture-slowly') as typeof import('./use-fixture-slowly');
    throw notFixture(fixture);
  }
  const { scope, file } = found;
  const spec = scope === 'run' ? specOfRun(file) : ownSpec();
  // Another node may be at it, and this one after it.
  const limitMs = scope === 'run' && spec.runScope.kind === 'queue' ? sharedLimitMs(spec.limitMs) : spec.limitMs;
  const { worker } = readPosition(process.env);
  const request = { op: 'fixture', file, scope, worker, pid: process.pid } as const;
  const timers = process.getBuiltinModule('node:timers');
  const notice = timers.setTimeout(() => {
    const { reportSlow } = require('./use-fixture-slowly') as typeof import('./use-fixture-slowly');
    reportSlow(file, scope);
  }, SLOW_MS);
  try {
    const response = await ask(spec.folder, request, limitMs + BLOCKED_MS);
    if (typeof response !== 'string' && response.ok) return response.value as Value;
    const { askSetups } = require('./use-fixture-slowly') as typeof import('./use-fixture-slowly');
    return (await askSetups(spec, request, limitMs, response)) as Value;
  } finally {
    timers.clearTimeout(notice);
  }
}

function ownSpec(): SetupSpec {
  const told = process.env[SETUPS_VARIABLE];
  if (told) return JSON.parse(told) as SetupSpec;
  const { plainSpec } = require('./use-fixture-slowly') as typeof import('./use-fixture-slowly');
  return plainSpec();
}

function specOfRun(file: string): SetupSpec {
  const own = ownSpec();
  switch (own.runScope.kind) {
    case 'this-process':
    case 'queue':
      return own;
    case 'parent':
      return JSON.parse(own.runScope.spec) as SetupSpec;
    case 'none': {
      const { noCoordinator } = require('./use-fixture-slowly') as typeof import('./use-fixture-slowly');
      throw noCoordinator(file, own);
    }
  }
}
