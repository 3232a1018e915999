/** What is wrong with a quarantine, held against a run. */
import { countOf, type Finding, type FindingCode } from '../proof/finding';
import { removeEntry } from '../shell/quarantine-command';
import { entryName, isExpired, QUARANTINE_FILE, type QuarantineEntry } from './quarantine';
import { PASSES_ENOUGH, type Standing } from './quarantine-record';

/** What a run has seen of an entry. */
export interface EntrySight {
  readonly entry: QuarantineEntry;
  /** The file is in the checkout; null where nobody looked. */
  readonly isFileThere: boolean | null;
  /** The file ran, and all of its tests were seen. */
  readonly hasFileRun: boolean;
  /**
   * Everything ran that Jest finds, and the file is none of it: an error, and a warning where the run has a label, so
   * that another run of this package may have the file. Null: it ran, or not everything did.
   */
  readonly fileUnrun: Finding['severity'] | null;
  /** Tests of that name that were seen, by their status. */
  readonly statuses: readonly string[];
}

const finding = (
  code: FindingCode,
  severity: Finding['severity'],
  { message, remedy }: { readonly message: string; readonly remedy: string },
  entry: QuarantineEntry,
): Finding => ({ code, severity, message, remedy, nodes: [], items: [entryName(entry)] });

const EXTEND = `Correct the test, or give it another day in ${QUARANTINE_FILE} (until), where people see the change.`;

/** @param label of the run: with one it is one of several of its package. */
export const severityOfUnrun = (label: string | null | undefined): Finding['severity'] =>
  label == null ? 'error' : 'warning';

function aboutEntry({ entry, isFileThere, hasFileRun, fileUnrun, statuses }: EntrySight, today: string): Finding[] {
  const name = entryName(entry);
  const remedy = `Correct the name, or remove the entry: ${removeEntry(entry)}`;
  if (isExpired(entry, today)) {
    const message = `The quarantine of ${name} expired on ${entry.until} (owner ${entry.owner})`;
    return [
      finding(
        'quarantine-expired',
        'error',
        { message: `${message}; its failure decides again.`, remedy: EXTEND },
        entry,
      ),
    ];
  }
  if (isFileThere === false) {
    return [
      finding(
        'quarantine-unknown',
        'error',
        { message: `${QUARANTINE_FILE} names ${name}; that file does not exist.`, remedy },
        entry,
      ),
    ];
  }
  if (fileUnrun !== null) {
    return [
      finding(
        'quarantine-unknown',
        fileUnrun,
        { message: `${QUARANTINE_FILE} names ${name}; Jest runs no test file of that path.`, remedy },
        entry,
      ),
    ];
  }
  if (hasFileRun && statuses.length === 0) {
    return [
      finding(
        'quarantine-unknown',
        'error',
        { message: `${QUARANTINE_FILE} names ${name}; the file has no such test.`, remedy },
        entry,
      ),
    ];
  }
  if (statuses.length > 1) {
    const message = `${countOf(statuses.length, 'test')} have the name ${name}; a quarantine holds for one test, so it holds for none of them.`;
    return [finding('quarantine-ambiguous', 'error', { message, remedy: 'Give each test a name of its own.' }, entry)];
  }
  if (statuses.length === 1 && statuses[0] !== 'passed' && statuses[0] !== 'failed') {
    const message = `${name} is in quarantine and was skipped. A test in quarantine runs.`;
    return [
      finding(
        'quarantine-skipped',
        'warning',
        { message, remedy: `Let it run, or remove the entry: ${removeEntry(entry)}` },
        entry,
      ),
    ];
  }
  return [];
}

function aboutStanding({ entry, runs, isBroken, passesInARow }: Standing): Finding[] {
  const name = entryName(entry);
  if (isBroken) {
    const message = `${name} failed in each of its last runs (${runs} recorded): it is broken and not flaky.`;
    return [
      finding(
        'quarantine-broken',
        'error',
        { message, remedy: `Correct the test, or skip it in its file. Then remove the entry: ${removeEntry(entry)}` },
        entry,
      ),
    ];
  }
  if (passesInARow < PASSES_ENOUGH) return [];
  const message = `${name} is in quarantine and passed in its last ${passesInARow} runs.`;
  return [
    finding('quarantine-passes', 'warning', { message, remedy: `Remove the entry: ${removeEntry(entry)}` }, entry),
  ];
}

/** @param today day of the run, by UTC. */
export function proveQuarantine(
  sights: readonly EntrySight[],
  standings: readonly Standing[],
  today: string,
): readonly Finding[] {
  return [...sights.flatMap((sight) => aboutEntry(sight, today)), ...standings.flatMap(aboutStanding)];
}

/** Nodes held back what this checkout does not, or the other way round. */
export function compareQuarantine(own: string | null, nodes: readonly (string | null)[]): readonly Finding[] {
  const others = nodes.filter((digest) => digest !== own);
  if (others.length === 0) return [];
  const say = (digest: string | null | undefined) =>
    digest == null ? 'no quarantine' : `the quarantine ${digest.slice(0, 8)}`;
  return [
    {
      code: 'quarantine-differs',
      severity: 'error',
      message: `This checkout has ${say(own)}, but nodes ran with ${say(others[0])} (${QUARANTINE_FILE}).`,
      remedy: 'Merge in a checkout of the commit that the nodes had, with the same file.',
      nodes: [],
      items: [],
    },
  ];
}

/** What the findings say of the whole, a clause each, for its headline. */
export function quarantineProblems(findings: readonly Finding[]): string[] {
  const count = (code: FindingCode) => findings.filter((one) => one.code === code && one.severity === 'error').length;
  const expired = count('quarantine-expired');
  const unknown = count('quarantine-unknown');
  const ambiguous = count('quarantine-ambiguous');
  const broken = count('quarantine-broken');
  return [
    ...(broken > 0 ? [`${countOf(broken, 'quarantined test')} ${broken === 1 ? 'is' : 'are'} broken`] : []),
    ...(expired > 0 ? [`${countOf(expired, 'quarantine')} expired`] : []),
    ...(unknown > 0 ? [`the quarantine names ${countOf(unknown, 'unknown test')}`] : []),
    ...(ambiguous > 0 ? [`the quarantine names ${countOf(ambiguous, 'ambiguous test')}`] : []),
  ];
}
