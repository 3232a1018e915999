/**
 * Which blobs are this run's: one run, one label, the newest attempt of every node.
 */
import { countOf, type Finding, HEAL, listNames, listNodes } from './finding';
import { isQueueRun, selectQueueBlobs } from './queue-selection';
import type { BlobSummary } from './summary';

export interface Expectations {
  /** Number of nodes that must have run, where the caller knows it. */
  readonly expectNodes?: number;
  readonly runId?: string;
  /** Null: the run without a label. Undefined: whatever label there is, if there is one only. */
  readonly label?: string | null;
}

export interface Selection {
  readonly runId: string | null;
  readonly label: string | null;
  /** Number of nodes the run should have; 0 where nothing tells. */
  readonly nodes: number;
  /** One for each node that left one, by node number; disabled ones are not among them. */
  readonly accepted: readonly BlobSummary[];
  /** Blobs of the run that switched the package off. */
  readonly disabled: readonly BlobSummary[];
  readonly findings: readonly Finding[];
}

const nodeOf = ({ metadata }: BlobSummary): number => metadata.node.number;
const nameLabel = (label: string | null): string => (label === null ? '(no label)' : label);

function mostCommon<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function selectRun(blobs: readonly BlobSummary[], pinned: string | undefined, findings: Finding[]): BlobSummary[] {
  const newest = blobs.reduce<BlobSummary | undefined>(
    (best, blob) => (best === undefined || blob.metadata.startMs > best.metadata.startMs ? blob : best),
    undefined,
  );
  const runId = pinned ?? newest?.metadata.run.id;
  const others = blobs.filter(({ metadata }) => metadata.run.id !== runId);
  for (const id of new Set(others.map(({ metadata }) => metadata.run.id))) {
    const stale = others.filter(({ metadata }) => metadata.run.id === id);
    findings.push({
      code: 'stale-blob',
      severity: 'warning',
      message: `${countOf(stale.length, 'blob')} of another run (${id}) left out: ${listNames(stale.map(({ path }) => path))}. Merged is run ${runId}${pinned === undefined ? ', the newest' : ''}.`,
      remedy: 'Empty the folder before the artifacts are fetched, or name the run with --run-id.',
      nodes: stale.map(nodeOf),
      items: stale.map(({ path }) => path),
    });
  }
  return blobs.filter(({ metadata }) => metadata.run.id === runId);
}

function selectLabel(
  blobs: readonly BlobSummary[],
  pinned: string | null | undefined,
  findings: Finding[],
): BlobSummary[] {
  const labels = [...new Set(blobs.map(({ metadata }) => metadata.label))];
  if (pinned !== undefined) return blobs.filter(({ metadata }) => metadata.label === pinned);
  if (labels.length <= 1) return [...blobs];
  findings.push({
    code: 'several-labels',
    severity: 'error',
    message: `The blobs are of ${labels.length} Jest runs, told apart by label: ${listNames(labels.map(nameLabel))}.`,
    remedy: 'Merge them one at a time: --label unit, --label integration, …',
    nodes: [],
    items: labels.map(nameLabel),
  });
  const [first = null] = labels;
  return blobs.filter(({ metadata }) => metadata.label === first);
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
    const says = others.map(({ metadata: { node } }) => `node ${node.number} of ${node.nodes} (from ${node.source})`);
    findings.push({
      code,
      severity: 'error',
      message: `${claim}, but ${listNames(says)} ${others.length === 1 ? 'is' : 'are'} there too.`,
      remedy: 'Give all nodes of a run the same number of nodes; blobs of another division cannot be merged.',
      nodes: others.map(nodeOf),
      items: others.map(({ path }) => path),
    });
  }
  return [nodes, blobs.filter(({ metadata }) => metadata.node.nodes === nodes)];
}

/** All blobs agree on a number that is not the expected one: that is one mistake, and the rest of the run can be proven. */
function reportOtherNumber(expected: number, common: number, blobs: readonly BlobSummary[]): Finding {
  const sources = [...new Set(blobs.map(({ metadata }) => metadata.node.source))];
  return {
    code: 'nodes-expected',
    severity: 'error',
    message: `A run of ${countOf(expected, 'node')} is expected (from --expect-nodes), but all blobs are of a run of ${countOf(common, 'node')} (from ${listNames(sources)}).`,
    remedy: 'Give the nodes and --expect-nodes the same number.',
    nodes: [],
    items: [],
  };
}

function isCopy(a: BlobSummary, b: BlobSummary): boolean {
  const [one, other] = [a.metadata, b.metadata];
  return one.startMs === other.startMs && one.jobId === other.jobId && one.host === other.host;
}

