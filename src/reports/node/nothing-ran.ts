/** The last words of a local run of which no node came to a file. */
import { listNodes } from '../../proof/finding';
import type { NodeVerdict } from '../run-report/verdict';

const endOf = ({ signal, exitCode, lost }: NodeVerdict): string => {
  if (lost !== undefined) return lost;
  if (signal !== null) return `killed by ${signal}`;
  return exitCode === null ? 'ended without an exit code' : `ended with exit code ${exitCode}`;
};

/** `No node ran a file: nodes 1 and 2 ended with exit code 1 before their first file.` */
export function nothingRanText(nodes: readonly NodeVerdict[]): string {
  const groups = new Map<string, number[]>();
  for (const node of nodes) groups.set(endOf(node), [...(groups.get(endOf(node)) ?? []), node.node]);
  const parts = [...groups].map(([end, numbers]) => {
    if (nodes.some(({ lost }) => lost === end)) return `${listNodes(numbers)} ${end}`;
    const was = end.startsWith('killed') ? (numbers.length === 1 ? 'was ' : 'were ') : '';
    return `${listNodes(numbers)} ${was}${end} before ${numbers.length === 1 ? 'its' : 'their'} first file`;
  });
  return `No node ran a file: ${parts.join('; ')}.`;
}
