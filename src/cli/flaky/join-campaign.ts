/** Joins this node to a campaign of `grind` in the queue: a run of its own pipeline, whose items are the files to grind. */
import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { toPortable } from '../../blob/portable-paths';
import { DistributedError } from '../../errors';
import { hashChanges, readContents } from '../../files/contents';
import { loadOptions } from '../../files/load-options';
import { readPackageName } from '../../files/package-name';
import { listTestFiles, type TestFileList } from '../../jest/host/list-test-files';
import { commitOf, testedBranch } from '../../jest/planning/commit';
import { identifyNode } from '../../node/identity';
import { missingRunIdText, type Run } from '../../node/run';
import { pickFlags } from '../../options/flags';
import type { Options } from '../../options/resolve';
import { type OptionName, optionRow } from '../../options/table';
import { fileKey, type TestFile } from '../../plan/item';
import { hasPglite } from '../../postgres/client/pglite-client';
import { databaseTarget } from '../../postgres/database-target';
import { openPgliteQueue } from '../../postgres/open-queue';
import { openQueue } from '../../postgres/queue-target';
import { estimateEntries } from '../../queue/history-estimates';
import { campaignPipeline, pipelineName } from '../../queue/pipeline';
import { packContents } from '../../queue/plan-difference';
import { changesDigest } from '../../queue/plan-entries';
import {
  DEFAULT_QUEUE_LIMITS,
  type JoinRequest,
  type JsonObject,
  type PlanInputs,
  type Queue,
  type QueueSession,
} from '../../queue/queue';
import { countOf } from '../../reports/terminal/format';
import type { Arguments } from '../command-line/command';
import { printLine } from '../database/database-session';
import { LOCAL_QUEUE_PATH, localQueueNotice } from '../database/local-queue';
import type { GrindArguments } from './grind-arguments';

export const CAMPAIGN_OPTIONS = [
  ...(['databaseUrl', 'databaseSchema', 'runId', 'attempt', 'nodes', 'nodeNumber', 'nodeIndex'] as const),
  ...(['nodeName', 'label', 'leaseSeconds', 'rerun'] as const),
] as const satisfies readonly OptionName[];

export interface JoinedCampaign {
  readonly queue: Queue;
  readonly session: QueueSession;
  /** How many nodes are expected; a node that is alone takes all files. */
  readonly nodes: number;
  /** All files of the campaign. */
  readonly files: number;
  /** From the working directory, as the files were found; undefined where this node has no such file. */
  readonly pathOf: (key: string) => string | undefined;
  /** Some files of the campaign that stand next to one. */
  readonly around: (file: string) => readonly string[];
  /** The form of a text that all checkouts have. */
  readonly toPortable: (text: string) => string;
  readonly close: () => Promise<void>;
}

/** Hours of one file are no fault, and whoever dies is known by its heartbeat: the longest that the database can hold. */
const NO_FILE_LIMIT_MS = 2 ** 31 - 1;

interface Position {
  readonly run: Run;
  /** The run has an id by itself, which nobody else knows. */
  readonly isNew: boolean;
  readonly nodes: number;
  readonly node: string;
  readonly job: JoinRequest['job'];
}

