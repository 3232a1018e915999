/**
 * A reporter that sets the clock of a replay. Jest prints the time since `startTime`, and a replay takes no time: what
 * people want to know is how long the run took, which is as long as its longest node.
 *
 * It stands before all other reporters. When the run really began, for Jest's `--json`, the sequencer says after them:
 * Jest's own summary comes last of all reporters, wherever it is named.
 */
import type { JestAggregatedResult } from '../host/jest-types';
import { readReplay } from './replay-source';

type Clock = { -readonly [Key in 'startTime']: JestAggregatedResult[Key] };

class ReplayClock {
  onRunStart(results: Clock): void {
    results.startTime = Date.now() - readReplay().durationMs;
  }

  onRunComplete(_contexts: unknown, results: Clock): void {
    results.startTime = Date.now() - readReplay().durationMs;
  }
}

export default ReplayClock;
