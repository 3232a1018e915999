/**
 * Which blobs are this run's: one run, one job, the newest attempt of every node.
 */

import type { BlobMetadata } from '../blob/blob';
import type { BlobSummary } from '../blob/blob-summary';
import { findNearest } from '../options/did-you-mean';
import { removeCommand } from '../shell/remove-command';
import { reportCopies, withoutCopies } from './blob-copies';
import { chooseAttempts } from './choose-attempts';
import { chooseJob, type JobExpectation } from './choose-job';
import { isQueueRun, selectQueueBlobs } from './choose-queue-blobs';
import { chooseRun, type RunExpectation } from './choose-run';
import { countOf, type Finding, listNames, listNodes, OWN_NUMBER, RUN_MISSING_HINT } from './finding';
import { findWholeRuns, isUnnumbered, reportUnnumberedRun, reportWholeRuns, setupText } from './whole-runs';

export interface Expectations extends RunExpectation, JobExpectation {
  /** Number of nodes that must have run, where the caller knows it. */
  readonly expectNodes?: number;
  /** Absolute path of a folder with what the database had kept. */
  readonly recoveredIn?: string;
}

export interface Selection {
  readonly runId: string | null;
  readonly label: string | null;
  /** Number of nodes the run should have; 0 where it is not known. */
  readonly nodes: number;
  /** One for each node that left one, by node number; disabled ones are not among them. */
  readonly accepted: readonly BlobSummary[];
  /** Earlier results of these nodes, which those replace. */
  readonly replaced: readonly BlobSummary[];
  /** Blobs of the run that switched the package off. */
  readonly disabled: readonly BlobSummary[];
  readonly findings: readonly Finding[];
}

const nodeOf = ({ metadata }: BlobSummary): number => metadata.node.number;
/** The greatest of those that are there most often: what was left over is more likely a run of one node. */
function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([one, a], [other, b]) => b - a || other - one)[0]?.[0];
}

function selectNodes(
  blobs: readonly BlobSummary[],
  expected: number | undefined,
  findings: Finding[],
): [number, BlobSummary[]] {
  const counts = blobs.map(({ metadata }) => metadata.node.nodes);
  const common = mostCommon(counts) ?? 0;
  if (expected !== undefined && expected !== common && new Set(counts).size === 1) {
    findings.push(reportOtherNumber(expected, common, blobs));
    return [common, [...blobs]];
  }
  const nodes = expected ?? common;
  const others = blobs.filter(({ metadata }) => metadata.node.nodes !== nodes);
  if (others.length > 0) {
    const [code, claim] =
      expected === undefined
        ? (['nodes-differ', `Most blobs are of a run of ${countOf(nodes, 'node')}`] as const)
        : (['nodes-expected', `A run of ${countOf(nodes, 'node')} is expected`] as const);
    const says = others.map(
      ({ path, metadata: { node } }) => `node ${node.number} of ${node.nodes} (${sourceText(node)}) in ${path}`,
    );
    const those = others.length === 1 ? 'it is' : 'they are';
    findings.push({
      code,
      severity: 'error',
      message: `${claim}, but ${listNames(says)} ${others.length === 1 ? 'exists' : 'exist'} too.`,
      remedy: `If ${those} left over from an earlier start, remove ${others.length === 1 ? 'it' : 'them'}:\n  ${removeCommand(others.map(({ path }) => path))}\nElse give all nodes of the run the same number of nodes; blobs of another number of nodes cannot be merged.`,
      nodes: others.map(nodeOf),
      items: others.map(({ path }) => path),
    });
  }
  return [nodes, blobs.filter(({ metadata }) => metadata.node.nodes === nodes)];
}

const sourceText = ({ nodes, source }: BlobMetadata['node']): string =>
  source === 'default' && nodes === 1 ? 'that job had no JEST_DISTRIBUTED_NODES' : `from ${source}`;

