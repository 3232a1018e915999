/**
 * One result of every node: the newest attempt. Whether a second result under one attempt is a re-run is the CI's to
 * say; clocks of different machines decide nothing.
 */

import type { BlobSummary } from '../blob/blob-summary';
import { mergeAgain } from '../shell/merge-again';
import { removeCommand } from '../shell/remove-command';
import { suggestLabels } from './call-labels';
import { type Finding, listNames, listNodes } from './finding';

export interface AttemptChoice {
  /** One for each node that left one, by node number. */
  readonly accepted: readonly BlobSummary[];
  /** Earlier results of the same nodes and the same Jest call, which those replace. */
  readonly replaced: readonly BlobSummary[];
  readonly findings: readonly Finding[];
}

const nodeOf = ({ metadata }: BlobSummary): number => metadata.node.number;
const attemptOf = ({ metadata }: BlobSummary): number => metadata.run.attempt;

/** What two blobs of one node are to each other. */
export type Relation =
  /** `later` replaces the other. */
  { readonly kind: 'rerun'; readonly later: BlobSummary } | { readonly kind: 'overlap' | 'conflict' };

export function relate(one: BlobSummary, other: BlobSummary): Relation {
  const [a, b] = [one.metadata, other.metadata];
  if (a.run.rerun !== b.run.rerun || a.run.rerun === 'attempt') return { kind: 'conflict' };
  if (a.run.rerun === 'job') {
    const later = laterJob(one, other);
    return later === undefined ? { kind: 'conflict' } : { kind: 'rerun', later };
  }
  // A person starts it again on one machine, whose clock then orders the two.
  if (a.host !== b.host) return { kind: 'conflict' };
  if (beganAt(other) >= one.lastMs) return { kind: 'rerun', later: other };
  return beganAt(one) >= other.lastMs ? { kind: 'rerun', later: one } : { kind: 'overlap' };
}

/** Of two that were started at once the slower may come to its tests when the other has done its own. */
const beganAt = ({ metadata: { processStartMs, startMs } }: BlobSummary): number => processStartMs ?? startMs;

/** Of two jobs of one name the one with the greater id; undefined where they are not that. */
function laterJob(one: BlobSummary, other: BlobSummary): BlobSummary | undefined {
  const [a, b] = [one.metadata, other.metadata];
  const isNumber = (id: string | null): id is string => id !== null && /^\d{1,30}$/.test(id);
  if (a.jobName === null || a.jobName !== b.jobName || !isNumber(a.jobId) || !isNumber(b.jobId)) return undefined;
  const [left, right] = [BigInt(a.jobId), BigInt(b.jobId)];
  if (left === right) return undefined;
  return left > right ? one : other;
}

const jobText = ({ metadata: { jobName, jobId, host } }: BlobSummary): string => {
  const job = jobName ?? jobId;
  return job === null
    ? `on ${host}`
    : `job ${job}${jobName !== null && jobId !== null ? ` (${jobId})` : ''} on ${host}`;
};

