/** The whole verdict in one sentence. */
import { countErrors, everyItemRan, type Finding, isOfOtherCheckout } from '../../proof/finding';
import type { Verdict } from '../../proof/proof';
import { databaseText } from '../../proof/queue-answer';
import { countOf, formatCount } from '../terminal/format';
import type { ReportTotals, ReportVerdict, TestOutcome } from './run-report';

export interface VerdictFacts {
  readonly proof: Verdict;
  readonly totals: ReportTotals;
  /** What failed outside any test. */
  readonly problems: readonly string[];
  /** Exit code of the replaying Jest; null where nothing was replayed. */
  readonly exitCode: number | null;
}

const severities = ['error', 'warning', 'note'];

export function judge({ proof, totals, problems, exitCode }: VerdictFacts, findingItems: number): ReportVerdict {
  const hasFailed = totals.failed > 0 || totals.failedFiles > 0;
  // What the replay met again, and what the caller saw of its nodes, comes before what the nodes reported of themselves.
  const known = problems.length > 0 ? [...problems] : proof.findings.filter(isRedNode).map(clauseOf);
  if (!hasFailed && known.length === 0 && exitCode !== null && exitCode !== 0) {
    known.push(`Jest ended with exit code ${exitCode}`);
  }
  // What failed, or ended badly, when every item had run is a failure, whatever else it leaves open.
  const isWhole = proof.ok || (everyItemRan(proof.findings) && (hasFailed || known.length > 0));
  const outcome: TestOutcome = !isWhole ? 'unproven' : hasFailed || known.length > 0 ? 'failed' : 'passed';
  const findings = [...proof.findings]
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .map((finding) => ({ ...finding, items: finding.items.slice(0, findingItems) }));
  return {
    ok: outcome === 'passed',
    outcome,
    headline: headlineOf(outcome, totals, known, proof),
    findings,
    counts: proof.counts,
    database: databaseText(proof.database),
    problems: known,
  };
}

const isRedNode = ({ code, severity }: Finding): boolean => code === 'node-red' && severity === 'error';

/** `node 2 ended with exit code 1`: of the finding's sentence what stands before the first comma. */
const clauseOf = ({ message }: Finding): string => message.split(',', 1).join('').replace(/^N/, 'n');

function headlineOf(outcome: TestOutcome, totals: ReportTotals, problems: readonly string[], proof: Verdict): string {
  const failures = failuresOf(totals);
  if (outcome === 'unproven') {
    const errors = countErrors(proof.findings);
    const why = errors > 0 ? ` (${countOf(errors, 'problem')})` : '';
    const also = failures === '' ? '' : `; ${failures}`;
    if (isOfOtherCheckout(proof.findings)) return `The nodes ran another version of the code than is here${also}.`;
    return `Not every test is known to have run exactly once${why}${also}.`;
  }
  if (outcome === 'failed') return failures === '' ? `Every test passed, but ${shortList(problems)}.` : `${failures}.`;
  const nothing = proof.findings.find(({ code }) => code === 'nothing-to-run');
  if (nothing !== undefined) return nothing.message;
  if (totals.tests === 0) return 'There was no test to run.';
  const left = totals.skipped + totals.todo;
  const held = totals.quarantined ?? 0;
  const passed =
    left === 0 && held === 0 && totals.passed > 1
      ? `All ${countOf(totals.passed, 'test')} passed`
      : `${countOf(totals.passed, 'test')} passed`;
  const skipped = left === 0 ? '' : `, ${formatCount(left)} skipped or todo`;
  const failed = held === 0 ? '' : `, ${formatCount(held)} in quarantine failed`;
  const files = totals.files === 1 ? '1 file' : `each of ${countOf(totals.files, 'file')}`;
  return `${passed}${skipped}${failed}: ${files} ran exactly once.`;
}

/** At most two problems: one for each file under a threshold would be no headline. */
function shortList(problems: readonly string[]): string {
  const hidden = problems.length - 2;
  return [...problems.slice(0, 2), ...(hidden > 0 ? [`${countOf(hidden, 'more problem')}`] : [])].join('; ');
}

/** `3 of 120 tests failed in 2 files, 1 file failed to run`, or '' where nothing failed. */
function failuresOf({ failed, tests, failedFiles, brokenFiles }: ReportTotals): string {
  const inFiles = countOf(failedFiles - brokenFiles, 'file');
  return [
    ...(failed > 0 ? [`${formatCount(failed)} of ${countOf(tests, 'test')} failed in ${inFiles}`] : []),
    ...(brokenFiles > 0 ? [`${countOf(brokenFiles, 'file')} failed to run`] : []),
  ].join(', ');
}
