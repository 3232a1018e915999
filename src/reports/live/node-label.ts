import { signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable } from '../terminal/text-width';
import type { LiveNode, LiveState } from './state';

/** Names of a queue's nodes may be those of machines. */
const NAME_WIDTH = 24;

/** @example 'node 3' */
export const nodeLabel = ({ name }: Pick<LiveNode, 'name'>, terminal: Terminal): string =>
  `node ${cutEnd(printable(name), NAME_WIDTH, signsOf(terminal).ellipsis)}`;

/** The same by number. */
export function nodeLabelOf({ nodes }: LiveState, number: number, terminal: Terminal): string {
  return nodeLabel(nodes.find((node) => node.number === number) ?? { name: String(number) }, terminal);
}