/** The newer of two blobs of one node replaces the older, unless they cannot have come one after the other. */
function replace(older: BlobSummary, newer: BlobSummary): Finding {
  const node = nodeOf(newer);
  const about = { nodes: [node], items: [older.path, newer.path] };
  const [before, after] = [older.metadata.run.attempt, newer.metadata.run.attempt];
  if (before !== after) {
    return {
      code: 'retried',
      severity: 'note',
      message: `Attempt ${after} of node ${node} replaces its attempt ${before}.`,
      remedy: '',
      ...about,
    };
  }
  if (isCopy(older, newer)) {
    return {
      code: 'duplicate-blob',
      severity: 'error',
      message: `The blob of node ${node} is there twice: ${older.path} and ${newer.path}.`,
      remedy: 'Remove one of them; if each came from a node of its own, their artifacts were mixed up.',
      ...about,
    };
  }
  const jobs = `job ${newer.metadata.jobId ?? 'unknown'} after job ${older.metadata.jobId ?? 'unknown'}`;
  if (newer.metadata.startMs >= older.lastMs) {
    return {
      code: 'superseded',
      severity: 'note',
      message: `Node ${node} ran twice under attempt ${after} (${jobs}); the later one counts.`,
      remedy: '',
      ...about,
    };
  }
  return {
    code: 'overlapping',
    severity: 'error',
    message: `Two jobs ran as node ${node} at the same time: ${older.path} and ${newer.path}.`,
    remedy: `Give every job its own node number (here it is from ${newer.metadata.node.source}).`,
    ...about,
  };
}

function selectAttempts(blobs: readonly BlobSummary[], findings: Finding[]): BlobSummary[] {
  const byAge = [...blobs].sort(
    (a, b) => a.metadata.run.attempt - b.metadata.run.attempt || a.metadata.startMs - b.metadata.startMs,
  );
  const accepted = new Map<number, BlobSummary>();
  for (const blob of byAge) {
    const older = accepted.get(nodeOf(blob));
    if (older !== undefined) findings.push(replace(older, blob));
    accepted.set(nodeOf(blob), blob);
  }
  return [...accepted.values()].sort((a, b) => nodeOf(a) - nodeOf(b));
}

function reportMissing(nodes: number, accepted: readonly BlobSummary[], disabled: readonly BlobSummary[]): Finding[] {
  const there = new Set(accepted.map(nodeOf));
  const off = new Set(disabled.map(nodeOf));
  const missing = Array.from({ length: nodes }, (_, index) => index + 1).filter((node) => !there.has(node));
  return missing.map((node) => ({
    code: 'missing-node',
    severity: 'error',
    message: off.has(node)
      ? `Node ${node} of ${nodes} left only a blob of a disabled run, which proves nothing.`
      : `The blob of node ${node} of ${nodes} is missing.`,
    remedy: `Look at that node's job: did it start, and was its report folder kept? ${HEAL}`,
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
      remedy:
        'Merge only runs that are distributed; a disabled node runs everything and its own exit code says how it went.',
      nodes: disabled.map(nodeOf),
      items: disabled.map(({ path }) => path),
    },
  ];
}

function selectShares(
  blobs: readonly BlobSummary[],
  expected: number | undefined,
  findings: Finding[],
): Pick<Selection, 'nodes' | 'accepted'> {
  const [nodes, divided] = selectNodes(blobs, expected, findings);
  return { nodes, accepted: selectAttempts(divided, findings) };
}

/** Chooses the blobs that count, and says why the others do not. */
export function selectBlobs(blobs: readonly BlobSummary[], expectations: Expectations): Selection {
  const findings: Finding[] = [];
  const ofRun = selectRun(blobs, expectations.runId, findings);
  const ofLabel = selectLabel(ofRun, expectations.label, findings);
  const disabled = ofLabel.filter(({ metadata }) => metadata.disabled !== null);
  const placed = ofLabel.filter(({ metadata }) => metadata.disabled === null);
  const queued = isQueueRun(placed) ? selectQueueBlobs(placed, expectations.expectNodes) : undefined;
  findings.push(...(queued?.findings ?? []));
  const { nodes, accepted } = queued ?? selectShares(placed, expectations.expectNodes, findings);
  const first = ofLabel[0]?.metadata;
  if (blobs.length > 0 && ofLabel.length === 0) {
    findings.push({
      code: 'no-blob',
      severity: 'error',
      message: `There is no blob of ${describePin(expectations)}, only of ${listNames(describeRuns(blobs))}.`,
      remedy: 'Check --run-id and --label, and that the artifacts of this run were fetched.',
      nodes: [],
      items: [],
    });
  }
  if (queued === undefined) findings.push(...reportMissing(nodes, accepted, disabled));
  findings.push(...reportDisabled(disabled, accepted));
  return { runId: first?.run.id ?? null, label: first?.label ?? null, nodes, accepted, disabled, findings };
}

function describePin({ runId, label }: Expectations): string {
  return [
    runId === undefined ? 'the run' : `run ${runId}`,
    label === undefined ? '' : `with the label ${nameLabel(label)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function describeRuns(blobs: readonly BlobSummary[]): string[] {
  return [
    ...new Set(blobs.map(({ metadata: { run, label } }) => `run ${run.id}${label === null ? '' : ` (${label})`}`)),
  ];
}