/** The likely cause first: a CI that counts attempts, or names its jobs, would have identified a re-run or a variant. */
function adviceFor({ metadata: one }: BlobSummary, { metadata: other }: BlobSummary): string {
  const number = `give every job its own node number (here it is set by ${one.node.source})`;
  const rerun = 'if one is a re-run of the other, give it another --attempt (JEST_DISTRIBUTED_ATTEMPT)';
  const variants = 'if they are variants of a job, give each a --label (JEST_DISTRIBUTED_LABEL)';
  const isOneJob = one.jobName === other.jobName;
  const advice =
    isOneJob && one.run.rerun === 'attempt'
      ? [number, variants]
      : isOneJob && one.jobName !== null
        ? [number, rerun, variants]
        : [rerun, variants, `else ${number}`];
  const text = advice.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function report(one: BlobSummary, other: BlobSummary, relation: Relation): Finding {
  const node = nodeOf(one);
  const about = { nodes: [node], items: [one.path, other.path] };
  const { source } = one.metadata.node;
  switch (relation.kind) {
    case 'overlap':
      return {
        code: 'overlapping',
        severity: 'error',
        message: `Two jobs ran as node ${node} at the same time: ${one.path} and ${other.path}.`,
        remedy: `Give every job its own node number (here it is set by ${source}).`,
        ...about,
      };
    case 'conflict':
      return {
        code: 'node-twice',
        severity: 'error',
        message: `Node ${node} has two results under attempt ${attemptOf(one)}: ${one.path} (${jobText(one)}) and ${other.path} (${jobText(other)}).`,
        remedy: adviceFor(one, other),
        ...about,
      };
    case 'rerun': {
      const { later } = relation;
      const earlier = later === one ? other : one;
      return {
        code: 'superseded',
        severity: 'note',
        message: `Node ${node} ran twice under attempt ${attemptOf(one)} (${jobText(later)} after ${jobText(earlier)}); the later one counts.`,
        remedy: '',
        ...about,
      };
    }
  }
}

function newerAttempt(node: number, before: number, after: number, blobs: readonly BlobSummary[]): Finding {
  return {
    code: 'retried',
    severity: 'note',
    message: `Attempt ${after} of node ${node} replaces its attempt ${before}.`,
    remedy: '',
    nodes: [node],
    items: blobs.map(({ path }) => path),
  };
}

/** What one node left, and which of it counts. */
interface NodeChoice {
  readonly node: number;
  readonly blobs: readonly BlobSummary[];
  readonly chosen: BlobSummary;
}

/** The first blob of each call. */
const firstOfCalls = (blobs: readonly BlobSummary[]): BlobSummary[] => {
  const isSame = (one: BlobSummary, other: BlobSummary) => one.metadata.call.digest === other.metadata.call.digest;
  return blobs.filter((blob, index) => blobs.findIndex((other) => isSame(blob, other)) === index);
};

const laterStart = (one: BlobSummary, other: BlobSummary): BlobSummary =>
  (attemptOf(other) - attemptOf(one) || other.lastMs - one.lastMs) > 0 ? other : one;

/** Nodes that ran the same several calls are one mistake. */
function reportSeveralCalls(choices: readonly NodeChoice[]): Finding[] {
  const groups = new Map<string, NodeChoice[]>();
  for (const choice of choices) {
    const calls = new Set(choice.blobs.map(({ metadata }) => metadata.call.digest));
    if (calls.size < 2) continue;
    const key = [...calls].sort().join();
    groups.set(key, [...(groups.get(key) ?? []), choice]);
  }
  return [...groups.values()].map((group) => {
    const blobs = group.flatMap((choice) => choice.blobs);
    const calls = firstOfCalls(blobs);
    const args = calls.map(({ metadata }) => metadata.repeat?.jestArgs ?? []);
    const commands = suggestLabels(args).map((label, index) => `\n  ${mergeAgain(label, args[index] as string[])}`);
    const nodes = group.map(({ node }) => node);
    const latest = blobs.reduce(laterStart).metadata.call;
    const older = blobs.filter(({ metadata }) => metadata.call.digest !== latest.digest).map(({ path }) => path);
    const shown = new Set(group.map(({ chosen }) => chosen.metadata.call.text));
    return {
      code: 'several-calls',
      severity: 'error',
      message: `${listNodes(nodes).replace(/^n/, 'N')} ran ${calls.length} different Jest calls in this run: ${listNames(calls.map(({ metadata }) => metadata.call.text))}. Only one of them can be merged; the results shown are of: ${[...shown].join(', ')}.`,
      remedy: `Give each call a --label (JEST_DISTRIBUTED_LABEL) on its nodes, and merge each with its own, such as:${commands.join('')}\nOr, if only the latest call (${latest.text}) is meant, remove what earlier ones left:\n  ${removeCommand(older)}`,
      nodes,
      items: blobs.map(({ path }) => path),
    };
  });
}

/** Of the blobs of one node under one attempt the one that counts. */
function chooseWithin(blobs: readonly BlobSummary[], findings: Finding[]): BlobSummary {
  return blobs.reduce((chosen, blob) => {
    const relation = relate(chosen, blob);
    findings.push(report(chosen, blob, relation));
    return relation.kind === 'rerun' ? relation.later : chosen;
  });
}

/** Chooses one blob for every node; `blobs` are of one job and one number of nodes, no two of them copies. */
export function chooseAttempts(blobs: readonly BlobSummary[]): AttemptChoice {
  const findings: Finding[] = [];
  const replaced: BlobSummary[] = [];
  const choices: NodeChoice[] = [];
  const byNode = new Map<number, BlobSummary[]>();
  for (const blob of blobs) byNode.set(nodeOf(blob), [...(byNode.get(nodeOf(blob)) ?? []), blob]);
  const accepted = [...byNode].map(([node, own]) => {
    const attempts = [...new Set(own.map(attemptOf))].sort((a, b) => a - b);
    attempts.slice(1).forEach((after, index) => {
      findings.push(newerAttempt(node, attempts[index] as number, after, own));
    });
    const newest = own.filter((blob) => attemptOf(blob) === attempts.at(-1));
    // What another call left is no second result of this one.
    const call = newest[0]?.metadata.call.digest;
    const same = own.filter(({ metadata }) => metadata.call.digest === call);
    const chosen = chooseWithin(
      same.filter((blob) => newest.includes(blob)),
      findings,
    );
    replaced.push(
      ...same.filter(
        (blob) => blob !== chosen && (attemptOf(blob) < attemptOf(chosen) || relate(chosen, blob).kind === 'rerun'),
      ),
    );
    choices.push({ node, blobs: own, chosen });
    return chosen;
  });
  findings.push(...reportSeveralCalls(choices));
  return { accepted: accepted.sort((a, b) => nodeOf(a) - nodeOf(b)), replaced, findings };
}