/** All blobs agree on a number that is not the expected one: that is one mistake, and the rest of the run can be proven. */
function reportOtherNumber(expected: number, common: number, blobs: readonly BlobSummary[]): Finding {
  const sources = [...new Set(blobs.map(({ metadata }) => metadata.node.source))];
  return {
    code: 'nodes-expected',
    severity: 'error',
    message: `A run of ${countOf(expected, 'node')} is expected (from --expect-nodes), but all blobs are of a run of ${countOf(common, 'node')} (from ${listNames(sources)}).`,
    remedy: blobs.every(isUnnumbered)
      ? `Set the number of each node; ${setupText(blobs[0]?.metadata.provider ?? null)}`
      : 'Give the nodes and --expect-nodes the same number.',
    nodes: [],
    items: [],
  };
}

/** Several jobs with one number look like re-runs of one node, where no CI distinguishes them. */
function reportSharedNumber(missing: readonly number[], starts: readonly BlobSummary[]): Finding {
  const counts = new Map<number, number>();
  for (const blob of starts) counts.set(nodeOf(blob), (counts.get(nodeOf(blob)) ?? 1) + 1);
  const counted = [...counts].map(([node, count]) => `node ${node} was started ${count} times`).join(', ');
  const sources = [...new Set(starts.map(({ metadata }) => metadata.node.source))];
  return {
    code: 'missing-node',
    severity: 'error',
    message: `${counted.replace(/^n/, 'N')}, and ${listNodes(missing)} never: ${OWN_NUMBER}`,
    remedy: `The number is set by ${listNames(sources)}. If ${listNodes([...counts.keys()])} was started again on purpose, start ${listNodes(missing)} too.`,
    nodes: missing,
    items: [],
  };
}

function reportMissing(
  nodes: number,
  { accepted, replaced }: Pick<Selection, 'accepted' | 'replaced'>,
  disabled: readonly BlobSummary[],
): Finding[] {
  // Where nothing counts, that is the finding.
  if (accepted.length === 0) return [];
  const there = new Set(accepted.map(nodeOf));
  const off = new Set(disabled.map(nodeOf));
  const missing = Array.from({ length: nodes }, (_, index) => index + 1).filter((node) => !there.has(node));
  const again = replaced.filter(({ metadata: { run, node } }) =>
    accepted.some(
      ({ metadata }) =>
        run.rerun === 'person' && metadata.node.number === node.number && metadata.run.attempt === run.attempt,
    ),
  );
  if (missing.length > 0 && again.length > 0) return [reportSharedNumber(missing, again)];
  return missing.map((node) => ({
    code: 'missing-node',
    severity: 'error',
    message: off.has(node)
      ? `Node ${node} of ${nodes} left only a blob of a disabled run, which does not count.`
      : `The blob of node ${node} of ${nodes} is missing.`,
    remedy: `Look at that node's job: did it start, and was its report folder kept? ${RUN_MISSING_HINT}`,
    nodes: [node],
    items: [],
  }));
}

function reportDisabled(disabled: readonly BlobSummary[], accepted: readonly BlobSummary[]): Finding[] {
  if (disabled.length === 0) return [];
  const sources = [...new Set(disabled.map(({ metadata }) => metadata.disabled?.source ?? ''))];
  return [
    {
      code: 'disabled',
      severity: accepted.length === 0 ? 'error' : 'warning',
      message: `jest-distributed was disabled on ${listNodes(disabled.map(nodeOf))} (from ${listNames(sources)}): what ran there is not counted.`,
      remedy: 'Merge only distributed runs. A disabled node runs everything; its own exit code is the result.',
      nodes: disabled.map(nodeOf),
      items: disabled.map(({ path }) => path),
    },
  ];
}

