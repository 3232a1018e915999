/**
 * A reporter before all others of a merge: failures of tests in quarantine are taken out of Jest's totals, as on the
 * nodes.
 */
import type { JestAggregatedResult, JestTest, JestTestResult } from '../host/jest-types';
import { createHeldFailures, type FailureCounts, type HeldFailures } from '../record/held-failures';
import { readReplay } from './replay-source';

class ReplayQuarantineReporter {
  readonly #failures: HeldFailures | undefined;

  constructor() {
    const { quarantine } = readReplay();
    if (quarantine === null) return;
    this.#failures = createHeldFailures(quarantine.quarantine, quarantine.projectDir, quarantine.today);
  }

  onTestFileResult(test: JestTest, result: JestTestResult, totals: JestAggregatedResult): void {
    this.#failures?.takeOut(test, result, totals as unknown as FailureCounts);
  }
}

export default ReplayQuarantineReporter;
