/** The command that repeats a node's share. */
import type { Plan } from './plan';

export interface Repeat {
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** Null where nothing was placed. */
  readonly plan: Plan | null;
  /** Path of the plan that the nodes obeyed, as they were told it; then it says everything. */
  readonly planPath?: string | undefined;
  /** More flags that change the share, as words. */
  readonly flags?: readonly string[];
}

/**
 * Words of the command, unquoted. It carries the digest, so that a share that would be another one (other timings, other
 * files) stops with that message and does not pass for the one that failed.
 */
export function repeatWords({ node, nodes, plan, planPath, flags = [] }: Repeat): string[] {
  const words = ['npx', 'jest-distributed', 'run', '--nodes', String(nodes), '--node-number', String(node)];
  const hashBy =
    plan !== null && plan.hashBy !== 'file' && !flags.includes('--hash-by') ? ['--hash-by', plan.hashBy] : [];
  if (planPath !== undefined) return [...words, ...hashBy, '--plan', planPath];
  return [...words, ...hashBy, ...flags, ...(plan === null || nodes === 1 ? [] : ['--expect-digest', plan.digest])];
}