function selectShares(
  all: readonly BlobSummary[],
  expected: number | undefined,
  findings: Finding[],
): Pick<Selection, 'nodes' | 'accepted' | 'replaced'> {
  const { blobs, copies } = withoutCopies(
    all,
    ({ metadata: { blobId, run, node } }) => `${blobId}\0${node.number}\0${run.attempt}`,
    (blob) => `node ${nodeOf(blob)}`,
  );
  findings.push(...reportCopies(copies));
  const whole = findWholeRuns(blobs);
  if (whole.length > 0) {
    // One mistake, one finding: neither the number of nodes nor the number of each is another.
    findings.push(...reportWholeRuns(whole));
    return { nodes: 1, accepted: whole.slice(0, 1), replaced: [] };
  }
  if (expected === undefined) findings.push(...reportUnnumberedRun(blobs));
  const [nodes, divided] = selectNodes(blobs, expected, findings);
  const { accepted, replaced, findings: about } = chooseAttempts(divided);
  findings.push(...about);
  return { nodes, accepted, replaced };
}

/** Chooses the blobs that count, and says why the others do not. */
export function selectBlobs(blobs: readonly BlobSummary[], expectations: Expectations): Selection {
  const run = chooseRun(blobs, expectations);
  const job = chooseJob(run.blobs, expectations);
  const findings: Finding[] = [...run.findings, ...job.findings];
  const disabled = job.blobs.filter(({ metadata }) => metadata.disabled !== null);
  const placed = job.blobs.filter(({ metadata }) => metadata.disabled === null);
  const queued = isQueueRun(placed) ? selectQueueBlobs(placed, expectations.expectNodes) : undefined;
  findings.push(...(queued?.findings ?? []));
  const { nodes, accepted, replaced } =
    queued === undefined
      ? selectShares(placed, expectations.expectNodes, findings)
      : // Every blob of a queue's node counts; what is replaced in it stands there.
        { ...queued, replaced: [] };
  const first = job.blobs[0]?.metadata;
  if (blobs.length > 0 && first === undefined) {
    findings.push({
      code: 'no-blob',
      severity: 'error',
      message: `There is no blob ${describePin(expectations)}. There are only blobs of ${listNames(describeRuns(blobs))}.`,
      remedy: run.blobs.length === 0 ? OTHER_RUN : otherLabel(run.blobs, expectations.label ?? null),
      nodes: [],
      items: [],
    });
  }
  if (queued === undefined) findings.push(...reportMissing(nodes, { accepted, replaced }, disabled));
  findings.push(...reportDisabled(disabled, accepted));
  return {
    runId: first?.run.id ?? null,
    label: first?.job.label ?? null,
    nodes,
    accepted,
    replaced,
    disabled,
    findings,
  };
}

const OTHER_RUN = 'Download the artifacts of this run; if another one is meant, name it with --run-id.';

/** The run is there, under other labels. */
function otherLabel(blobs: readonly BlobSummary[], label: string | null): string {
  const labels = [...new Set(blobs.flatMap(({ metadata }) => metadata.job.label ?? []))].sort();
  const nearest = label === null ? null : findNearest(label, labels);
  if (nearest !== null) return `Did you mean --label ${nearest}?`;
  const isPlain = blobs.some(({ metadata }) => metadata.job.label === null);
  return labels.length === 0
    ? 'Remove --label, or give the nodes the same label.'
    : `Labels there: ${labels.join(', ')}${isPlain ? ', and none' : ''}. Name one with --label, or download the artifacts of the one that is meant.`;
}

function describePin({ runId, runSource, label }: Expectations): string {
  return [
    runId === undefined ? '' : `of run ${runId}${runSource === undefined ? '' : ` (from ${runSource})`}`,
    label === undefined ? '' : label === null ? 'without a label' : `with the label ${label}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function describeRuns(blobs: readonly BlobSummary[]): string[] {
  return [
    ...new Set(
      blobs.map(({ metadata: { run, job } }) => `run ${run.id}${job.label === null ? '' : ` (label ${job.label})`}`),
    ),
  ];
}
