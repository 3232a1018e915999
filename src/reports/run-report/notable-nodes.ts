/** Which nodes to show where there are too many. */
import type { ReportNode } from './run-report';

export function isWrong({ state, failedFiles, errors }: ReportNode): boolean {
  return (state !== 'complete' && state !== 'recovered') || failedFiles > 0 || errors.length > 0;
}

/** Of many nodes those that went wrong, then the slowest; in the order of their numbers. */
export function mostNotable(nodes: readonly ReportNode[], count: number): readonly ReportNode[] {
  if (nodes.length <= count) return nodes;
  return [...nodes]
    .sort((a, b) => Number(isWrong(b)) - Number(isWrong(a)) || (b.realMs ?? 0) - (a.realMs ?? 0))
    .slice(0, count)
    .sort((a, b) => a.number - b.number);
}
