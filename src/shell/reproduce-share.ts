/** The command that repeats a node's share, or what a node of a queue had. */
import { repeatableWords } from './jest-flags';
import { inOneLine } from './quote';

/** Flags that change a share, besides the number of nodes. */
export const PLACING_FLAGS = ['strategy', 'hash-by', 'split', 'whole', 'group', 'workers', 'timings'] as const;

export interface ShareToRepeat {
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** Null where nothing was placed. */
  readonly plan: { readonly hashBy: string; readonly digest: string } | null;
  /** Path of the plan that the nodes were given, as it was given; then it decides everything. */
  readonly planPath: string | null;
  /** Values of `PLACING_FLAGS` that somebody set, by flag. */
  readonly placing: Readonly<Record<string, string>>;
  /** All arguments that Jest had. */
  readonly jestArgs: readonly string[];
}

/**
 * Words of the command, unquoted; the first is `npx`. It carries the digest, so that a share that would be another one
 * (other timings, other files) stops with that message and does not pass for the one that failed.
 */
export function repeatShare({ node, nodes, plan, planPath, placing, jestArgs }: ShareToRepeat): string[] {
  const hashBy = placing['hash-by'] ?? (plan === null || plan.hashBy === 'file' ? undefined : plan.hashBy);
  const flags = planPath === null ? { ...placing, 'hash-by': hashBy } : { 'hash-by': hashBy };
  const exact =
    planPath !== null ? ['--plan', planPath] : plan === null || nodes === 1 ? [] : ['--expect-digest', plan.digest];
  return runWords([...numberWords(node, nodes), ...flagWords(flags), ...exact], jestArgs);
}

export interface QueueNodeToRepeat extends Pick<ShareToRepeat, 'node' | 'nodes' | 'placing' | 'jestArgs'> {
  readonly runId: string;
  /** Null where its number is its name. */
  readonly name: string | null;
  readonly label: string | null;
  /** Null where it is the default. */
  readonly schema: string | null;
  /** A greater one than before: only then what did not pass goes back into the queue. */
  readonly attempt: number;
}

/**
 * Words of the command that joins a run of the queue again and runs what this node had and did not pass. The database's
 * URL is not among them, as it may hold a password.
 */
export function repeatQueueNode(repeat: QueueNodeToRepeat): string[] {
  const { runId, node, nodes, name, label, schema, attempt, placing, jestArgs } = repeat;
  return runWords(
    [
      ...['--run-id', runId],
      ...(nodes > 1 ? numberWords(node, nodes) : []),
      ...(name === null ? [] : ['--node-name', name]),
      ...(label === null ? [] : ['--label', label]),
      ...(schema === null ? [] : ['--database-schema', schema]),
      ...flagWords(placing),
      ...['--attempt', String(attempt)],
    ],
    jestArgs,
  );
}

const numberWords = (node: number, nodes: number): string[] => [
  '--nodes',
  String(nodes),
  '--node-number',
  String(node),
];

const flagWords = (values: Readonly<Record<string, string | undefined>>): string[] =>
  PLACING_FLAGS.flatMap((flag) => {
    const value = values[flag];
    return value === undefined ? [] : [`--${flag}`, value];
  });

function runWords(words: readonly string[], jestArgs: readonly string[]): string[] {
  const jestWords = repeatableWords(jestArgs);
  const all = ['npx', 'jest-distributed', 'run', ...words, ...(jestWords.length > 0 ? ['--', ...jestWords] : [])];
  return all.map(inOneLine);
}
