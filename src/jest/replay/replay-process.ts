/**
 * The process of a replay: the project's own Jest with the project's own reporters, given what the blobs hold.
 *
 * A process of its own, because what runs here may end it, run out of memory, or set its exit code. Whoever started it
 * (`files` and `cli` above) learns how Jest ended over a descriptor, and how the process did by its exit code.
 */
import { readFileSync, writeSync } from 'node:fs';
import { isDistributedError } from '../../errors';
import type { ReplayOutcome } from '../../proof/replay-outcome';
import { variableName } from '../channels/environment';
import { failureCauses, watchReporterErrors } from '../host/failure-causes';
import { resolveJest } from '../host/resolve-jest';
import { type JestEnd, runJest } from '../host/run-jest';
import { OUR_REPORTERS } from '../wire-global-config';
import { replaySettings } from './replay-settings';
import { parseReplay, publishReplay, REPLAY_OUTCOME_FD, type ReplaySource } from './replay-source';

function describeError(error: unknown): string {
  const text = isDistributedError(error) || error instanceof Error ? error.message : String(error);
  // It is put into a sentence.
  return text
    .replace(/^jest-distributed: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}

function outcomeOf(end: JestEnd, { replayed }: ReplaySource, reporterErrors: readonly string[]): ReplayOutcome {
  if ('error' in end) return { success: false, causes: [], error: describeError(end.error), ...replayed };
  const success = end.results.success !== false;
  return { success, causes: success ? [] : failureCauses(end.results, reporterErrors), error: null, ...replayed };
}

async function replay(): Promise<void> {
  const variable = variableName('REPLAY');
  const file = process.env[variable] as string;
  // Not for a Jest that a reporter starts.
  delete process.env[variable];
  const source = parseReplay(readFileSync(file, 'utf8'));
  publishReplay(source);
  const directory = process.cwd();
  const reporterErrors = watchReporterErrors(resolveJest(directory));
  await runJest(
    directory,
    process.argv.slice(2),
    (config) => replaySettings(config, source, OUR_REPORTERS),
    // Before Jest ends the process, as forceExit makes it.
    (end) => writeSync(REPLAY_OUTCOME_FD, JSON.stringify(outcomeOf(end, source, reporterErrors()))),
  );
}

replay().catch((error: unknown) => {
  const text = error instanceof Error || isDistributedError(error) ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
