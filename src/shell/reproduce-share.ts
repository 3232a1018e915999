/** The command that repeats a node's share. */
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
  const jestWords = repeatableWords(jestArgs);
  const hashBy = placing['hash-by'] ?? (plan === null || plan.hashBy === 'file' ? undefined : plan.hashBy);
  const flags = PLACING_FLAGS.flatMap((flag) => {
    const value = flag === 'hash-by' ? hashBy : planPath === null ? placing[flag] : undefined;
    return value === undefined ? [] : [`--${flag}`, value];
  });
  const exact =
    planPath !== null ? ['--plan', planPath] : plan === null || nodes === 1 ? [] : ['--expect-digest', plan.digest];
  const words = [
    ...['npx', 'jest-distributed', 'run', '--nodes', String(nodes), '--node-number', String(node)],
    ...flags,
    ...exact,
    ...(jestWords.length > 0 ? ['--', ...jestWords] : []),
  ];
  return words.map(inOneLine);
}
