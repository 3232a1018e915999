/**
 * The one table of options. Flags, environment variables, the check of the config file and docs/reference/options.md
 * are all made from it, so none of them can know an option that the others do not.
 *
 * An option is listed only once this release acts on it: a setting that is accepted and then ignored is a lie.
 */

import type { HostsSetting } from './hosts';

/** What a value may be; `value.ts` holds one parser for each kind. */
export type OptionType =
  | {
      readonly kind: 'integer';
      readonly min: number;
      readonly max?: number;
      /** A word that is accepted in place of a number. */
      readonly word?: string;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** Becomes one segment of a path, so it is restricted to characters that every file system takes. */
  | { readonly kind: 'name' }
  /** Any text that a line of a message can hold. */
  | { readonly kind: 'id' }
  | { readonly kind: 'path' }
  | { readonly kind: 'digest' }
  /** Whoever connects reads it, and never prints it whole: it may hold a password. */
  | { readonly kind: 'database-url' }
  /** Variables with a value for each worker: an object in a config file, elsewhere a list of `NAME=value`. */
  | { readonly kind: 'variables' }
  /** The path of a module, or a command. */
  | { readonly kind: 'hook' }
  /** Machines that ssh reaches, see hosts.ts. */
  | { readonly kind: 'hosts' }
  /** Several texts: an array in a config file, separated by commas elsewhere (not those inside braces), or a flag given often. */
  | { readonly kind: 'list'; readonly of: 'glob' | 'group' };

export interface OptionRow {
  /** Environment variable, always with the prefix `JEST_DISTRIBUTED_`. */
  readonly variable: string;
  /** Flag of the bin, without the dashes. */
  readonly flag: string;
  readonly type: OptionType;
  readonly description: string;
  /** What happens without it, as people read it. */
  readonly defaultText: string;
  /** The value without it, where that is a constant. */
  readonly default?: string | number | boolean;
  /**
   * `identity` differs from node to node or from run to run, so a config file, which all of them share, may not set it.
   * `secret` may not stand in a file that is committed, nor be printed.
   */
  readonly scope: 'identity' | 'project' | 'secret';
  /** Heading of the help that the flag stands under. */
  readonly group?: 'Queue' | 'Workers' | 'Hosts';
  /** Ends the remedy of a message about a wrong value. */
  readonly hint?: string;
}

export const optionTable = {
  nodes: {
    variable: 'JEST_DISTRIBUTED_NODES',
    flag: 'nodes',
    type: { kind: 'integer', min: 1, max: 10_000, word: 'auto' },
    description: "Number of nodes of the run, or `auto`: node and number of nodes from the CI's variables.",
    defaultText: 'the variables of CircleCI, Buildkite, Semaphore, Heroku CI or Bazel where they are set, else 1',
    scope: 'project',
  },
  nodeNumber: {
    variable: 'JEST_DISTRIBUTED_NODE_NUMBER',
    flag: 'node-number',
    type: { kind: 'integer', min: 1 },
    description: 'Which node this is, counted from 1.',
    defaultText: 'none',
    scope: 'identity',
    hint: 'For a CI that counts from 0 use JEST_DISTRIBUTED_NODE_INDEX (--node-index) instead.',
  },
  nodeIndex: {
    variable: 'JEST_DISTRIBUTED_NODE_INDEX',
    flag: 'node-index',
    type: { kind: 'integer', min: 0 },
    description:
      'Which node this is, counted from 0, as `strategy.job-index` of GitHub Actions does. Not with the node number.',
    defaultText: 'none',
    scope: 'identity',
  },
  disabled: {
    variable: 'JEST_DISTRIBUTED_DISABLED',
    flag: 'distributed-disabled',
    type: { kind: 'boolean' },
    description: 'Run everything here and ignore all other options.',
    defaultText: '`false`',
    default: false,
    scope: 'project',
  },
  hashBy: {
    variable: 'JEST_DISTRIBUTED_HASH_BY',
    flag: 'hash-by',
    type: { kind: 'choice', choices: ['file', 'suite', 'test', 'auto'] },
    description:
      'The unit of distribution: a whole `file`, a top-level `describe` (`suite`), a single `test`, or `auto`: files, and parts of those that are too heavy for one node.',
    defaultText: '`file`',
    default: 'file',
    scope: 'project',
  },
  strategy: {
    variable: 'JEST_DISTRIBUTED_STRATEGY',
    flag: 'strategy',
    type: { kind: 'choice', choices: ['ring', 'bounded-ring', 'sticky'] },
    description:
      'How nodes are chosen: `ring` by the path alone, `bounded-ring` with even loads, `sticky` with even loads and as few moves since the last run as possible.',
    defaultText: '`sticky` where the timings hold an assignment for this number of nodes, else `bounded-ring`',
    scope: 'project',
  },
  workers: {
    variable: 'JEST_DISTRIBUTED_WORKERS',
    flag: 'workers',
    type: { kind: 'integer', min: 1, max: 10_000 },
    description: 'Number of Jest workers that a node is planned with, the same on all nodes.',
    defaultText: 'what the timings recorded, else 1',
    scope: 'project',
  },
  timings: {
    variable: 'JEST_DISTRIBUTED_TIMINGS',
    flag: 'timings',
    type: { kind: 'path' },
    description: 'File with the durations of past runs. All nodes need the same content.',
    defaultText:
      '`.jest-distributed/timings.json` in the project folder where git tracks it and it is unmodified, else none',
    scope: 'project',
  },
  label: {
    variable: 'JEST_DISTRIBUTED_LABEL',
    flag: 'label',
    type: { kind: 'name' },
    description: 'Name of this Jest run where one CI run has several, such as `unit` and `integration`.',
    defaultText: 'none',
    scope: 'project',
  },
  expectDigest: {
    variable: 'JEST_DISTRIBUTED_EXPECT_DIGEST',
    flag: 'expect-digest',
    type: { kind: 'digest' },
    description:
      'Stop before any test if the plan has another digest. Its first digits are enough: logs show 8 of them, `plan` shows 16.',
    defaultText: 'none',
    scope: 'project',
  },
  reportDir: {
    variable: 'JEST_DISTRIBUTED_REPORT_DIR',
    flag: 'report-dir',
    type: { kind: 'path' },
    description: 'Folder for the blobs that the nodes write.',
    defaultText: '`.jest-distributed/report` in the project folder',
    default: '.jest-distributed/report',
    scope: 'project',
  },
  runId: {
    variable: 'JEST_DISTRIBUTED_RUN_ID',
    flag: 'run-id',
    type: { kind: 'id' },
    description: 'Name of the run, equal on all its nodes.',
    defaultText: "the CI's id of the pipeline, workflow or build, else `local`",
    scope: 'identity',
  },
  attempt: {
    variable: 'JEST_DISTRIBUTED_ATTEMPT',
    flag: 'attempt',
    type: { kind: 'integer', min: 1 },
    description: 'Attempt number of this run, counted from 1.',
    defaultText: "the CI's count where it has one, else 1",
    scope: 'identity',
  },
  plan: {
    variable: 'JEST_DISTRIBUTED_PLAN',
    flag: 'plan',
    type: { kind: 'path' },
    description: 'Plan file from `jest-distributed plan --out`, used instead of computing a plan.',
    defaultText: 'none',
    scope: 'project',
  },
  split: {
    variable: 'JEST_DISTRIBUTED_SPLIT',
    flag: 'split',
    type: { kind: 'list', of: 'glob' },
    description:
      'Files that may be split over nodes even with `hashBy: file`, as globs relative to `rootDir`. The pragma `@jest-distributed split` in a comment at the top of a file does the same.',
    defaultText: 'none',
    scope: 'project',
  },
  whole: {
    variable: 'JEST_DISTRIBUTED_WHOLE',
    flag: 'whole',
    type: { kind: 'list', of: 'glob' },
    description:
      'Files that are never split, as globs relative to `rootDir`. The pragma `@jest-distributed whole` in a file does the same.',
    defaultText: 'none',
    scope: 'project',
  },
  group: {
    variable: 'JEST_DISTRIBUTED_GROUP',
    flag: 'group',
    type: { kind: 'list', of: 'group' },
    description:
      'Files that must all run on one node, as `name=glob`. The pragma `@jest-distributed group <name>` in a file does the same. Files of a group are never split.',
    defaultText: 'none',
    scope: 'project',
  },
  splitLocal: {
    variable: 'JEST_DISTRIBUTED_SPLIT_LOCAL',
    flag: 'split-local',
    type: { kind: 'boolean' },
    description:
      "Run the parts of a split file that are this node's in several workers at once. Only where `hashBy` is not `file`, and snapshots are not written (`--ci`).",
    defaultText: '`true`; `--no-split-local` stops it',
    default: true,
    scope: 'project',
  },
  env: {
    variable: 'JEST_DISTRIBUTED_ENV',
    flag: 'worker-env',
    type: { kind: 'variables' },
    description:
      'Variables for the tests, with a value for each worker: `{slot}`, `{worker}`, `{node}`, `{nodes}`, `{run}` and sums such as `{4000+slot}`. In a config file an object, such as `{"PORT": "{4000+slot}"}`.',
    defaultText: 'none',
    scope: 'project',
    group: 'Workers',
  },
  nodeSetup: {
    variable: 'JEST_DISTRIBUTED_NODE_SETUP',
    flag: 'node-setup',
    type: { kind: 'hook' },
    description:
      'Runs once on each node, before its tests: a module (`./setup-node.mjs`) or a shell command. All workers of the node get the variables it returns.',
    defaultText: 'none',
    scope: 'project',
    group: 'Workers',
  },
  nodeTeardown: {
    variable: 'JEST_DISTRIBUTED_NODE_TEARDOWN',
    flag: 'node-teardown',
    type: { kind: 'hook' },
    description: 'Runs once on each node after its tests, whether they pass, fail or are aborted.',
    defaultText: 'none',
    scope: 'project',
    group: 'Workers',
  },
  workerSetup: {
    variable: 'JEST_DISTRIBUTED_WORKER_SETUP',
    flag: 'worker-setup',
    type: { kind: 'hook' },
    description:
      'Runs once for each Jest worker of a node, before its first file: a module or a shell command. That worker gets the variables it returns.',
    defaultText: 'none',
    scope: 'project',
    group: 'Workers',
  },
  workerTeardown: {
    variable: 'JEST_DISTRIBUTED_WORKER_TEARDOWN',
    flag: 'worker-teardown',
    type: { kind: 'hook' },
    description: 'Runs once for each Jest worker after the tests of its node, whether they pass, fail or are aborted.',
    defaultText: 'none',
    scope: 'project',
    group: 'Workers',
  },
  hookSeconds: {
    variable: 'JEST_DISTRIBUTED_HOOK_SECONDS',
    flag: 'hook-seconds',
    type: { kind: 'integer', min: 1, max: 86_400 },
    description: 'How long a hook, or the set-up or teardown of a fixture, may take before the node fails.',
    defaultText: '120',
    default: 120,
    scope: 'project',
    group: 'Workers',
  },
  slotDir: {
    variable: 'JEST_DISTRIBUTED_SLOT_DIR',
    flag: 'slot-dir',
    type: { kind: 'path' },
    description:
      'Folder in which all runs on this host record the slots in use; a slot is a number that only one worker of the host has at a time. All users whose tests share ports or servers must use the same folder.',
    defaultText: '`/tmp/jest-distributed-slots`; on Windows `jest-distributed-slots` in `%ProgramData%`',
    scope: 'project',
    group: 'Workers',
  },
  hosts: {
    variable: 'JEST_DISTRIBUTED_HOSTS',
    flag: 'hosts',
    type: { kind: 'hosts' },
    description:
      'Machines that ssh reaches, on which `run --hosts` runs the tests. A config file may say more of each: an object with `targets` (names, or objects with `target`), and for one or all of them `workers`, `directory`, `path`, `env` and `install`; for all of them `copy` and `sshConfig`. What a config file names is used where the flag says so: `--hosts all`, or by name.',
    defaultText: 'none',
    scope: 'project',
    group: 'Hosts',
  },
  databaseUrl: {
    variable: 'JEST_DISTRIBUTED_DATABASE_URL',
    flag: 'database-url',
    type: { kind: 'database-url' },
    description:
      'PostgreSQL database from whose queue the nodes pull files until none is left, such as `postgres://user:password@host:5432/database`. Prefer the variable: other users of a machine can see flags.',
    defaultText: 'none: every node runs a share that is known before the run',
    scope: 'secret',
    group: 'Queue',
  },
  databaseSchema: {
    variable: 'JEST_DISTRIBUTED_DATABASE_SCHEMA',
    flag: 'database-schema',
    type: { kind: 'name' },
    description: "Schema of the database that holds the queue's tables.",
    defaultText: '`jest_distributed`',
    default: 'jest_distributed',
    scope: 'project',
    group: 'Queue',
  },
  nodeName: {
    variable: 'JEST_DISTRIBUTED_NODE_NAME',
    flag: 'node-name',
    type: { kind: 'name' },
    description:
      'Name of this node in the queue. A re-run of the same CI job must have the same name; nodes that run at the same time must have different ones.',
    defaultText: 'the number of the node where there is one, else the name of the machine',
    scope: 'identity',
    group: 'Queue',
  },
  maxRetries: {
    variable: 'JEST_DISTRIBUTED_MAX_RETRIES',
    flag: 'max-retries',
    type: { kind: 'integer', min: 0, max: 100 },
    description:
      'How often a file that failed is run again, on another node where there is one. A file that then passes is reported as flaky.',
    defaultText: '0',
    default: 0,
    scope: 'project',
    group: 'Queue',
  },
  rerun: {
    variable: 'JEST_DISTRIBUTED_RERUN',
    flag: 'rerun',
    type: { kind: 'choice', choices: ['failed', 'all'] },
    description:
      'What a re-run of a CI job runs again: the files of this node that did not pass (`failed`), or all of its files (`all`). The other results are taken from the database.',
    defaultText: '`failed`',
    default: 'failed',
    scope: 'identity',
    group: 'Queue',
  },
  leaseSeconds: {
    variable: 'JEST_DISTRIBUTED_LEASE_SECONDS',
    flag: 'lease-seconds',
    type: { kind: 'integer', min: 2, max: 3600 },
    description:
      'Seconds without a heartbeat after which a node counts as dead and other nodes run its files. The first node of a run sets it for all.',
    defaultText: '30',
    default: 30,
    scope: 'project',
    group: 'Queue',
  },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof optionTable;

/** Names in the order of the table. */
export const optionNames = Object.keys(optionTable) as OptionName[];

/** The row of an option, without the literal types of the table. */
export function optionRow(name: OptionName): OptionRow {
  return optionTable[name];
}

type ValueOfType<T extends OptionType> = T extends { kind: 'integer'; word: infer Word }
  ? number | Word
  : T extends { kind: 'integer' }
    ? number
    : T extends { kind: 'boolean' }
      ? boolean
      : T extends { kind: 'choice'; choices: readonly (infer Choice)[] }
        ? Choice
        : T extends { kind: 'list' }
          ? readonly string[]
          : T extends { kind: 'variables' }
            ? Readonly<Record<string, string>>
            : T extends { kind: 'hosts' }
              ? HostsSetting
              : string;

/** The type of an option's value: `number | 'auto'` for `nodes`. */
export type OptionValue<Name extends OptionName> = ValueOfType<(typeof optionTable)[Name]['type']>;
