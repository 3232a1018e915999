/**
 * Blobs of nodes that pulled from a queue: they add up, whoever ran what, and any number of nodes may have come.
 */
import type { BlobMetadata } from '../blob/blob';
import type { BlobSummary, FileRun } from '../blob/blob-summary';
import { keyName } from '../blob/item-name';
import { reportCopies, withoutCopies } from './blob-copies';
import { countOf, type Finding, listNames } from './finding';

export interface QueueSelection {
  /** Number of nodes that came, however often each was started. */
  readonly nodes: number;
  /** Numbered as their jobs are called, without the runs that later ones replace. */
  readonly accepted: readonly BlobSummary[];
  readonly findings: readonly Finding[];
}

type QueueBlob = BlobSummary & { readonly metadata: { readonly queue: NonNullable<BlobMetadata['queue']> } };

/** Whether these blobs are of a queue's nodes. */
export const isQueueRun = (blobs: readonly BlobSummary[]): boolean => blobs.some(({ metadata }) => metadata.queue);

const nameOf = ({ metadata }: QueueBlob): string => metadata.queue.node;

/** Names that are numbers in the order of numbers, then the others; within a name in the order of time. */
function compareStarts(a: QueueBlob, b: QueueBlob): number {
  const [one, other] = [Number(nameOf(a)), Number(nameOf(b))];
  if (one !== other && !(Number.isNaN(one) && Number.isNaN(other))) {
    if (Number.isNaN(one)) return 1;
    return Number.isNaN(other) ? -1 : one - other;
  }
  if (nameOf(a) !== nameOf(b)) return nameOf(a) < nameOf(b) ? -1 : 1;
  return a.metadata.run.attempt - b.metadata.run.attempt || a.metadata.startMs - b.metadata.startMs;
}

/** What was recovered completes a blob of the same session that was cut short. */
const sessionOf = (blob: QueueBlob): string => `${blob.metadata.queue.session}\0${blob.isRecovered === true}`;

/** The item of the queue that a run is of: a part of a file whose tests are placed by hash names itself only here. */
const itemOf = ({ key, queue }: FileRun): string => `${key}\0${queue?.part ?? ''}`;

/**
 * Drops what the queue did not accept: its node had lost the database, or was being stopped. Jest reported it, because
 * somebody waited for it, but another node is to run it.
 */
function dropUnsettled(blobs: readonly QueueBlob[], findings: Finding[]): QueueBlob[] {
  const settled = new Set(
    blobs.flatMap(({ runs }) => runs.filter(({ queue }) => queue !== null).map(({ key }) => key)),
  );
  return blobs.map((blob) => {
    const lost = blob.runs
      .filter(({ key, queue }) => queue === null && !settled.has(key))
      .map(({ key }) => keyName(key));
    if (lost.length > 0) {
      findings.push({
        code: 'queue-unsettled',
        severity: 'warning',
        message: `${countOf(lost.length, 'result')} of node ${nameOf(blob)} did not reach the queue, and ${lost.length === 1 ? 'does' : 'do'} not count: ${listNames(lost)}.`,
        remedy: 'Look for the reason in its log. Run the failed jobs again.',
        nodes: [],
        items: lost,
      });
    }
    return { ...blob, runs: blob.runs.filter(({ queue }) => queue !== null) };
  });
}

/** Whether one start of a node came after another: by its attempt, or, where a CI keeps that, by the id of its job. */
function isAfter({ metadata: a }: QueueBlob, { metadata: b }: QueueBlob): boolean {
  if (a.run.attempt !== b.run.attempt) return a.run.attempt > b.run.attempt;
  if (a.run.rerun !== 'job' || a.jobName !== b.jobName) return false;
  const [one, other] = [a.jobId, b.jobId].map((id) => (/^\d{1,30}$/.test(id ?? '') ? BigInt(id as string) : null));
  return one != null && other != null && one > other;
}

/** Marks what a later attempt of the same node follows. */
function markReplaced(blobs: readonly QueueBlob[]): QueueBlob[] {
  const byName = new Map<string, QueueBlob[]>();
  for (const blob of blobs) byName.set(nameOf(blob), [...(byName.get(nameOf(blob)) ?? []), blob]);
  return blobs.map((blob) => ({
    ...blob,
    isReplaced: (byName.get(nameOf(blob)) ?? []).some((other) => isAfter(other, blob)),
  }));
}

