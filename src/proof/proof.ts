/**
 * The proof: every file found, and every test of split files, ran exactly once.
 *
 * It starts from what the nodes FOUND and not from the plan, so a mistake in the plan shows as well.
 */

import type { BlobSummary } from '../blob/blob-summary';
import { shownText } from '../blob/shown-text';
import { type Expectations, selectBlobs } from './choose-blobs';
import { commonPlan, compareNodes } from './compare-nodes';
import { type Finding, listNames } from './finding';
import { arrangeFindings } from './finding-order';
import { type MissingItem, proveItems } from './item-proof';
import { reportEnd } from './node-end';
import { reportNothingToRun } from './nothing-to-run';
import type { DatabaseWord } from './queue-answer';
import { proveTests } from './test-proof';

export type { Expectations } from './choose-blobs';

/** A blob that could not be read at all. */
export interface UnreadableBlob {
  readonly path: string;
  /** Fact and remedy, as the error says them. */
  readonly message: string;
  readonly remedy?: string;
}

export interface VerdictCounts {
  /** Nodes the run should have. */
  readonly nodes: number;
  /** Blobs that were there, of any run. */
  readonly blobs: number;
  /** Nodes with a blob that counts. */
  readonly accepted: number;
  /** Files and parts that had to run. */
  readonly items: number;
  readonly ranOnce: number;
  /** Tests with a result in the blobs that count. */
  readonly tests: number;
}

/** JSON through and through: `verify --json` prints it. */
export interface Verdict {
  readonly ok: boolean;
  readonly runId: string | null;
  readonly label: string | null;
  readonly findings: readonly Finding[];
  readonly counts: VerdictCounts;
  /** Null where no database handed out the files. */
  readonly database: DatabaseWord | null;
}

export interface Proof {
  readonly verdict: Verdict;
  /** Blobs that count, by node, with the runs in them that count: these are replayed. */
  readonly accepted: readonly BlobSummary[];
  /** Earlier results of these nodes that they replace: what failed there and passes now is flaky. */
  readonly replaced: readonly BlobSummary[];
  /** What never ran. */
  readonly missing: readonly MissingItem[];
}

function reportUnreadable(blobs: readonly UnreadableBlob[]): Finding[] {
  return blobs.map(({ path, message, remedy = '' }) => ({
    code: 'unreadable-blob',
    severity: 'error',
    message,
    remedy,
    nodes: [],
    items: [path],
  }));
}

function reportNothing(places: readonly string[]): Finding {
  return {
    code: 'no-blob',
    severity: 'error',
    message: `There is no blob in ${listNames(places)}.`,
    remedy: "Download the artifacts of all nodes first; each node's reporter writes one into its --report-dir.",
    nodes: [],
    items: [],
  };
}

/** A job that was run again may have ended badly the first time; what nobody ran is missing all the same. */
function downgrade(finding: Finding): Finding {
  if (finding.severity !== 'error' || finding.code === 'lost-lines' || finding.code === 'counts-differ') return finding;
  return {
    ...finding,
    severity: 'warning',
    remedy: 'There is a later attempt of this node, so this one does not count.',
  };
}

function reportUnprovable(blobs: readonly BlobSummary[]): Finding[] {
  return blobs.flatMap(({ path, metadata: { provable, node } }) =>
    provable.ok
      ? []
      : [
          {
            code: 'not-provable' as const,
            severity: 'error' as const,
            message: `Node ${node.number} does not count: ${provable.reason}.`,
            remedy: 'Run the nodes without it where the run must be proven.',
            nodes: [node.number],
            items: [path],
          },
        ],
  );
}

/** As people read them, the cause first. Texts of nodes are in their blobs with a sign in the place of the root. */
const shownFindings = (findings: readonly Finding[]): Finding[] =>
  arrangeFindings(findings).map((finding) => ({
    ...finding,
    message: shownText(finding.message),
    remedy: shownText(finding.remedy),
    items: finding.items.map(shownText),
  }));

/** Without a blob that counts nothing is proven, whatever else was found. */
function isProven(accepted: readonly BlobSummary[], findings: readonly Finding[]): boolean {
  return accepted.length > 0 && findings.every(({ severity }) => severity !== 'error');
}

/** The same proof with what another witness found. */
export function withFindings<P extends Proof>(proof: P, findings: readonly Finding[]): P {
  const { verdict } = proof;
  const ok = verdict.ok && findings.every(({ severity }) => severity !== 'error');
  return { ...proof, verdict: { ...verdict, ok, findings: shownFindings([...verdict.findings, ...findings]) } };
}

/**
 * The proof alone, without how its nodes ended: a node whose tests all ran and that was red for another reason, such as a
 * threshold, leaves nothing unproven.
 */
export function withoutRedNodes<P extends Proof>(proof: P): P {
  const { verdict } = proof;
  const findings = verdict.findings.map((finding) =>
    finding.code === 'node-red' ? { ...finding, severity: 'warning' as const } : finding,
  );
  return { ...proof, verdict: { ...verdict, ok: isProven(proof.accepted, findings), findings } };
}

/** A cancellation that came when every file was done or at work stopped nothing. */
function withoutLateCancel(findings: readonly Finding[]): Finding[] {
  const isLate = findings.every(({ severity, code }) => severity !== 'error' || code === 'queue-cancelled');
  return findings.map((finding) =>
    isLate && finding.code === 'queue-cancelled' && finding.severity === 'error'
      ? { ...finding, severity: 'warning', remedy: 'It came too late to stop anything: every file ran.' }
      : finding,
  );
}

/**
 * Proves one run from the summaries of its blobs.
 *
 * @param places where blobs were looked for, for the message when there is none.
 */
export function proveRun(
  blobs: readonly BlobSummary[],
  unreadable: readonly UnreadableBlob[],
  places: readonly string[],
  expectations: Expectations = {},
): Proof {
  const selection = selectBlobs(blobs, expectations);
  const { accepted, replaced, nodes } = selection;
  const plan = commonPlan(accepted);
  const items = proveItems(accepted, plan);
  const findings = shownFindings(
    withoutLateCancel([
      ...(blobs.length + unreadable.length === 0 ? [reportNothing(places)] : []),
      ...reportUnreadable(unreadable),
      ...selection.findings,
      ...accepted.flatMap((blob) => (blob.isReplaced ? reportEnd(blob).map(downgrade) : reportEnd(blob))),
      ...reportUnprovable(accepted),
      ...compareNodes(accepted),
      ...reportNothingToRun(accepted),
      ...items.findings,
      ...proveTests(accepted),
    ]),
  );
  return {
    accepted,
    replaced,
    missing: items.missing,
    verdict: {
      ok: isProven(accepted, findings),
      runId: selection.runId,
      label: selection.label,
      findings,
      database: null,
      counts: {
        nodes,
        blobs: blobs.length + unreadable.length,
        accepted: new Set(accepted.map(({ metadata }) => metadata.node.number)).size,
        items: items.due,
        ranOnce: items.ranOnce,
        tests: accepted.reduce((sum, { runs }) => sum + runs.reduce((tests, run) => tests + run.tests, 0), 0),
      },
    },
  };
}
