/**
 * The quarantine on a node: its failures do not decide how Jest ends. A node that is the whole run also checks the
 * entries; where there are others only the merge has seen all tests.
 */
import { withCode } from '../../errors';
import { isFileOfEntry, nameInQuarantine } from '../../files/quarantine-file';
import { stderrTerminal } from '../../files/standard-terminals';
import { proveQuarantine, quarantineProblems, severityOfUnrun } from '../../flaky/prove-quarantine';
import { dayOf, entryName, isExpired, withoutSharedFiles } from '../../flaky/quarantine';
import { createSightings } from '../../flaky/sightings';
import { heldLines } from '../../reports/node/held-lines';
import { isFiltered } from '../host/filters';
import type { JestAggregatedResult, JestGlobalConfig, JestTest, JestTestResult } from '../host/jest-types';
import { printLines, printNotice } from '../planning/print-share';
import { quarantineOf } from '../planning/quarantine';
import type { RunState } from '../planning/run-state';
import {
  createHeldFailures,
  type FailureCounts,
  type HeldTest,
  type QuarantineNameOf,
  quarantineFileOf,
} from './held-failures';
import { endRedFor } from './own-faults';

export interface NodeQuarantine {
  /** Takes its failures out of Jest's totals, as soon as Jest has counted them. */
  takeOut(test: JestTest, result: JestTestResult, totals: JestAggregatedResult | undefined): void;
  /** Whether a test is in quarantine today. */
  names(test: { readonly path: string }, fullName: string): boolean;
  /** A copy of the result without the failed tests that do not decide. */
  withoutHeld(test: JestTest, result: JestTestResult): JestTestResult;
  /** Prints what was held back, and ends the process red where an entry is wrong. */
  end(isQuiet: boolean): void;
}

/** This node is all there is of the run: nobody else will check the entries. */
const isWholeRun = ({ mode, identity }: RunState): boolean => mode.kind === 'share' && identity.nodes === 1;

/** Undefined where the project has no quarantine, and where nothing is distributed. */
export function createNodeQuarantine(state: RunState, config: JestGlobalConfig): NodeQuarantine | undefined {
  const { mode, folders } = state;
  if (mode.kind === 'disabled' || mode.kind === 'watch') return undefined;
  const { quarantine } = quarantineOf(folders.projectDir);
  if (quarantine.tests.length === 0) return undefined;
  const today = dayOf(Date.now());
  const nameOf = (file: string): string => nameInQuarantine(folders.projectDir, file);
  const entryNameOf: QuarantineNameOf = (test) => ({
    file: nameOf(test.path),
    project: state.fileOf(test)?.project ?? null,
  });
  // One path for each project that has it.
  const found = state.testPaths.map(nameOf);
  const holding = withoutSharedFiles(quarantine, (file) => found.filter((name) => name === file).length);
  const failures = createHeldFailures(holding, today, entryNameOf);
  const held: HeldTest[] = [];
  const sightings = createSightings(quarantine);
  const isWhole = isWholeRun(state) && !isFiltered(config, process.argv);
  // Also of files that were chosen by their paths all tests are seen.
  const hasAllTests = isWholeRun(state) && !config.testNamePattern;

  const check = () => {
    const sights = quarantine.tests.map((entry) => ({
      entry,
      isFileThere: isFileOfEntry(folders.projectDir, entry.file),
      hasFileRun: hasAllTests && sightings.hasSeen(entry.file) === true,
      statuses: hasAllTests ? sightings.statusesOf(entry) : [],
      fileUnrun: isWhole && !found.includes(entry.file) ? severityOfUnrun(state.options.label?.value) : null,
    }));
    const findings = proveQuarantine(sights, [], today);
    for (const { severity, message, code, remedy } of findings) {
      printNotice([`${severity}: ${withCode(message, code)}`, remedy]);
    }
    endRedFor(quarantineProblems(findings));
  };

  return {
    takeOut(test, result, totals) {
      sightings.see(quarantineFileOf(entryNameOf(test), result));
      held.push(...failures.takeOut(test, result, totals as unknown as FailureCounts | undefined));
    },
    names: ({ path: file }, fullName) =>
      holding.tests.some((entry) => entry.test === fullName && entry.file === nameOf(file) && !isExpired(entry, today)),
    withoutHeld(test, result) {
      const own = failures.of(test, result);
      if (own.size === 0) return result;
      const testResults = result.testResults.filter((_, index) => !own.has(index));
      return { ...result, testResults, numFailingTests: result.numFailingTests - own.size };
    },
    end(isQuiet) {
      if (isQuiet) return;
      const shown = held.map(({ entry }) => ({ name: entryName(entry), ...entry }));
      printLines(heldLines(shown, stderrTerminal()));
      if (isWholeRun(state)) check();
    },
  };
}
