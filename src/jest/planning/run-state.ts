/** What the sequencer found out: what this process runs, and why. */
import type { CallRecord, JobRecord } from '../../blob/blob';
import type { ConfigRecord } from '../../blob/tree-line';
import type { Folders } from '../../files/folders';
import type { NodeIdentity } from '../../node/identity';
import type { Options } from '../../options/resolve';
import type { PlanScope } from '../../plan/digest';
import type { TestFile } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import type { FileSelection } from '../../select/file-selection';
import type { RepeatRecord } from '../../shell/reproduce-tests';
import { channel } from '../channels/channel';
import type { JestTest } from '../host/jest-types';
import type { QueueConfig } from './queue-config';

/** Why this process runs what it runs. */
export type RunMode =
  /** This node's share of a plan. */
  | { readonly kind: 'share'; readonly plan: Plan }
  /** Whatever the nodes of a queue pull from it; the plan gives estimates, and homes where there is a fixed number of nodes. */
  | { readonly kind: 'queue'; readonly plan: Plan; readonly place: QueueConfig }
  /** The locally cached failures, unplaced: `--onlyFailures` works from a cache that differs from node to node. */
  | { readonly kind: 'local-failures' }
  /** Everything, because `disabled` says so; `source` is the flag or variable. */
  | { readonly kind: 'disabled'; readonly source: string }
  /** Everything, because Jest watches. */
  | { readonly kind: 'watch' };

/** How this node runs files of which it has only a part, or which several of its workers share. */
export interface Splitting {
  /** Absolute path; what `readSplitRecord` asks for. */
  readonly selectionFile: string;
  /** Keys of the split files of this node's share. */
  readonly files: Pick<ReadonlySet<string>, 'has'>;
  /** Shares of this node's workers in a file; empty where one runs it all. */
  readonly slicesOf: (file: TestFile) => readonly FileSelection[];
}

export interface RunState {
  readonly mode: RunMode;
  readonly identity: NodeIdentity;
  readonly options: Options;
  /** Folder that keys are relative to. */
  readonly root: string;
  readonly folders: Folders;
  readonly scope: PlanScope;
  readonly job: JobRecord;
  readonly call: CallRecord;
  /** For the commands that repeat what ran here. */
  readonly repeat: RepeatRecord;
  /** Every file Jest found, before selection. */
  readonly found: readonly TestFile[];
  /** Absolute paths, in the order of `found`. */
  readonly testPaths: readonly string[];
  /** Jest's config of each project, as it was before anything of ours changed it. */
  readonly configRecords: readonly ConfigRecord[];
  /** Files this process is to run; of a queue, those it may. */
  readonly share: readonly TestFile[];
  /** More that a person should know before the tests, a sentence each. */
  readonly notices: readonly (string | readonly string[])[];
  /** Null where every file of the share is whole. */
  readonly splitting: Splitting | null;
  /** The Test of every item of the queue, by `fileKey(file, part)`; null where there is no queue. */
  readonly queueItems: ReadonlyMap<string, JestTest> | null;
  /** Number of tests of each node, node 1 first, as far as the timings know them: null for a node of which they do not. */
  readonly testsPerNode: () => readonly (number | null)[];
  /** What Jest's absolute test paths are called in plans: `projectId + NUL + path` → file. */
  readonly fileOf: (test: {
    readonly path: string;
    readonly context: { readonly config: { readonly id: string } };
  }) => TestFile | undefined;
}

const state = channel<RunState | undefined>('run-state', () => undefined);

/** Called by the sequencer once the share is known; a watch re-run replaces it. */
export const publishRunState = state.publish;

/** The state of this run, or undefined where our sequencer is not in use. */
export const readRunState = state.read;
