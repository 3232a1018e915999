/** Whether a run over several nodes of one machine passed, and what went wrong where. */
import { countOf } from '../terminal/format';

export interface NodeVerdict {
  /** 1-based. */
  readonly node: number;
  readonly state: 'passed' | 'failed' | 'killed';
  readonly filesRun: number;
  readonly filesPlanned: number;
  /** All tests that have a result, the failed ones among them. */
  readonly tests: number;
  readonly testsFailed: number;
  readonly durationMs: number;
  /** Null where the plan knew no durations. */
  readonly plannedMs: number | null;
  /** Null where a signal ended the node. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it has no end of its own, as a clause: `ran no tests: HOST_UNREACHABLE`. */
  readonly lost?: string;
}

export interface VerdictView {
  readonly nodes: readonly NodeVerdict[];
  /** From the first node's start to the last node's end. */
  readonly durationMs: number;
  /** What is wrong with the run beyond single nodes, a few words each: `2 tests ran twice`, `interrupted`. */
  readonly problems: readonly string[];
}

/**
 * Whether every node passed and ran exactly what was planned for it. Take the exit code from this too, so that it cannot
 * disagree with what is printed.
 */
export function hasPassed({ nodes, problems }: VerdictView): boolean {
  return problems.length === 0 && nodes.length > 0 && nodes.every((node) => problemOf(node) === null);
}

/** What follows on the node's name: `did not run 2 files`; null where the node did what was planned and passed. */
export function problemOf(node: NodeVerdict): string | null {
  if (node.lost !== undefined) return node.lost;
  const missing = node.filesPlanned - node.filesRun;
  const problems = [
    ...(node.signal !== null ? [`was killed by ${node.signal}`] : []),
    ...(node.signal === null && node.state === 'killed' ? ['was killed'] : []),
    ...(missing > 0 ? [`did not run ${countOf(missing, 'file')}`] : []),
    ...(missing < 0 ? [`ran ${countOf(-missing, 'file')} too many`] : []),
    ...(node.testsFailed > 0 ? [`has ${countOf(node.testsFailed, 'failed test')}`] : []),
  ];
  if (problems.length > 0) return problems.join(', ');
  if (node.exitCode === null) return 'ended without an exit code';
  if (node.exitCode !== 0) return `ended with exit code ${node.exitCode}`;
  return node.state === 'failed' ? 'failed' : null;
}
