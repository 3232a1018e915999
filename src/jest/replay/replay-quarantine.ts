/**
 * A reporter before all others of a merge: failures of tests in quarantine are taken out of Jest's totals, as on the
 * nodes.
 */
import { nameInQuarantine } from '../../files/quarantine-file';
import type { JestAggregatedResult, JestTest, JestTestResult } from '../host/jest-types';
import { createHeldFailures, type FailureCounts, type HeldFailures } from '../record/held-failures';
import { fileOfTest, type ReplayQuarantine, readReplay } from './replay-source';

/** What is held back of the tests of a merge, whose projects are named as the nodes named them. */
export function heldInReplay({ quarantine, projectDir, today }: ReplayQuarantine): HeldFailures {
  return createHeldFailures(quarantine, today, (test) => ({
    file: nameInQuarantine(projectDir, test.path),
    project: fileOfTest(test).file.project,
  }));
}

class ReplayQuarantineReporter {
  readonly #failures: HeldFailures | undefined;

  constructor() {
    const { quarantine } = readReplay();
    if (quarantine === null) return;
    this.#failures = heldInReplay(quarantine);
  }

  onTestFileResult(test: JestTest, result: JestTestResult, totals: JestAggregatedResult): void {
    this.#failures?.takeOut(test, result, totals as unknown as FailureCounts);
  }
}

export default ReplayQuarantineReporter;