/** What a later attempt of the CI run replaces is dropped, and what a process reports of another that reported it itself. */
function dropReplaced(blobs: readonly QueueBlob[]): BlobSummary[] {
  const attempts = new Map<string, number>();
  const reported = new Set<FileRun>();
  for (const { runs } of blobs) {
    for (const run of runs)
      attempts.set(itemOf(run), Math.max(attempts.get(itemOf(run)) ?? 0, run.queue?.attempt ?? 1));
  }
  const isNewest = (run: FileRun) => (run.queue?.attempt ?? 1) === attempts.get(itemOf(run));
  const ownItems = new Set(
    blobs.flatMap(({ runs }) => runs.filter((run) => isNewest(run) && run.queue?.inherited !== true).map(itemOf)),
  );
  const inherited = new Set<string>();
  for (const { runs } of blobs) {
    for (const run of runs) {
      if (!isNewest(run)) continue;
      const item = itemOf(run);
      if (run.queue?.inherited === true) {
        if (ownItems.has(item) || inherited.has(item)) continue;
        inherited.add(item);
      }
      reported.add(run);
    }
  }
  return blobs.map((blob) => ({
    ...blob,
    runs: blob.runs.filter((run) => reported.has(run)),
    replacedRuns: blob.runs.filter((run) => !isNewest(run) && run.queue?.inherited !== true),
  }));
}

/**
 * A number for each name, as the jobs are called: a name that is a number keeps it, the others come after those in their
 * order.
 */
function numberNodes(blobs: readonly QueueBlob[]): Map<string, number> {
  const names = [...new Set(blobs.map(nameOf))];
  const isOwn = (name: string) => /^[1-9]\d{0,4}$/.test(name);
  const own = names.filter(isOwn).map(Number);
  const last = Math.max(0, ...own);
  const others = names.filter((name) => !isOwn(name));
  return new Map([
    ...own.map((number) => [String(number), number] as const),
    ...others.map((name, index) => [name, last + index + 1] as const),
  ]);
}

function reportNames(numbers: ReadonlyMap<string, number>): Finding[] {
  const named = [...numbers].filter(([name, number]) => name !== String(number));
  if (named.length === 0) return [];
  return [
    {
      code: 'queue-names',
      severity: 'note',
      message: `Nodes of the queue by number: ${listNames(named.map(([name, number]) => `${number} is ${name}`))}.`,
      remedy: '',
      nodes: [],
      items: named.map(([name]) => name),
    },
  ];
}

function reportCount(blobs: readonly QueueBlob[], expected: number | undefined): Finding[] {
  const names = new Set(blobs.map(nameOf));
  if (expected === undefined || names.size >= expected) return [];
  return [
    {
      code: 'nodes-expected',
      severity: 'error',
      message: `${countOf(expected, 'node')} are expected, but there are blobs of ${names.size}: ${listNames([...names])}.`,
      remedy: 'Look at the jobs of the others: did they start, and were their report folders kept?',
      nodes: [],
      items: [...names],
    },
  ];
}

/**
 * @param blobs of one run and label, disabled ones left out; at least one of them is of a queue.
 * @param expected number of nodes that must have come, where somebody knows it.
 */
export function selectQueueBlobs(blobs: readonly BlobSummary[], expected: number | undefined): QueueSelection {
  const findings: Finding[] = [];
  const planned = blobs.filter(({ metadata }) => !metadata.queue);
  if (planned.length > 0) {
    findings.push({
      code: 'queue-mixed',
      severity: 'error',
      message: `Some nodes pulled from a queue, and ${countOf(planned.length, 'node')} ran a planned share: ${listNames(planned.map(({ path }) => path))}.`,
      remedy: 'Give all nodes of a run the database URL, or none.',
      nodes: [],
      items: planned.map(({ path }) => path),
    });
  }
  const queued = blobs.filter((blob): blob is QueueBlob => Boolean(blob.metadata.queue));
  const { blobs: different, copies } = withoutCopies(queued, sessionOf, (blob) => `node ${nameOf(blob)}`);
  findings.push(...reportCopies(copies));
  const own = markReplaced(dropUnsettled(different.sort(compareStarts), findings));
  const numbers = numberNodes(own);
  const nodes = numbers.size;
  const accepted = dropReplaced(own).map((blob) => {
    const number = numbers.get(blob.metadata.queue?.node ?? '') ?? 1;
    return { ...blob, metadata: { ...blob.metadata, node: { ...blob.metadata.node, number, nodes } } };
  });
  return { nodes, accepted, findings: [...findings, ...reportNames(numbers), ...reportCount(own, expected)] };
}
