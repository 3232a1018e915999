/**
 * The second witness of a queue run: what the queue accepted must be what the blobs hold, item by item.
 */

import type { QueueNodeRecord } from '../blob/blob';
import type { BlobSummary, FileRun } from '../blob/blob-summary';
import { itemName, keyName } from '../blob/item-name';
import { fileKey, parseKey } from '../plan/item';
import type { AcceptedResult, BegunItem } from '../queue/queue';
import { countOf, type Finding, listNames, RUN_MISSING_HINT } from './finding';
import type { Proof } from './proof';

export interface QueueProof {
  readonly findings: readonly Finding[];
  /** Items with a result that counts in the queue. */
  readonly items: number;
  /** Of those, how many the blobs agree with. */
  readonly confirmed: number;
}

interface ReportedRun {
  readonly run: FileRun;
  readonly seat: QueueNodeRecord;
}

function reportedRuns(blobs: readonly BlobSummary[]): Map<string, ReportedRun> {
  const reported = new Map<string, ReportedRun>();
  for (const { metadata, runs } of blobs) {
    const seat = metadata.queue;
    if (!seat) continue;
    for (const run of runs) {
      const part = run.queue?.part ?? null;
      reported.set(fileKey(parseKey(run.key).file, part), { run, seat });
    }
  }
  return reported;
}

const nameOf = ({ file, part }: AcceptedResult): string => itemName(file, part);

function finding(code: Finding['code'], fact: string, names: readonly string[], remedy: string): Finding[] {
  if (names.length === 0) return [];
  return [
    {
      code,
      severity: 'error',
      message: `${countOf(names.length, 'item')} of the queue ${fact}: ${listNames(names)}.`,
      remedy,
      nodes: [],
      items: names,
    },
  ];
}

function compareOne({ run, seat }: ReportedRun, result: AcceptedResult): string | null {
  const name = nameOf(result);
  const { attempt = 1, claimNumber = 0, inherited = false } = run.queue ?? {};
  if (attempt !== result.attempt || claimNumber !== result.claimNumber) {
    return `${name} (attempt ${attempt}, claim ${claimNumber} in the blob of node ${seat.node}; attempt ${result.attempt}, claim ${result.claimNumber} in the queue)`;
  }
  if (!inherited && seat.node !== result.node) {
    return `${name} (in the blob of node ${seat.node}; by node ${result.node ?? 'unknown'} in the queue)`;
  }
  const passed = !run.failed;
  return passed === (result.outcome === 'passed')
    ? null
    : `${name} (${passed ? 'passed' : 'failed'} in the blob, ${result.outcome} in the queue)`;
}

/**
 * Compares blobs with what their queue accepted. Runs that another queue handed out (`merge --run-missing`) are left to
 * the proof from the blobs.
 *
 * @param accepted all accepted results of the run; null where the queue knows no such run.
 */
export function proveQueue(
  blobs: readonly BlobSummary[],
  accepted: readonly AcceptedResult[] | null,
  served: QueueNodeRecord['served'],
): QueueProof {
  const reported = reportedRuns(blobs);
  const seat = blobs.find(({ metadata }) => metadata.queue)?.metadata.queue;
  if (accepted === null) {
    const findings: Finding[] = [
      {
        code: 'queue-unknown',
        severity: 'error',
        message: `The queue has no run ${seat?.runId} of ${seat?.pipeline}, so it cannot confirm the blobs.`,
        remedy: 'Pass the database and schema of the nodes. "db prune" deletes old runs.',
        nodes: [],
        items: [],
      },
    ];
    return { findings, items: 0, confirmed: 0 };
  }
  const byKey = new Map(accepted.map((result) => [fileKey(result.file, result.part), result]));
  const unreported = accepted.filter(({ key, outcome }) => !reported.has(key) && outcome !== 'poison');
  const poison = accepted.filter(({ key, outcome }) => !reported.has(key) && outcome === 'poison');
  const ours = [...reported].filter(([, entry]) => entry.seat.served === served);
  const differing = ours.flatMap(([key, entry]) => {
    const result = byKey.get(key);
    const difference = result === undefined ? null : compareOne(entry, result);
    return difference === null ? [] : [difference];
  });
  const confirmed = accepted.filter((result) => {
    const entry = reported.get(fileKey(result.file, result.part));
    return entry !== undefined && entry.seat.served === served && compareOne(entry, result) === null;
  }).length;
  const findings = [
    ...finding(
      'queue-unreported',
      'have a result there, but are in no blob',
      unreported.map((result) => `${nameOf(result)} (by node ${result.node ?? 'unknown'})`),
      `The report folder of that node is missing, and the database does not have these results. ${RUN_MISSING_HINT} A re-run with --rerun all runs everything again.`,
    ),
    ...finding(
      'queue-poison',
      'killed every node that ran them',
      poison.map((result) => `${nameOf(result)} (last node ${result.node ?? 'unknown'})`),
      'Run the file alone and look at its memory, or at what ends its process, such as process.exit().',
    ),
    ...finding(
      'queue-unaccepted',
      'are in a blob, but have no accepted result there',
      ours.filter(([key]) => !byKey.has(key)).map(([key, entry]) => `${keyName(key)} (node ${entry.seat.node})`),
      'The blob is not of this run, or its node continued after it lost the database: run all nodes again.',
    ),
    ...finding(
      'queue-differs',
      'have another result in a blob',
      differing,
      'Make sure that all blobs and the database are of one run; if they are, please report it.',
    ),
  ];
  return { findings, items: accepted.length, confirmed };
}

/** The same proof where what never ran to its end, but was begun, is called so: it may be what took its node. */
export function nameBegun<P extends Proof>(proof: P, begun: readonly BegunItem[]): P {
  const nodeOf = new Map(begun.map(({ key, node }) => [keyName(key), node]));
  const findings = proof.verdict.findings.map((finding): Finding => {
    const names = finding.items.filter((name) => nodeOf.has(name));
    if (finding.code !== 'missing-items' || names.length === 0) return finding;
    const began = listNames(names.map((name) => `${name} (on node ${nodeOf.get(name)})`));
    return {
      ...finding,
      message: `${finding.message} Started, but not finished: ${began}.`,
      remedy: `If a file that was started never ends, or ends its node, correct it first. ${finding.remedy}`,
    };
  });
  return { ...proof, verdict: { ...proof.verdict, findings } };
}