/** Nodes of a queue need no numbers, so how many there are may be all that is said. */
function positionOf(options: Options): Position {
  const { nodes: counted, nodeNumber, nodeIndex, nodeName } = options;
  const hasNumber = nodeNumber !== undefined || nodeIndex !== undefined;
  const count = !hasNumber && typeof counted?.value === 'number' ? counted : undefined;
  const identity = identifyNode(count === undefined ? options : { ...options, nodes: undefined }, process.env);
  const { run, jobName, jobId } = identity;
  const nodes = count === undefined ? identity.nodes : Number(count.value);
  const isNew = run.source === 'default';
  const { flag, variable } = optionRow('nodes');
  // A config file says how many nodes a run has; whoever grinds by hand is none of them.
  const isSaid = count === undefined || [`--${flag}`, variable].includes(count.source);
  if (isNew && nodes > 1 && isSaid) throw runIdMissing(nodes, count?.source ?? identity.source, run);
  // A CI's node has one name in all attempts; by hand there may be several on one machine.
  const own = run.rerun === 'person' ? `${hostname()}-${process.pid}` : hostname();
  return {
    run: isNew ? { ...run, id: `grind-${new Date().toISOString().replace(/[:.]/g, '-')}` } : run,
    isNew,
    nodes: isNew ? 1 : nodes,
    node: nodeName?.value ?? (identity.nodes > 1 ? String(identity.number) : own),
    job: run.rerun === 'job' && jobName !== null && jobId !== null ? { name: jobName, id: jobId } : null,
  };
}

function runIdMissing(nodes: number, source: string, run: Run): DistributedError {
  return new DistributedError({
    code: 'QUEUE_RUN_ID_MISSING',
    message: `${nodes} nodes (from ${source}) are to share a campaign, but ${missingRunIdText(run)}.`,
    remedy:
      'Give all of them the same new --run-id (JEST_DISTRIBUTED_RUN_ID), such as the commit and the time; or leave the number out to grind all files here.',
  });
}

/** What nodes must have alike: the outcome of a file must not depend on who ground it. */
function settingsOf(own: GrindArguments, commit: string | null): JsonObject {
  const { times, conditions, failOn, jestArgs } = own;
  return {
    times,
    condition: conditions.join(','),
    'fail-on': failOn.join(','),
    'arguments of Jest': jestArgs.join(' '),
    commit,
  };
}

interface CampaignFile {
  readonly key: string;
  readonly file: TestFile;
  /** From the working directory. */
  readonly path: string;
}

