/**
 * What the proof has to say: values, of which only the command line makes an exit code.
 */

export type Severity =
  /** The run is not proven. */
  | 'error'
  /** Worth a look; every test did run exactly once. */
  | 'warning'
  /** How it went. */
  | 'note';

export type FindingCode =
  | 'no-blob'
  | 'unreadable-blob'
  | 'stale-blob'
  | 'run-unknown'
  | 'several-jobs'
  | 'other-job'
  | 'several-calls'
  | 'node-twice'
  | 'calls-differ'
  | 'changes-differ'
  | 'file-versions-differ'
  | 'configs-differ'
  | 'settings-differ'
  | 'checkout-differs'
  | 'not-run-here'
  | 'nodes-expected'
  | 'nodes-differ'
  | 'whole-runs'
  | 'missing-node'
  | 'retried'
  | 'superseded'
  | 'overlapping'
  | 'duplicate-blob'
  | 'incomplete'
  | 'interrupted'
  | 'bailed'
  | 'node-red'
  | 'counts-differ'
  | 'lost-lines'
  | 'run-error'
  | 'foreign-coverage'
  | 'disabled'
  | 'not-provable'
  | 'inputs-differ'
  | 'plans-differ'
  | 'files-differ'
  | 'environments-differ'
  | 'nothing-to-run'
  | 'no-test-matches'
  | 'nothing-differs'
  | 'missing-items'
  | 'file-failed'
  | 'doubled-items'
  | 'unknown-items'
  | 'moved-items'
  | 'unplanned-items'
  | 'tests-differ'
  | 'tests-unaccounted'
  | 'missing-tests'
  | 'doubled-tests'
  | 'stray-tests'
  | 'queue-names'
  | 'queue-unsettled'
  | 'queue-mixed'
  | 'queue-cancelled'
  | 'queue-unasked'
  | 'queue-unknown'
  | 'queue-unreported'
  | 'queue-unaccepted'
  | 'queue-differs'
  | 'queue-poison'
  | 'quarantine-differs'
  | 'quarantine-expired'
  | 'quarantine-unknown'
  | 'quarantine-ambiguous'
  | 'quarantine-skipped'
  | 'quarantine-broken'
  | 'quarantine-passes';

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The fact with its values, as one or more lines. */
  readonly message: string;
  /** What to do about it; empty for notes. */
  readonly remedy: string;
  /** Nodes (1-based) it is about. */
  readonly nodes: readonly number[];
  /** Files, parts or tests it is about, all of them, as people read them. */
  readonly items: readonly string[];
  /** Code of the finding that this one comes of; people read it below that one. */
  readonly cause?: FindingCode;
}

/** Findings with what comes of each. */
export interface FoldedFinding {
  readonly finding: Finding;
  readonly consequences: readonly Finding[];
}

/** In their order. */
export function foldFindings(findings: readonly Finding[]): FoldedFinding[] {
  const causes = findings.filter(({ cause }) => cause === undefined);
  return causes.map((finding) => {
    const isFirst = causes.find(({ code }) => code === finding.code) === finding;
    return { finding, consequences: isFirst ? findings.filter(({ cause }) => cause === finding.code) : [] };
  });
}

/** Errors that are to be corrected: what comes of them is none of its own. */
export const countErrors = (findings: readonly Finding[]): number =>
  findings.filter(({ severity, cause }) => severity === 'error' && cause === undefined).length;

/**
 * What to do about a node whose results are missing. Not a `run` command: only the plan in the other nodes' blobs is sure
 * to give the same share again.
 */
export const RUN_MISSING_HINT =
  'Run what is missing here, by the plan in the other blobs, and prove again: npx jest-distributed merge --run-missing';

/** What to do about a node whose process ended itself in the midst of its tests: run again, they end that one too. */
export const EXIT_HINT =
  'Look for process.exit() in its tests and in the code that they run, correct it, and run the nodes again.';

/** How the message ends where several jobs took one node's number. */
export const OWN_NUMBER = 'give every job its own node number.';

/** What makes a run red, and not unproven: every item was run all the same. */
const RED: ReadonlySet<FindingCode> = new Set([
  'file-failed',
  'node-red',
  'quarantine-expired',
  'quarantine-unknown',
  'quarantine-ambiguous',
  'quarantine-broken',
]);

/**
 * Every item was run, though files may have failed to, or nodes ended badly after them: such a run failed, and its
 * durations are those of a whole one.
 */
export function everyItemRan(findings: readonly Finding[]): boolean {
  return findings.every(({ severity, code }) => severity !== 'error' || RED.has(code));
}

/** All that is wrong is where the blobs are read: the nodes' run is whole. */
export const isOfOtherCheckout = (findings: readonly Finding[]): boolean =>
  countErrors(findings) > 0 &&
  findings.every(({ severity, code }) => severity !== 'error' || code === 'checkout-differs');

const HEAL_COMMAND = 'npx jest-distributed merge --run-missing';

/** The same finding with the command that finds these blobs. @param command quoted for a shell. */
export function withHealCommand(finding: Finding, command: string): Finding {
  return { ...finding, remedy: finding.remedy.replaceAll(HEAL_COMMAND, () => command) };
}

/** At most this many names in a message; `items` has them all. */
const SHOWN = 5;

/** `a, b, c, d, e and 7 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

/** Lines of a difference that a message shows. */
const SHOWN_LINES = 8;

/** Lines of a difference below the sentence that they belong to; the first few of many. */
export function indentLines(lines: readonly string[]): string {
  const rest = lines.length - SHOWN_LINES;
  const shown = [...lines.slice(0, SHOWN_LINES), ...(rest > 0 ? [`… and ${rest} more`] : [])];
  return shown.map((line) => `\n    ${line}`).join('');
}

/** `node 3`, `nodes 1, 2 and 4`. */
export function listNodes(nodes: readonly number[]): string {
  const sorted = [...new Set(nodes)].sort((a, b) => a - b);
  if (sorted.length === 1) return `node ${sorted[0]}`;
  return `nodes ${sorted.slice(0, -1).join(', ')} and ${sorted.at(-1)}`;
}

/** `1 file`, `2 files`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
