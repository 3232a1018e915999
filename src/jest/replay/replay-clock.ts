/**
 * A reporter that sets the clock of a replay. Jest prints the time since `startTime`, and a replay takes no time: what
 * people want to know is how long the run took, which is as long as its longest node.
 *
 * It stands twice: before all other reporters, and after them, so that `--json` says when the run really began.
 */
import type { JestAggregatedResult, JestGlobalConfig } from '../shapes';
import { readReplay } from './replay-source';

type Clock = { -readonly [Key in 'startTime']: JestAggregatedResult[Key] };

class ReplayClock {
  readonly #isLast: boolean;

  constructor(_globalConfig: JestGlobalConfig, options: { readonly isLast: boolean }) {
    this.#isLast = options.isLast;
  }

  onRunStart(results: Clock): void {
    if (!this.#isLast) results.startTime = Date.now() - readReplay().durationMs;
  }

  onRunComplete(_contexts: unknown, results: Clock): void {
    const { startMs, durationMs } = readReplay();
    results.startTime = this.#isLast ? startMs : Date.now() - durationMs;
  }
}

export default ReplayClock;