/** In the order of their keys. What two projects have is ground once, in both, and so belongs to none of them. */
function campaignFiles({ files, rootPaths, testPaths }: TestFileList): CampaignFile[] {
  const found = new Map<string, CampaignFile>();
  testPaths.forEach((testPath, index) => {
    const file = found.has(testPath) ? { project: null, path: rootPaths[index] as string } : (files[index] as TestFile);
    found.set(testPath, { key: fileKey(file), file, path: path.relative(process.cwd(), testPath) });
  });
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Of an own folder most likely. */
const MOST_AROUND = 3;

function nextTo(file: string, sorted: readonly string[]): readonly string[] {
  const first = Math.max(0, Math.min(sorted.indexOf(file) - 1, sorted.length - 1 - MOST_AROUND));
  return sorted.slice(first, first + MOST_AROUND + 1).filter((other) => other !== file);
}

/** Contents of the files, and what is changed in the checkout. */
async function readInputs(
  root: string,
  files: readonly CampaignFile[],
  settings: JsonObject,
  isByHand: boolean,
): Promise<PlanInputs> {
  const contents = await readContents(
    root,
    files.map((file) => path.resolve(file.path)),
  );
  // A CI may write into its checkouts, each in its own way; a person goes on working in the one there is.
  const changed = isByHand ? await hashChanges(contents) : {};
  return { settings, contents: packContents(contents.names), configs: {}, changed };
}

function digestOf(files: readonly CampaignFile[], inputs: PlanInputs, tree: string | null): string {
  const { settings, contents } = inputs;
  const text = JSON.stringify([files.map(({ key }) => key), settings, contents, tree]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

interface OpenedQueue {
  readonly queue: Queue;
  /** Of which other machines ask too. */
  readonly isShared: boolean;
}

async function openCampaignQueue(options: Options, projectDir: string): Promise<OpenedQueue> {
  const target = databaseTarget(options);
  if (target !== null) return { queue: await openQueue(target, printLine), isShared: true };
  const notice = hasPglite() ? localQueueNotice(projectDir, options) : null;
  if (notice !== null) printLine(notice);
  return { queue: await openPgliteQueue(path.join(projectDir, LOCAL_QUEUE_PATH)), isShared: false };
}

/** Whether the campaign is one of a queue: a database is set, or `--queue` given. */
export async function asksQueue(argv: Arguments): Promise<boolean> {
  const flags = pickFlags(argv, CAMPAIGN_OPTIONS);
  const { options } = await loadOptions({ flags, environment: process.env, rootDir: null });
  return argv.queue === true || databaseTarget(options) !== null;
}

/**
 * @param targets files to grind, as paths from the working directory.
 * @throws DistributedError `QUEUE_RUN_ID_MISSING`, `QUEUE_PLAN_DIFFERS`, `QUEUE_TREE_DIFFERS`, `PGLITE_MISSING`, and what
 * opening the database throws.
 */
export async function joinCampaign(
  argv: Arguments,
  own: GrindArguments,
  targets: readonly string[],
): Promise<JoinedCampaign> {
  const flags = pickFlags(argv, CAMPAIGN_OPTIONS);
  // Their names in the history are those of the suite, so that both can be compared.
  const list = await listTestFiles(process.cwd(), [...own.jestArgs, '--runTestsByPath', ...targets]);
  const { options, folders } = await loadOptions({ flags, environment: process.env, rootDir: list.root });
  const { run, isNew, node, nodes, job } = positionOf(options);
  const files = campaignFiles(list);
  const paths = new Map(files.map((file) => [file.key, file.path]));
  const [head, branch] = await Promise.all([commitOf(list.root), testedBranch(list.root)]);
  const commit = head?.commit ?? null;
  const inputs = await readInputs(list.root, files, settingsOf(own, commit), run.rerun === 'person');
  const pipeline = pipelineName({
    packageName: await readPackageName(folders.projectDir),
    label: options.label?.value ?? null,
  });
  const { queue, isShared } = await openCampaignQueue(options, folders.projectDir);
  try {
    const plain = files.map(({ file }) => ({ file, part: null, estimate: 1, home: null }));
    const past = (await queue.estimates?.(pipeline, branch)) ?? [];
    const joined = await queue.join({
      ...{ pipeline: campaignPipeline(pipeline), runId: run.id, attempt: run.attempt, job, node, home: null },
      ...{ host: hostname(), token: randomUUID(), inputs, commit, branch, rerun: options.rerun.value, blob: null },
      digest: digestOf(files, inputs, head?.tree ?? null),
      changes: changesDigest(inputs.changed),
      // The longest are handed out first, as in the suite; nothing is known of durations where nothing is recorded.
      entries: estimateEntries(plain, past, 1, 'files').map((entry) => ({ ...entry, home: null })),
      limits: {
        ...DEFAULT_QUEUE_LIMITS,
        ...{ leaseMs: options.leaseSeconds.value * 1_000, maxFileMs: NO_FILE_LIMIT_MS, maxRetries: 0 },
      },
    });
    if (joined.sameNameSessions > 0) {
      printLine(
        `another node called ${node} is in run ${run.id}: this job was restarted, or two nodes have one name (--node-name)`,
      );
    }
    const { pipeline: ownPipeline } = joined.session;
    printLine(
      `node ${node} grinds files of the queue of ${countOf(files.length, 'file')} (run ${run.id} of ${ownPipeline}, seed ${own.seed})`,
    );
    if (isNew && isShared) {
      printLine('the run is new: to share its files with other machines, give all of them one --run-id and --nodes');
    }
    return {
      ...{ queue, nodes, files: files.length, session: joined.session },
      pathOf: (key) => paths.get(key),
      around: (file) => nextTo(file, [...paths.values()].sort()),
      toPortable: toPortable(folders.rootDir, folders.repositoryDir),
      close: () => queue.close(),
    };
  } catch (error) {
    await queue.close();
    throw error;
  }
}
