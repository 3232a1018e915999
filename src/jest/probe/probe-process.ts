/**
 * The process of a probe: the project's own Jest over files in a given order. Nothing is reported, stored or written but
 * what each test did, over a descriptor.
 */
import { readFileSync } from 'node:fs';
import { isDistributedError } from '../../errors';
import { variableName } from '../channels/environment';
import type { JestGlobalConfig } from '../host/jest-types';
import { type JestEnd, runJest } from '../host/run-jest';
import { endWithParent } from '../record/local-parent';
import { type ProbeOrder, publishProbe } from './probe-order';
import { writeLine } from './probe-reporter';

const SEQUENCER = require.resolve('./probe-sequencer');
const REPORTER = require.resolve('./probe-reporter');

const probeSettings = (config: JestGlobalConfig): JestGlobalConfig => ({
  ...config,
  testSequencer: SEQUENCER,
  reporters: [[REPORTER, {}]],
  // Each of these stops, narrows or writes something.
  bail: 0,
  collectCoverage: false,
  coverageThreshold: undefined,
  onlyFailures: false,
  shard: undefined,
  watch: false,
  watchAll: false,
  json: false,
  outputFile: undefined,
  notify: false,
  detectOpenHandles: false,
  // A snapshot that is not there yet is not for a probe to write.
  updateSnapshot: 'none',
});

const textOf = (error: unknown): string =>
  isDistributedError(error) || error instanceof Error ? error.message : String(error);

async function probe(): Promise<void> {
  const variable = variableName('PROBE');
  const file = process.env[variable] as string;
  // Not for a Jest that a test starts.
  delete process.env[variable];
  endWithParent();
  publishProbe(JSON.parse(readFileSync(file, 'utf8')) as ProbeOrder);
  await runJest(process.cwd(), process.argv.slice(2), probeSettings, (end: JestEnd) => {
    writeLine({ kind: 'end', error: 'error' in end ? textOf(end.error) : null });
    // What tests have left open must not keep the next probe waiting.
    process.exit(0);
  });
}

probe().catch((error: unknown) => {
  writeLine({ kind: 'end', error: textOf(error) });
  process.exitCode = 1;
});
