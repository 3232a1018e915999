/**
 * Which job of a run is meant. Jobs are a hard partition: two packages, two variants of a matrix, two Jest runs with
 * labels never fill each other's gaps.
 */

import type { JobRecord } from '../blob/blob';
import type { BlobSummary } from '../blob/blob-summary';
import { mergeAgain } from '../shell/merge-again';
import { countOf, type Finding, listNames } from './finding';

export interface JobExpectation {
  /** Null: the job without a label. Undefined: nobody says. */
  readonly label?: string | null;
  /** The merge's own package; undefined where nobody knows. */
  readonly packageName?: string | null;
  /** Jest's root relative to the repository, where the merge was given one; it decides between jobs of one package. */
  readonly rootDir?: string | null;
}

interface Job extends Pick<JobRecord, 'packageName' | 'label'> {
  /** Those that the blobs name; a checkout without a repository names none. */
  readonly rootDirs: readonly string[];
  readonly blobs: readonly BlobSummary[];
}

export interface JobChoice {
  readonly blobs: readonly BlobSummary[];
  readonly findings: readonly Finding[];
}

function groupByJob(blobs: readonly BlobSummary[]): Job[] {
  const jobs = new Map<string, BlobSummary[]>();
  for (const blob of blobs) {
    const { packageName, label } = blob.metadata.job;
    const key = JSON.stringify([packageName, label]);
    jobs.set(key, [...(jobs.get(key) ?? []), blob]);
  }
  return [...jobs.values()].map((own) => {
    const [{ metadata }] = own as [BlobSummary];
    const rootDirs = new Set(own.map((blob) => blob.metadata.job.rootDir).filter((folder) => folder !== null));
    return { ...metadata.job, rootDirs: [...rootDirs].sort(), blobs: own };
  });
}

/** `package web, label unit`. */
function describeJob({ packageName, label }: Pick<JobRecord, 'packageName' | 'label'>): string {
  const of = packageName === null ? 'a package without a name' : `package ${packageName}`;
  return label === null ? of : `${of}, label ${label}`;
}

function severalJobs(jobs: readonly [Job, ...Job[]]): Finding {
  const packages = new Set(jobs.map(({ packageName }) => packageName));
  const labels = new Map(jobs.flatMap((job) => (job.label === null ? [] : [[job.label, job] as const])));
  const commands = [...labels].map(
    ([label, { blobs }]) => `\n  ${mergeAgain(label, blobs[0]?.metadata.repeat?.jestArgs ?? [])}`,
  );
  const where = packages.size > 1 ? ', each package in its own folder' : '';
  return {
    code: 'several-jobs',
    severity: 'error',
    message: `The blobs are of ${jobs.length} jobs of one run: ${listNames(jobs.map(describeJob))}. The results shown are of ${describeJob(jobs[0])}.`,
    remedy: `Merge them one at a time${where}${commands.length === 0 ? '.' : `:${commands.join('')}`}`,
    nodes: [],
    items: jobs.map(describeJob),
  };
}

const showRoot = (folder: string): string => (folder === '' ? "the repository's own folder" : folder);

function severalRoots(job: Job): Finding {
  return {
    code: 'several-jobs',
    severity: 'error',
    message: `The blobs of ${describeJob(job)} are of Jest runs in ${job.rootDirs.length} root folders: ${listNames(job.rootDirs.map(showRoot))}.`,
    remedy:
      'Give each of them a --label on its nodes and merge them one at a time; or pass the arguments of the nodes after "--": -- --config path/of/jest.config.js.',
    nodes: [],
    items: job.rootDirs.map(showRoot),
  };
}

/**
 * A job that stands in for the merge's own. What the nodes did not run shows in a whole suite; where they were asked for a
 * part of it, nobody would notice that all results of the own job are lost.
 */
function otherJob(job: Job, expectation: JobExpectation): Finding {
  const { packageName = null, label = null } = expectation;
  const isPart = job.blobs.some(
    ({ metadata: { planInputs, call } }) => planInputs.isFiltered === true || call.findsOthers === true,
  );
  return {
    code: 'other-job',
    severity: isPart ? 'error' : 'note',
    message: `All blobs are of one job, ${describeJob(job)}, which is not this one (${describeJob({ packageName, label })})${isPart ? ', and it ran a part of its tests' : '; it is merged'}.`,
    remedy: isPart
      ? 'Download the artifacts of this job. To merge the other one, pass its --label, or merge in the folder of its package.'
      : '',
    nodes: [],
    items: [describeJob(job)],
  };
}

function leftOut(jobs: readonly Job[]): Finding[] {
  if (jobs.length === 0) return [];
  const count = jobs.reduce((sum, { blobs }) => sum + blobs.length, 0);
  return [
    {
      code: 'other-job',
      severity: 'note',
      message: `${countOf(count, 'blob')} of other jobs of this run ignored: ${listNames(jobs.map(describeJob))}.`,
      remedy: '',
      nodes: [],
      items: jobs.flatMap(({ blobs }) => blobs.map(({ path }) => path)),
    },
  ];
}

function withinRoots(job: Job, rootDir: string | null | undefined): JobChoice {
  if (job.rootDirs.length <= 1) return { blobs: job.blobs, findings: [] };
  if (rootDir === undefined || rootDir === null || !job.rootDirs.includes(rootDir)) {
    return { blobs: job.blobs, findings: [severalRoots(job)] };
  }
  return { blobs: job.blobs.filter(({ metadata }) => metadata.job.rootDir === rootDir), findings: [] };
}

/** Takes the blobs of one job: the merge's own, or the only one there is. */
export function chooseJob(blobs: readonly BlobSummary[], expectation: JobExpectation): JobChoice {
  const { label, packageName, rootDir } = expectation;
  const all = groupByJob(blobs);
  const jobs = label === undefined ? all : all.filter((job) => job.label === label);
  const knowsOwn = packageName !== undefined;
  const own = jobs.find((job) => job.packageName === packageName && job.label === (label ?? null));
  const chosen = own ?? (jobs.length === 1 ? jobs[0] : undefined);
  if (chosen === undefined) {
    const [first, ...others] = jobs;
    if (first === undefined) return { blobs: [], findings: [] };
    return { blobs: first.blobs, findings: [severalJobs([first, ...others])] };
  }
  const { blobs: taken, findings } = withinRoots(chosen, rootDir);
  const isOther = own === undefined && knowsOwn;
  return {
    blobs: taken,
    findings: [
      ...findings,
      ...(isOther ? [otherJob(chosen, expectation)] : []),
      ...leftOut(all.filter((job) => job !== chosen)),
    ],
  };
}
