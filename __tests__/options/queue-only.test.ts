/** What only a queue acts on, in a run without one. */
import { expect, test } from '@jest/globals';
import { idleQueueVariables, refuseQueueFlags } from '../../src/options/queue-only';
import { type RawOptions, resolveOptions } from '../../src/options/resolve';

const refuse = (flags: Readonly<Record<string, unknown>>) => () =>
  refuseQueueFlags(resolveOptions({ flags, environment: {} }), null);
const idle = (environment: RawOptions['environment'], values = {}) =>
  idleQueueVariables(resolveOptions({ environment, configFile: { path: 'a.json', values } }));

test.each([
  [{ 'max-retries': '1' }, '--max-retries needs the queue'],
  [{ 'lease-seconds': '30', rerun: 'all' }, '--rerun and --lease-seconds need the queue'],
  [{ 'node-name': 'ada' }, '--node-name needs the queue'],
  [{ 'database-schema': 'mine' }, '--database-schema needs the queue'],
])('%j is an error', (flags, text) => expect(refuse(flags)).toThrow(text));

test('what a run without a queue does anyway is none', () => {
  expect(refuse({ 'max-retries': '0', nodes: '2' })).not.toThrow();
  expect(idle({ JEST_DISTRIBUTED_MAX_RETRIES: '0' })).toBeNull();
});

test('a variable is mentioned, and a config file is not', () => {
  expect(idle({ JEST_DISTRIBUTED_LEASE_SECONDS: '5' })).toBe(
    'JEST_DISTRIBUTED_LEASE_SECONDS is set, but has no effect without the queue, and JEST_DISTRIBUTED_DATABASE_URL is not set',
  );
  expect(idle({}, { maxRetries: 2 })).toBeNull();
});
